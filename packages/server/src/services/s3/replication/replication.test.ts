import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketReplicationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type ReplicationRule,
  type S3Client,
} from "@aws-sdk/client-s3";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { ACCOUNT, pathStyle, policyOf, s3World, type S3World } from "../../../../test/s3-world.ts";

const TARGET_REGION = "eu-west-1";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/replicator`;

/** What the role may. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html */
const RIGHTS = [
  { Effect: "Allow", Action: ["s3:GetReplicationConfiguration", "s3:ListBucket"], Resource: "arn:aws:s3:::photos" },
  {
    Effect: "Allow",
    Action: ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
    Resource: "arn:aws:s3:::photos/*",
  },
  {
    Effect: "Allow",
    Action: ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
    Resource: "arn:aws:s3:::copies/*",
  },
];

interface Replicated extends S3World {
  /** A client in the region of the copies. */
  readonly there: S3Client;
}

const rule = (more: Partial<ReplicationRule> = {}): ReplicationRule => ({
  ID: "all",
  Priority: 1,
  Filter: { Prefix: "" },
  Status: "Enabled",
  DeleteMarkerReplication: { Status: "Disabled" },
  Destination: { Bucket: "arn:aws:s3:::copies" },
  ...more,
});

const enable = (Bucket: string) =>
  new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } });

async function replicated(
  rules: ReplicationRule[] = [rule()],
  rights: readonly object[] = RIGHTS,
  service = "s3.amazonaws.com",
): Promise<Replicated> {
  const world = await s3World();
  const { s3, cloud, bucket } = world;
  const there = pathStyle(cloud, cloud.rootOf(ACCOUNT), { region: TARGET_REGION });
  const CreateBucketConfiguration = { LocationConstraint: TARGET_REGION } as const;
  await there.send(new CreateBucketCommand({ Bucket: "copies", CreateBucketConfiguration }));
  await s3.send(enable(bucket));
  await there.send(enable("copies"));
  const iam = cloud.client(IAMClient, cloud.rootOf(ACCOUNT));
  const trust = { Effect: "Allow", Principal: { Service: service }, Action: "sts:AssumeRole" };
  await iam.send(new CreateRoleCommand({ RoleName: "replicator", AssumeRolePolicyDocument: policyOf(trust) }));
  const PolicyDocument = policyOf(...rights);
  await iam.send(new PutRolePolicyCommand({ RoleName: "replicator", PolicyName: "copy", PolicyDocument }));
  await s3.send(
    new PutBucketReplicationCommand({ Bucket: bucket, ReplicationConfiguration: { Role: ROLE, Rules: rules } }),
  );
  return { ...world, there };
}

const status = async (s3: S3Client, Bucket: string, Key: string) =>
  (await s3.send(new HeadObjectCommand({ Bucket, Key }))).ReplicationStatus;

const versionsOf = async (s3: S3Client, Bucket: string) => s3.send(new ListObjectVersionsCommand({ Bucket }));

test("an object has its copy in the other region a moment later, with the same version, time and metadata", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated();
  const { VersionId, ETag } = await s3.send(
    new PutObjectCommand({ Bucket, Key: "a", Body: "hello", Metadata: { mood: "fine" }, Tagging: "team=red" }),
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
  expect(await status(s3, Bucket, "a")).toBe("PENDING");
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("COMPLETED");
  const source = await s3.send(new HeadObjectCommand({ Bucket, Key: "a" }));
  const copy = await there.send(new GetObjectCommand({ Bucket: "copies", Key: "a" }));
  expect(await copy.Body?.transformToString()).toBe("hello");
  expect(copy).toMatchObject({
    VersionId,
    ETag,
    Metadata: { mood: "fine" },
    ReplicationStatus: "REPLICA",
    LastModified: source.LastModified,
  });
  const tags = await there.send(new GetObjectTaggingCommand({ Bucket: "copies", Key: "a" }));
  expect(tags.TagSet).toEqual([{ Key: "team", Value: "red" }]);
});

test("a large object is replicated as well, and outlives its source", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated();
  const Body = Buffer.alloc(300_000, "x");
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "big", Body }));
  await cloud.clock.advance(60);
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "big", VersionId }));
  const copy = await there.send(new GetObjectCommand({ Bucket: "copies", Key: "big" }));
  expect(await copy.Body?.transformToByteArray()).toEqual(new Uint8Array(Body));
});

test("objects from before the rule, and those it is not about, stay alone", async () => {
  const tagged = rule({ Filter: { And: { Prefix: "in/", Tags: [{ Key: "copy", Value: "yes" }] } } });
  const { s3, there, cloud, bucket: Bucket } = await replicated([tagged]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "in/a", Body: "1", Tagging: "copy=yes" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "in/b", Body: "1" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "out/a", Body: "1", Tagging: "copy=yes" }));
  await cloud.clock.advance(60);
  const { Versions = [] } = await versionsOf(there, "copies");
  expect(Versions.map(({ Key }) => Key)).toEqual(["in/a"]);
  expect(await status(s3, Bucket, "in/b")).toBeUndefined();
});

test("delete markers are replicated where the rule says so, deletions of versions never", async () => {
  const {
    s3,
    there,
    cloud,
    bucket: Bucket,
  } = await replicated([rule({ DeleteMarkerReplication: { Status: "Enabled" } })]);
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  const marker = await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a", VersionId }));
  await cloud.clock.advance(60);
  const { Versions = [], DeleteMarkers = [] } = await versionsOf(there, "copies");
  expect(DeleteMarkers.map((each) => [each.VersionId, each.IsLatest])).toEqual([[marker.VersionId, true]]);
  expect(Versions.map((each) => [each.VersionId, each.IsLatest])).toEqual([[VersionId, false]]);
});

test("rules of the newer schema leave delete markers alone unless told otherwise", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated();
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
  await cloud.clock.advance(60);
  expect((await versionsOf(there, "copies")).DeleteMarkers).toBeUndefined();
});

test("tags that are changed later change on the copy", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated();
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  const Tagging = { TagSet: [{ Key: "team", Value: "blue" }] };
  await s3.send(new PutObjectTaggingCommand({ Bucket, Key: "a", Tagging }));
  expect(await status(s3, Bucket, "a")).toBe("PENDING");
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("COMPLETED");
  const tags = await there.send(new GetObjectTaggingCommand({ Bucket: "copies", Key: "a" }));
  expect(tags.TagSet).toEqual(Tagging.TagSet);
});

test("versions of one key stand in the order in which they were made", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated();
  const made: (string | undefined)[] = [];
  for (const Body of ["1", "2", "3"]) {
    made.unshift((await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body }))).VersionId);
  }
  await cloud.clock.advance(60);
  const { Versions = [] } = await versionsOf(there, "copies");
  expect(Versions.map(({ VersionId }) => VersionId)).toEqual(made);
  expect(Versions.map(({ IsLatest }) => IsLatest)).toEqual([true, false, false]);
});

test("where the role may not write there, the status says that it failed", async () => {
  const { s3, there, cloud, bucket: Bucket } = await replicated([rule()], RIGHTS.slice(0, 2));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("FAILED");
  expect((await versionsOf(there, "copies")).Versions).toBeUndefined();
});

test("a role that does not trust S3 copies nothing", async () => {
  const { s3, cloud, bucket: Bucket } = await replicated([rule()], RIGHTS, "ec2.amazonaws.com");
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("FAILED");
});

test("copies can have another storage class", async () => {
  const Destination = { Bucket: "arn:aws:s3:::copies", StorageClass: "STANDARD_IA" } as const;
  const { s3, there, cloud, bucket: Bucket } = await replicated([rule({ Destination })]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  const copy = await there.send(new HeadObjectCommand({ Bucket: "copies", Key: "a" }));
  expect(copy.StorageClass).toBe("STANDARD_IA");
});

test("two buckets that copy each other do so once", async () => {
  const {
    s3,
    there,
    cloud,
    bucket: Bucket,
  } = await replicated(undefined, [{ Effect: "Allow", Action: "s3:*", Resource: "*" }]);
  const back = rule({ Destination: { Bucket: `arn:aws:s3:::${Bucket}` } });
  const ReplicationConfiguration = { Role: ROLE, Rules: [back] };
  await there.send(new PutBucketReplicationCommand({ Bucket: "copies", ReplicationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await there.send(new PutObjectCommand({ Bucket: "copies", Key: "b", Body: "1" }));
  await cloud.clock.advance(60);
  expect([await status(s3, Bucket, "a"), await status(there, "copies", "a")]).toEqual(["COMPLETED", "REPLICA"]);
  expect([await status(s3, Bucket, "b"), await status(there, "copies", "b")]).toEqual(["REPLICA", "COMPLETED"]);
  expect((await versionsOf(s3, Bucket)).Versions).toHaveLength(2);
});

test("with modifications of replicas, tags that change on the copy come back", async () => {
  const {
    s3,
    there,
    cloud,
    bucket: Bucket,
  } = await replicated(undefined, [{ Effect: "Allow", Action: "s3:*", Resource: "*" }]);
  const back = rule({
    Destination: { Bucket: `arn:aws:s3:::${Bucket}` },
    SourceSelectionCriteria: { ReplicaModifications: { Status: "Enabled" } },
  });
  const ReplicationConfiguration = { Role: ROLE, Rules: [back] };
  await there.send(new PutBucketReplicationCommand({ Bucket: "copies", ReplicationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  const Tagging = { TagSet: [{ Key: "seen", Value: "yes" }] };
  await there.send(new PutObjectTaggingCommand({ Bucket: "copies", Key: "a", Tagging }));
  await cloud.clock.advance(60);
  const tags = await s3.send(new GetObjectTaggingCommand({ Bucket, Key: "a" }));
  expect(tags.TagSet).toEqual(Tagging.TagSet);
  expect(await status(there, "copies", "a")).toBe("REPLICA");
});
