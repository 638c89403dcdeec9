/** A bucket whose objects S3 copies into a bucket of another region, and of another account if that is asked for. */
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  type ReplicationRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import { ACCOUNT, pathStyle, policyOf, s3World, type S3World } from "./s3-world.ts";
import type { TestCloud } from "./test-cloud.ts";

export const TARGET_REGION = "eu-west-1";
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/replicator`;

export interface Replicated extends S3World {
  /** A client of the owner of the copies, in their region. */
  readonly there: S3Client;
  readonly configure: (rules: ReplicationRule[]) => Promise<unknown>;
  /** Gives the role these rights, and no others. */
  readonly allow: (statements: readonly object[]) => Promise<unknown>;
}

export interface ReplicatedOptions {
  readonly rules?: ReplicationRule[];
  /** Of the role; those that AWS names where left out. */
  readonly rights?: readonly object[];
  /** Who may assume the role. */
  readonly trusted?: string;
  /** For which bucket alone, by its ARN. */
  readonly trustedFor?: string;
  /** Whose the bucket of the copies is. */
  readonly owner?: string;
  readonly cloud?: TestCloud;
  /** Whether the bucket of the copies takes locks. */
  readonly locks?: boolean;
}

/** What the role needs. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
export const rightsOf = (target: string): readonly object[] => [
  { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "arn:aws:s3:::photos" },
  {
    Effect: "Allow",
    Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
    Resource: "arn:aws:s3:::photos/*",
  },
  {
    Effect: "Allow",
    Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
    Resource: `arn:aws:s3:::${target}/*`,
  },
];

export const rule = (more: Partial<ReplicationRule> = {}): ReplicationRule => ({
  ID: "all",
  Priority: 1,
  Filter: { Prefix: "" },
  Status: "Enabled",
  DeleteMarkerReplication: { Status: "Disabled" },
  Destination: { Bucket: "arn:aws:s3:::copies" },
  ...more,
});

export async function replicated(options: ReplicatedOptions = {}): Promise<Replicated> {
  const { rules = [rule()], rights = rightsOf("copies"), trusted = "s3.amazonaws.com", owner = ACCOUNT } = options;
  const world = await s3World("photos", options.cloud);
  const { s3, cloud, bucket } = world;
  const there = pathStyle(cloud, cloud.rootOf(owner), { region: TARGET_REGION });
  const CreateBucketConfiguration = { LocationConstraint: TARGET_REGION } as const;
  const ObjectLockEnabledForBucket = options.locks === true;
  await there.send(
    new CreateBucketCommand({ Bucket: "copies", CreateBucketConfiguration, ObjectLockEnabledForBucket }),
  );
  await s3.send(enable(bucket));
  await there.send(enable("copies"));
  const iam = cloud.client(IAMClient, cloud.rootOf(ACCOUNT));
  const { trustedFor } = options;
  const trust = {
    Effect: "Allow",
    Principal: { Service: trusted },
    Action: "sts:AssumeRole",
    ...(trustedFor !== undefined && { Condition: { ArnEquals: { "aws:SourceArn": trustedFor } } }),
  };
  await iam.send(new CreateRoleCommand({ RoleName: "replicator", AssumeRolePolicyDocument: policyOf(trust) }));
  const allow = (statements: readonly object[]) => {
    const PolicyDocument = policyOf(...statements);
    return iam.send(new PutRolePolicyCommand({ RoleName: "replicator", PolicyName: "copy", PolicyDocument }));
  };
  const configure = (Rules: ReplicationRule[]) =>
    s3.send(new PutBucketReplicationCommand({ Bucket: bucket, ReplicationConfiguration: { Role: ROLE, Rules } }));
  await allow(rights);
  if (rules.length > 0) await configure(rules);
  return { ...world, there, configure, allow };
}

const enable = (Bucket: string) =>
  new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } });

/** What is told of the copies of an object, or that it is one. */
export const status = async (s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> =>
  (await s3.send(new HeadObjectCommand({ Bucket, Key }))).ReplicationStatus;
