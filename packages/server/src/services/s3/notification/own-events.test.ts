import {
  DeleteObjectsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  RestoreObjectCommand,
  type Event,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { receivers } from "../../../../test/receivers.ts";
import { ACCOUNT, s3World } from "../../../../test/s3-world.ts";

/** A bucket whose queue hears of `Events`. */
async function told(...Events: Event[]) {
  const { cloud, records } = await receivers();
  const world = await s3World("photos", cloud);
  const QueueArn = `arn:aws:sqs:us-east-1:${ACCOUNT}:uploads`;
  await world.s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: world.bucket,
      NotificationConfiguration: { QueueConfigurations: [{ QueueArn, Events }] },
      SkipDestinationValidation: true,
    }),
  );
  return { cloud, records, world };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (test_delete_objects)
test("a batch of removals is told of key by key, also of those that had no object", async () => {
  const { cloud, records, world } = await told("s3:ObjectRemoved:*");
  await world.put("k", "1");
  const Objects = [{ Key: "k" }, { Key: "none" }];
  await world.s3.send(new DeleteObjectsCommand({ Bucket: "photos", Delete: { Objects } }));
  await cloud.clock.advance(1);
  const all = await records();
  expect(new Set(all.map(({ eventName }) => eventName))).toEqual(new Set(["ObjectRemoved:Delete"]));
  const objects = all.map(({ s3 }) => s3.object).toSorted((one, other) => one.key.localeCompare(other.key));
  expect(objects).toEqual(["k", "none"].map((key) => ({ key, sequencer: expect.any(String) })));
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (test_restore_object), https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-failure-codes.html (S3's own name)
test("what S3 does by itself comes from S3, a restoration in the owner's name", async () => {
  const { cloud, records, world } = await told("s3:ObjectRestore:Completed", "s3:LifecycleExpiration:*");
  const { s3, bucket: Bucket } = world;
  const rule = { ID: "short", Status: "Enabled" as const, Filter: { Prefix: "short/" }, Expiration: { Days: 1 } };
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules: [rule] } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "cold", Body: "1", StorageClass: "GLACIER" }));
  await world.put("short/1", "1");
  await s3.send(new RestoreObjectCommand({ Bucket, Key: "cold", RestoreRequest: { Days: 9 } }));
  await cloud.clock.advance(3 * 86_400);
  const all = (await records()).map(({ eventName, userIdentity, requestParameters }) => [
    eventName,
    userIdentity.principalId,
    requestParameters.sourceIPAddress,
  ]);
  expect(all).toEqual([
    ["ObjectRestore:Completed", expect.stringMatching(/^AmazonCustomer:A/), "s3.amazonaws.com"],
    ["LifecycleExpiration:Delete", "s3.amazonaws.com", "s3.amazonaws.com"],
  ]);
});
