/**
 * Managed policies, an account's own and AWS's, as the things that point at them need them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_managed-vs-inline.html
 */
import { parseAccountId, parseArn, type Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import {
  boundaryNotAttachable,
  invalidArn,
  notArn,
  policyNotAttachable,
  policyNotFound,
  serviceRolePolicy,
} from "../errors.ts";
import { keyOfName, type Place } from "../path.ts";
import type { Attachable } from "./attachment.ts";
import { awsDocument, findAwsPolicy, type AwsPolicy } from "./aws.ts";

/** What an account's own policy and AWS's have in common. */
export interface PolicyFacts extends Place {
  readonly arn: Arn;
  /** `ANPA…`. */
  readonly id: string;
  readonly description: string | undefined;
  /** 3 stands for `v3`. */
  readonly defaultVersion: number;
  readonly createdAtMs: number;
  /** When the newest version was made. */
  readonly updatedAtMs: number;
  readonly tags: Tags;
}

export interface CustomerPolicy extends PolicyFacts {
  readonly owner: "customer";
  /** The text of the default version, so that a decision reads one row. */
  readonly document: string;
  /** The highest number ever given: a deleted version's does not come back. */
  readonly lastVersion: number;
}

export type ManagedPolicy = CustomerPolicy | AwsPolicy;

export const policies = table<CustomerPolicy>("iam.policy", "account", ({ name }) => [keyOfName(name)]);

/** Policies for roles of services lie here; nobody else can have them. */
const SERVICE_ROLE_PATH = "/aws-service-role/";

/** The policy of that ARN, whichever account it belongs to. */
export async function findPolicy(arn: string, tx: Transaction): Promise<ManagedPolicy | undefined> {
  const account = parseAccountId(parseArn(arn)?.account ?? "");
  if (account === undefined) return findAwsPolicy(arn);
  const policy = await tx.in({ account }).get(policies, keyOfName(arn.slice(arn.lastIndexOf("/") + 1)));
  return policy?.arn === arn ? policy : undefined;
}

/** The text of the default version. */
export const documentOf = async (policy: ManagedPolicy): Promise<string> =>
  policy.owner === "aws" ? awsDocument(policy) : policy.document;

/**
 * A policy that this account may use: its own or one of AWS's.
 *
 * @throws {AwsError} `ValidationError`, `InvalidInput`, `NoSuchEntity`
 */
export async function requirePolicy(arn: string, context: Context, notFound = policyNotFound): Promise<ManagedPolicy> {
  const policy = await findUsable(arn, context);
  if (!policy) throw notFound(arn);
  return policy;
}

/** @throws {AwsError} `InvalidInput`, `NoSuchEntity`, `PolicyNotAttachable` */
export async function requireAttachable(arn: string, context: Context): Promise<Attachable> {
  const policy = await findUsable(arn, context);
  if (!policy) throw policyNotAttachable(arn);
  if (policy.path.startsWith(SERVICE_ROLE_PATH)) throw serviceRolePolicy();
  return policy;
}

/** The policy as a permissions boundary.
 *
 * @throws {AwsError} `InvalidInput`, `NoSuchEntity`, `PolicyNotAttachable`
 */
export async function requireBoundary(arn: string, context: Context): Promise<Attachable> {
  const policy = await findUsable(arn, context);
  if (!policy) throw boundaryNotAttachable(arn);
  if (policy.path.startsWith(SERVICE_ROLE_PATH)) throw serviceRolePolicy();
  return policy;
}

async function findUsable(arn: string, { tx, account }: Context): Promise<ManagedPolicy | undefined> {
  const parts = parseArn(arn);
  if (parts === undefined) throw notArn(arn);
  if (parts.service !== "iam" || !parts.resource.startsWith("policy/")) throw invalidArn(arn);
  return parts.account === "aws" || parts.account === account ? findPolicy(arn, tx) : undefined;
}
