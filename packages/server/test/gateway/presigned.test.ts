import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { expect, test } from "vitest";
import { testCloud, type TestCloud } from "../test-cloud.ts";

async function withObject() {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a b", Body: "hello" }));
  const presign = (signingDate = new Date()) =>
    getSignedUrl(s3, new GetObjectCommand({ Bucket: "photos", Key: "a b" }), { expiresIn: 60, signingDate });
  return { cloud, presign };
}

async function fetched(cloud: TestCloud, url: string, method = "GET") {
  const { host, pathname, searchParams } = new URL(url);
  const query = Object.fromEntries(searchParams);
  const { statusCode, body } = await cloud.send({ method, path: pathname, query, headers: { host } });
  return { status: statusCode, text: Buffer.from(body).toString("utf8") };
}

test("a presigned URL gives its object until virtual time has passed its end", async () => {
  const { cloud, presign } = await withObject();
  const url = await presign();
  expect(await fetched(cloud, url)).toEqual({ status: 200, text: "hello" });
  expect(await fetched(cloud, url, "PUT")).toMatchObject({ status: 403 });
  await cloud.clock.advance(61);
  const { status, text } = await fetched(cloud, url);
  // Source: https://github.com/aws/aws-sdk-php/issues/1333
  expect(status).toBe(403);
  expect(text).toMatch(/<Code>AccessDenied<\/Code><Message>Request has expired<\/Message>/);
  expect(text).toMatch(/<X-Amz-Expires>60<\/X-Amz-Expires><Expires>[^<]+<\/Expires><ServerTime>[^<]+<\/ServerTime>/);
});

test("a URL that a client presigns after the clock was moved is good", async () => {
  const { cloud, presign } = await withObject();
  await cloud.clock.advance(86_400);
  // a date has whole seconds: the next one is after the move for certain
  const url = await presign(new Date(Date.now() + 1000));
  expect(await fetched(cloud, url)).toMatchObject({ status: 200 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_pre_signed_url_forward_slash_bucket, run against AWS)
test("a slash of a key counts as one in the signature, however it is written", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  await s3.send(new PutObjectCommand({ Bucket: "photos", Key: "a/b c", Body: "hello" }));
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: "photos", Key: "a/b c" }));
  expect(await fetched(cloud, url.replace("/a/b", "/a%2Fb"))).toEqual({ status: 200, text: "hello" });
});
