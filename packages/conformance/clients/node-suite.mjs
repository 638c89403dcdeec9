/** A suite of a user who tests with `node:test`. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { CreateBucketCommand, HeadBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { startCloud } from "kumobako/testing";

/** @type {Awaited<ReturnType<typeof startCloud>>} */
let cloud;
/** @type {S3Client} */
let s3;

before(async () => {
  cloud = await startCloud();
  const { endpoint, region, credentials } = cloud;
  s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
});

after(() => cloud.stop());

void test("a bucket that was made is there", async () => {
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const { BucketRegion } = await s3.send(new HeadBucketCommand({ Bucket: "photos" }));
  assert.equal(BucketRegion, "us-east-1");
});

void test("after a reset it is not", async () => {
  await cloud.reset();
  await assert.rejects(s3.send(new HeadBucketCommand({ Bucket: "photos" })), { name: "NotFound" });
});
