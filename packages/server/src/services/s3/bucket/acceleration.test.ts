import {
  CreateBucketCommand,
  GetBucketAccelerateConfigurationCommand,
  GetObjectCommand,
  PutBucketAccelerateConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { ACCOUNT, refusal, s3World } from "../../../../test/s3-world.ts";

// Source of the configuration's answers: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (TestS3BucketAccelerateConfiguration, recorded)
async function accelerated() {
  const world = await s3World();
  const { s3, cloud } = world;
  const set = (Status: string, Bucket = "photos") =>
    s3.send(
      new PutBucketAccelerateConfigurationCommand({
        Bucket,
        // also words that the types do not have
        AccelerateConfiguration: Object.assign({ Status: "Enabled" as const }, { Status }),
      }),
    );
  const status = async () => (await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket: "photos" }))).Status;
  const fast = (more: object = {}) =>
    cloud.client(S3Client, cloud.rootOf(ACCOUNT), { endpoint: undefined, useAccelerateEndpoint: true, ...more });
  return { ...world, set, status, fast };
}

test("acceleration is on or suspended once it was on, and neither before", async () => {
  const { set, status } = await accelerated();
  expect(await status()).toBeUndefined();
  await set("Enabled");
  expect(await status()).toBe("Enabled");
  await set("Suspended");
  expect(await status()).toBe("Suspended");
});

test.each(["enabled", "random"])("%s is no status", async (status) => {
  const { set } = await accelerated();
  expect(await refusal(set(status))).toMatchObject({ code: "MalformedXML", status: 400 });
});

test("a bucket with dots in its name cannot be accelerated", async () => {
  const { s3, set } = await accelerated();
  await s3.send(new CreateBucketCommand({ Bucket: "with.dots" }));
  expect(await refusal(set("Enabled", "with.dots"))).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message: "S3 Transfer Acceleration is not supported for buckets with periods (.) in their names",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/transfer-acceleration-getting-started.html (the names of the endpoints)
test.each([{}, { useDualstackEndpoint: true }])("an accelerated bucket is at the edge's names: %j", async (more) => {
  const { set, put, fast } = await accelerated();
  await set("Enabled");
  await put("cat", "meow");
  const { Body } = await fast(more).send(new GetObjectCommand({ Bucket: "photos", Key: "cat" }));
  expect(await Body?.transformToString()).toBe("meow");
});

test("a bucket that is not accelerated is not there", async () => {
  const { set, fast } = await accelerated();
  const put = () => refusal(fast().send(new PutObjectCommand({ Bucket: "photos", Key: "cat", Body: "meow" })));
  // Source: https://github.com/aws/aws-sdk-js/issues/1971
  expect(await put()).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message: "S3 Transfer Acceleration is not configured on this bucket",
  });
  await set("Enabled");
  await set("Suspended");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidRequest: what is disabled)
  expect(await put()).toMatchObject({ message: "S3 Transfer Acceleration is disabled on this bucket" });
});
