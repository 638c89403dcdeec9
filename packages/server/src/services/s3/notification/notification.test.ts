import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  GetBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { CREATED, putNotifications as put, QUEUE } from "../../../../test/notifying-bucket.ts";
import { ACCOUNT, s3World, type S3World } from "../../../../test/s3-world.ts";
import { receivers } from "../../../../test/receivers.ts";

const get = async ({ s3, bucket: Bucket }: Pick<S3World, "s3" | "bucket">) => {
  const { $metadata: _, ...found } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
  return found;
};

const prefixed = (Value: string, more: object = {}) => ({
  QueueArn: QUEUE,
  ...CREATED,
  Filter: { Key: { FilterRules: [{ Name: "prefix" as const, Value }] } },
  ...more,
});

test("a queue gets a test, and then a message for each change that it asked for", async () => {
  const { cloud, messages, records } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { QueueConfigurations: [prefixed("in/", { Id: "new" })] }, false);
  await world.put("in/red flower+1@b.jpg", "petals");
  await world.put("out/other", "x");
  await cloud.clock.advance(1);
  const [first, ...more] = await messages();
  const told = await records();
  expect(more).toHaveLength(1);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-enable-disable-notification-intro.html
  expect(first).toMatchObject({ Service: "Amazon S3", Event: "s3:TestEvent", Bucket: "photos" });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
  expect(told).toEqual([
    {
      eventVersion: "2.1",
      eventSource: "aws:s3",
      awsRegion: "us-east-1",
      eventTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      eventName: "ObjectCreated:Put",
      userIdentity: { principalId: `AWS:${ACCOUNT}` },
      requestParameters: { sourceIPAddress: "127.0.0.1" },
      responseElements: {
        "x-amz-request-id": expect.stringMatching(/^[0-9A-F]{16}$/),
        "x-amz-id-2": expect.any(String),
      },
      s3: {
        s3SchemaVersion: "1.0",
        configurationId: "new",
        bucket: {
          name: "photos",
          ownerIdentity: { principalId: expect.stringMatching(/^A[A-Z2-7]{13}$/) },
          arn: "arn:aws:s3:::photos",
        },
        object: {
          key: "in/red+flower%2B1%40b.jpg",
          size: 6,
          eTag: expect.stringMatching(/^[0-9a-f]{32}$/),
          sequencer: expect.stringMatching(/^[0-9A-F]{16}$/),
        },
      },
    },
  ]);
});

test("events of one key are in order by their sequencers, also within a second", async () => {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, {
    QueueConfigurations: [{ QueueArn: QUEUE, Events: ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"] }],
  });
  for (const body of ["1", "2", "3"]) await world.put("k", body);
  await world.s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "k" }));
  await cloud.clock.advance(1);
  const byTag = (await records()).toSorted((one, other) =>
    one.s3.object.sequencer < other.s3.object.sequencer ? -1 : 1,
  );
  expect(byTag.map(({ eventName }) => eventName)).toEqual([
    "ObjectCreated:Put",
    "ObjectCreated:Put",
    "ObjectCreated:Put",
    "ObjectRemoved:Delete",
  ]);
  expect(byTag.at(-1)?.s3.object).toEqual({ key: "k", sequencer: expect.any(String) });
});

test("a delete marker is told of with its version", async () => {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  const { s3, bucket: Bucket } = world;
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, Events: ["s3:ObjectRemoved:*"] }] });
  await world.put("k", "1");
  const { VersionId } = await s3.send(new DeleteObjectCommand({ Bucket, Key: "k" }));
  await s3.send(new DeleteObjectCommand({ Bucket, Key: "k", VersionId }));
  await cloud.clock.advance(1);
  const all = await records();
  const record = all.find(({ eventName }) => eventName === "ObjectRemoved:DeleteMarkerCreated");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json
  expect(record?.s3.object).toEqual({
    key: "k",
    eTag: "d41d8cd98f00b204e9800998ecf8427e",
    versionId: VersionId,
    sequencer: expect.any(String),
  });
  const gone = all.find(({ eventName }) => eventName === "ObjectRemoved:Delete");
  expect(gone?.s3.object).toEqual({ key: "k", versionId: VersionId, sequencer: expect.any(String) });
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_eventbridge.snapshot.json and test_s3_notifications_sqs.snapshot.json (test_object_created_put_versioned) */
test("a version is told where there is one: not of objects that are put while versioning is suspended", async () => {
  const { cloud, records, events } = await receivers();
  const world = await s3World("photos", cloud);
  const { s3, bucket: Bucket } = world;
  await put(world, { EventBridgeConfiguration: {}, QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  const versioning = (Status: "Enabled" | "Suspended") =>
    s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
  await versioning("Enabled");
  const { VersionId } = await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1" }));
  await versioning("Suspended");
  await world.put("b", "1");
  await cloud.clock.advance(1);
  const sequencer = expect.any(String);
  const of = { size: 1, sequencer };
  const eTag = "c4ca4238a0b923820dcc509a6f75849b";
  const objects = (await records()).map(({ s3: { object } }) => object);
  expect(objects.toSorted((one, other) => one.key.localeCompare(other.key))).toEqual([
    { ...of, eTag, key: "a", versionId: VersionId },
    { ...of, eTag, key: "b" },
  ]);
  const created = (await events()).map(({ detail }) => detail);
  const heard = { ...of, etag: eTag };
  expect(created).toContainEqual(expect.objectContaining({ object: { ...heard, key: "a", "version-id": VersionId } }));
  expect(created).toContainEqual(expect.objectContaining({ object: { ...heard, key: "b" } }));
});

test("what made an object is told", async () => {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  const { s3, bucket: Bucket } = world;
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  await world.put("a", "1");
  await s3.send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: "photos/a" }));
  const place = { Bucket, Key: "c" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: "1" }));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
  await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload }));
  await cloud.clock.advance(1);
  const told = await records();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
  expect(told.map(({ eventName, s3: { object } }) => `${object.key} ${eventName}`).toSorted()).toEqual([
    "a ObjectCreated:Put",
    "b ObjectCreated:Copy",
    "c ObjectCreated:CompleteMultipartUpload",
  ]);
});

