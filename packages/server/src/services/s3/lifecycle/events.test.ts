import {
  PutBucketIntelligentTieringConfigurationCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type LifecycleRule,
  type StorageClass,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { receivers, type HeardEvent } from "../../../../test/receivers.ts";
import { s3World } from "../../../../test/s3-world.ts";

const DAY_SECONDS = 24 * 3600;

/** A bucket that tells the event bus of all that happens, and whose rules are in force. */
async function told(...Rules: readonly LifecycleRule[]) {
  const { cloud, events } = await receivers();
  const { s3, bucket: Bucket, put } = await s3World("photos", cloud);
  const NotificationConfiguration = { EventBridgeConfiguration: {} };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  const LifecycleConfiguration = { Rules: [...Rules] };
  if (Rules.length > 0) await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }));
  return {
    s3,
    Bucket,
    put,
    write: (Key: string, more: { readonly StorageClass?: StorageClass; readonly Body?: Uint8Array }) =>
      s3.send(new PutObjectCommand({ Bucket, Key, ...more })),
    days: (count: number) => cloud.clock.advance(count * DAY_SECONDS),
    /** But that an object was created. */
    heard: async () => (await events()).filter((event) => event["detail-type"] !== "Object Created"),
  };
}

const typesOf = (events: readonly HeardEvent[]) => events.map((event) => event["detail-type"]);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventBridge.html (the types of events)
test("a restoration is told of as it begins, as it is done, and as its days are over", async () => {
  const { s3, Bucket, write, days, heard } = await told();
  await write("a", { StorageClass: "GLACIER" });
  await s3.send(new RestoreObjectCommand({ Bucket, Key: "a", RestoreRequest: { Days: 1 } }));
  await days(0.1);
  expect(typesOf(await heard())).toEqual(["Object Restore Initiated"]);
  await days(0.5);
  expect(typesOf(await heard())).toEqual(["Object Restore Initiated", "Object Restore Completed"]);
  await days(3);
  expect(typesOf(await heard()).at(-1)).toBe("Object Restore Expired");
  expect(await heard()).toHaveLength(3);
});

test("what rules move and end is told of", async () => {
  const { days, put, heard } = await told({
    Filter: { ObjectSizeGreaterThan: 0 },
    Status: "Enabled",
    Transitions: [{ Days: 1, StorageClass: "GLACIER" }],
    Expiration: { Days: 5 },
  });
  await put("a", "x");
  await days(2);
  expect(await heard()).toMatchObject([
    { "detail-type": "Object Storage Class Changed", detail: { "destination-storage-class": "GLACIER" } },
  ]);
  await days(5);
  expect((await heard()).at(-1)).toMatchObject({
    "detail-type": "Object Deleted",
    detail: { object: { key: "a" }, reason: "Lifecycle Expiration", "deletion-type": "Permanently Deleted" },
  });
});

test("a delete marker that a rule leaves, and what goes after it, are told of", async () => {
  const { s3, Bucket, put, days, heard } = await told({
    Prefix: "",
    Status: "Enabled",
    Expiration: { Days: 1 },
    NoncurrentVersionExpiration: { NoncurrentDays: 1 },
  });
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await put("a", "x");
  await days(2);
  expect(await heard()).toMatchObject([{ detail: { "deletion-type": "Delete Marker Created" } }]);
  await days(4);
  // the version, and then the marker that it left alone
  expect((await heard()).map(({ detail }) => detail)).toMatchObject([
    { "deletion-type": "Delete Marker Created" },
    { "deletion-type": "Permanently Deleted" },
    { "deletion-type": "Permanently Deleted" },
  ]);
});

test("a change of the tier is told of", async () => {
  const { s3, Bucket, write, days, heard } = await told();
  const IntelligentTieringConfiguration = {
    Id: "cold",
    Status: "Enabled" as const,
    Tierings: [{ AccessTier: "ARCHIVE_ACCESS" as const, Days: 90 }],
  };
  const input = { Bucket, Id: "cold", IntelligentTieringConfiguration };
  await s3.send(new PutBucketIntelligentTieringConfigurationCommand(input));
  await write("a", { StorageClass: "INTELLIGENT_TIERING", Body: Buffer.alloc(128 * 1024) });
  await days(100);
  expect(await heard()).toMatchObject([
    { "detail-type": "Object Access Tier Changed", detail: { "destination-access-tier": "ARCHIVE_ACCESS" } },
  ]);
});
