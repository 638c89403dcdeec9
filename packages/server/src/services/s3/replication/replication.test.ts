import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketReplicationCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { receivers } from "../../../../test/receivers.ts";
import { replicated, rightsOf, ROLE, rule, status } from "../../../../test/replicated-world.ts";

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
  const { s3, there, cloud, bucket: Bucket } = await replicated({ rules: [tagged] });
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
  } = await replicated({ rules: [rule({ DeleteMarkerReplication: { Status: "Enabled" } })] });
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
  const { s3, there, cloud, bucket: Bucket } = await replicated({ rights: rightsOf("copies").slice(0, 2) });
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("FAILED");
  expect((await versionsOf(there, "copies")).Versions).toBeUndefined();
  const [why] = await cloud.cloud.journal.find({
    limit: 1,
    matches: ({ operation }) => operation === "ReplicateObject",
  });
  expect(why).toMatchObject({
    userIdentity: { type: "AssumedRole", invokedBy: "s3.amazonaws.com" },
    error: {
      message: expect.stringContaining("because no identity-based policy allows the s3:ReplicateObject action"),
    },
  });
});

test("a role that does not trust S3 copies nothing", async () => {
  const { s3, cloud, bucket: Bucket } = await replicated({ trusted: "ec2.amazonaws.com" });
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe("FAILED");
});

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html (aws:SourceArn) */
test.each([
  ["photos", "COMPLETED"],
  ["others", "FAILED"],
])("a role may trust S3 for one bucket alone: %s", async (name, outcome) => {
  const { s3, cloud, bucket: Bucket } = await replicated({ trustedFor: `arn:aws:s3:::${name}` });
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  expect(await status(s3, Bucket, "a")).toBe(outcome);
});

test("who asked for it is told of a failure, with its reason", async () => {
  const { cloud: given, records } = await receivers();
  const measured = rule({ Destination: { Bucket: "arn:aws:s3:::copies", Metrics: { Status: "Enabled" } } });
  const world = await replicated({ rules: [measured], rights: rightsOf("copies").slice(0, 2), cloud: given });
  const { s3, cloud, bucket: Bucket } = world;
  const QueueArn = "arn:aws:sqs:us-east-1:000000000000:uploads";
  const QueueConfigurations = [{ QueueArn, Events: ["s3:Replication:*" as const] }];
  const NotificationConfiguration = { QueueConfigurations };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket,
      NotificationConfiguration,
      SkipDestinationValidation: true,
    }),
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await cloud.clock.advance(60);
  const [record] = await records();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-metrics-events.html
  expect(record).toMatchObject({
    eventVersion: "2.2",
    eventName: "Replication:OperationFailedReplication",
    s3: { object: { key: "a", size: 1 } },
    replicationEventData: {
      replicationRuleId: "all",
      destinationBucket: "arn:aws:s3:::copies",
      s3Operation: "OBJECT_PUT",
      failureReason: "DstPutObjNotPermitted",
    },
  });
});

test("copies can have another storage class", async () => {
  const Destination = { Bucket: "arn:aws:s3:::copies", StorageClass: "STANDARD_IA" } as const;
  const { s3, there, cloud, bucket: Bucket } = await replicated({ rules: [rule({ Destination })] });
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
  } = await replicated({ rights: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] });
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
  } = await replicated({ rights: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] });
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
