/**
 * Keys that AWS makes and manages in an account for its services, each when it is first asked for.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html#aws-managed-key
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import { putAlias } from "../alias/row.ts";
import { makeSecret, putFirstMaterial } from "../material/material.ts";
import { homeOf, keys, type Key } from "./row.ts";
import { MANAGED_ROTATION_DAYS } from "../limits.ts";

const PREFIX = "alias/aws/";

interface Managed {
  readonly description: string;
  /** As `kms:ViaService` begins. */
  readonly via: string;
}

/** By the name behind `alias/aws/`. */
const MANAGED: Readonly<Record<string, Managed>> = {
  acm: managed("ACM private keys", "acm"),
  backup: managed("backups", "backup"),
  codecommit: managed("CodeCommit repositories", "codecommit"),
  dms: managed("DMS", "dms"),
  dynamodb: managed("DynamoDB", "dynamodb"),
  ebs: managed("EBS volumes", "ec2"),
  elasticfilesystem: managed("EFS filesystems", "elasticfilesystem"),
  es: managed("Elasticsearch data", "es"),
  fsx: managed("FSx resources", "fsx"),
  glue: managed("Glue metadata", "glue"),
  kinesis: managed("Kinesis streams", "kinesis"),
  lambda: managed("Lambda data", "lambda"),
  rds: managed("RDS database volumes", "rds"),
  redshift: managed("Redshift clusters", "redshift"),
  s3: managed("S3 objects", "s3"),
  secretsmanager: managed("Secrets Manager secrets", "secretsmanager"),
  sns: managed("SNS topics", "sns"),
  sqs: managed("SQS messages", "sqs"),
  ssm: managed("SSM secure parameters", "ssm"),
  xray: managed("X-Ray data", "xray"),
};

function managed(what: string, via: string): Managed {
  return { description: `Default key that protects my ${what} when no other key is defined`, via };
}

type Place = Pick<Key, "account" | "region" | "partition">;

/** The key that `alias/aws/…` stands for; made where it is not there yet, and `undefined` where there is no such service. */
export async function findManagedKey(alias: string, place: Place, context: Context): Promise<Key | undefined> {
  const name = alias.startsWith(PREFIX) ? alias.slice(PREFIX.length) : "";
  const facts = findOwn(MANAGED, name);
  if (facts === undefined || place.account !== context.account) return undefined;
  const { tx } = context;
  const nowMs = context.now().getTime();
  const id = context.newId();
  const key: Key = {
    id,
    ...place,
    createdAtMs: nowMs,
    description: facts.description,
    spec: "SYMMETRIC_DEFAULT",
    usage: "ENCRYPT_DECRYPT",
    origin: "AWS_KMS",
    manager: "AWS",
    state: { kind: "Enabled" },
    policy: { kind: "pinned", document: policyOf(name, facts, place), accounts: {} },
    tags: {},
    rotation: { periodDays: MANAGED_ROTATION_DAYS, nextAtMs: nowMs + MANAGED_ROTATION_DAYS * DAY_MS },
  };
  const home = homeOf(place, tx);
  const whole = { ...key, materialId: putFirstMaterial(key, makeSecret(32), context) };
  home.put(keys, whole);
  await putAlias({ name: alias, keyId: id, createdAtMs: nowMs, updatedAtMs: nowMs }, undefined, home);
  context.at(nowMs + MANAGED_ROTATION_DAYS * DAY_MS, "rotate", id);
  return whole;
}

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-viewing.html (the policy of an AWS managed key) */
function policyOf(name: string, { via }: Managed, { account, region, partition }: Place): string {
  return JSON.stringify({
    Version: "2012-10-17",
    Id: `auto-${name}-1`,
    Statement: [
      {
        Sid: `Allow access through ${via} for all principals in the account that are authorized to use it`,
        Effect: "Allow",
        Principal: { AWS: "*" },
        Action: [
          "kms:Encrypt",
          "kms:Decrypt",
          "kms:ReEncrypt*",
          "kms:GenerateDataKey*",
          "kms:CreateGrant",
          "kms:DescribeKey",
        ],
        Resource: "*",
        Condition: {
          StringEquals: { "kms:ViaService": `${via}.${region}.amazonaws.com`, "kms:CallerAccount": account },
        },
      },
      {
        Sid: "Allow direct access to key metadata to the account",
        Effect: "Allow",
        Principal: { AWS: `arn:${partition}:iam::${account}:root` },
        Action: ["kms:Describe*", "kms:Get*", "kms:List*", "kms:RevokeGrant"],
        Resource: "*",
      },
    ],
  });
}

/** The names of the aliases that every account has, whether their keys are there or not. */
export const managedAliasNames = (): readonly string[] => Object.keys(MANAGED).map((name) => PREFIX + name);