test("tags are told of in the newer form, without size and sequencer", async () => {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, Events: ["s3:ObjectTagging:*"] }] });
  await world.put("k", "1");
  const Tagging = { TagSet: [{ Key: "team", Value: "a" }] };
  await world.s3.send(new PutObjectTaggingCommand({ Bucket: "photos", Key: "k", Tagging }));
  await cloud.clock.advance(1);
  const [record] = await records();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json
  expect(record).toMatchObject({ eventVersion: "2.3", eventName: "ObjectTagging:Put" });
  expect(record?.s3.object).toEqual({ key: "k", eTag: "c4ca4238a0b923820dcc509a6f75849b" });
});

test("event buses hear of everything in their own form", async () => {
  const { cloud, events } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { EventBridgeConfiguration: {} });
  await world.put("a b", "1");
  await world.s3.send(new DeleteObjectCommand({ Bucket: "photos", Key: "a b" }));
  await cloud.clock.advance(1);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_eventbridge.snapshot.json
  const common = {
    version: "0",
    bucket: { name: "photos" },
    "request-id": expect.stringMatching(/^[0-9A-F]{16}$/),
    requester: ACCOUNT,
    "source-ip-address": "127.0.0.1",
  };
  const envelope = {
    version: "0",
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    account: ACCOUNT,
    region: "us-east-1",
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
  };
  const heard = await events();
  const inOrder = heard.toSorted((one, other) => one["detail-type"].localeCompare(other["detail-type"]));
  expect(inOrder).toEqual([
    {
      ...envelope,
      source: "aws.s3",
      "detail-type": "Object Created",
      resources: ["arn:aws:s3:::photos"],
      detail: {
        ...common,
        object: { key: "a b", size: 1, etag: "c4ca4238a0b923820dcc509a6f75849b", sequencer: expect.any(String) },
        reason: "PutObject",
      },
    },
    {
      ...envelope,
      source: "aws.s3",
      "detail-type": "Object Deleted",
      resources: ["arn:aws:s3:::photos"],
      detail: {
        ...common,
        object: { key: "a b", sequencer: expect.any(String) },
        reason: "DeleteObject",
        "deletion-type": "Permanently Deleted",
      },
    },
  ]);
});

test("what nobody takes is kept to be looked at, and the write has its answer all the same", async () => {
  const world = await s3World();
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  await world.put("k", "1");
  await world.cloud.clock.advance(60);
  const [kept] = await world.cloud.cloud.deliveries(10);
  expect(kept).toMatchObject({
    to: QUEUE,
    service: "s3",
    failed: true,
    error: expect.stringContaining("QueueDoesNotExist"),
  });
});

test("a receiver that refuses is asked five times", async () => {
  const { cloud, messages, refuse } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  await refuse();
  await world.put("k", "1");
  await cloud.clock.advance(3600);
  expect(await messages()).toEqual([]);
  expect(await cloud.cloud.deliveries(10)).toMatchObject([
    { attempts: 5, failed: true, error: expect.stringContaining("is not authorized to perform: sqs:sendmessage") },
  ]);
});

test("a bucket that is made anew tells nobody", async () => {
  const { cloud, messages } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  await world.s3.send(new DeleteBucketCommand({ Bucket: world.bucket }));
  await world.s3.send(new CreateBucketCommand({ Bucket: world.bucket }));
  expect(await get(world)).toEqual({});
  await world.put("k", "1");
  await cloud.clock.advance(1);
  expect(await messages()).toEqual([]);
});

test("an object that another put is told of with who put it", async () => {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  await put(world, { QueueConfigurations: [{ QueueArn: QUEUE, ...CREATED }] });
  const ann = await world.user([{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }]);
  await ann.send(new PutObjectCommand({ Bucket: "photos", Key: "k", Body: "1" }));
  await cloud.clock.advance(1);
  const [record] = await records();
  expect(record?.userIdentity.principalId).toMatch(/^AWS:AIDA/);
});
