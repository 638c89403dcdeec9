import { CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const DIGITS = "0123456789".repeat(5000);

async function worldWithDigits() {
  const world = await s3World();
  await world.put("k", DIGITS);
  const get = (more: object = {}) => world.s3.send(new GetObjectCommand({ Bucket: world.bucket, Key: "k", ...more }));
  const head = (more: object = {}) => world.s3.send(new HeadObjectCommand({ Bucket: world.bucket, Key: "k", ...more }));
  return { ...world, get, head };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Range)
test.each([
  ["bytes=0-9", 0, 10],
  ["bytes=16380-16390", 16_380, 16_391],
  ["bytes=49990-", 49_990, 50_000],
  ["bytes=-5", 49_995, 50_000],
  ["bytes=49999-99999", 49_999, 50_000],
])("%s gives those bytes", async (Range, start, end) => {
  const { get, head } = await worldWithDigits();
  const part = await get({ Range });
  expect(part.$metadata.httpStatusCode).toBe(206);
  expect(part.ContentRange).toBe(`bytes ${start}-${end - 1}/50000`);
  expect(part.ContentLength).toBe(end - start);
  expect(await part.Body?.transformToString()).toBe(DIGITS.slice(start, end));
  expect(await head({ Range })).toMatchObject({ ContentLength: end - start, ContentRange: part.ContentRange });
});

test("a range out of the body's is refused, one that is none is ignored", async () => {
  const { get } = await worldWithDigits();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (InvalidRange)
  expect(await refusal(get({ Range: "bytes=50000-" }))).toMatchObject({
    code: "InvalidRange",
    status: 416,
    error: { RangeRequested: "bytes=50000-", ActualObjectSize: "50000" },
  });
  for (const Range of ["bytes=9-3", "bytes=0-1,4-5", "pages=1-2"]) {
    const whole = await get({ Range });
    expect([whole.$metadata.httpStatusCode, whole.ContentLength]).toEqual([200, 50_000]);
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_get_object_range)
test("the checksum of the whole comes with whatever gives the whole, and with no less", async () => {
  const { get } = await worldWithDigits();
  for (const Range of ["bytes=0-60000", "bytes=-60000", "bytes=1-0", "bytes=0-1,3-4", "pages=1-2"]) {
    expect(await get({ Range, ChecksumMode: "ENABLED" })).toMatchObject({ ChecksumType: "FULL_OBJECT" });
  }
  expect(await get({ Range: "bytes=0-8", ChecksumMode: "ENABLED" })).not.toHaveProperty("ChecksumType");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_get_object_checksum)
test("checksums are asked for in any case of letters", async () => {
  const { get } = await worldWithDigits();
  expect(await get({ ChecksumMode: "enabled" })).toMatchObject({ ChecksumType: "FULL_OBJECT" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (PartNumber)
test("an object in one piece has one part", async () => {
  const { get } = await worldWithDigits();
  const part = await get({ PartNumber: 1 });
  expect(part).toMatchObject({ ContentLength: 50_000, ContentRange: "bytes 0-49999/50000" });
  expect(part.PartsCount).toBeUndefined();
  expect(await refusal(get({ PartNumber: 2 }))).toMatchObject({ code: "InvalidPartNumber", status: 416 });
  // Source: https://github.com/scality/cloudserver/blob/development/8.8/tests/functional/aws-node-sdk/test/object/getPartSize.js (run against AWS)
  for (const PartNumber of [-1, 0, 10_001]) {
    expect(await refusal(get({ PartNumber }))).toMatchObject({ code: "InvalidArgument", status: 400 });
  }
  expect(await refusal(get({ PartNumber: 1, Range: "bytes=0-1" }))).toMatchObject({ code: "InvalidRequest" });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
test("a conditional read answers 304 or 412 as the object stands", async () => {
  const { get, head } = await worldWithDigits();
  const { ETag, LastModified = new Date(0) } = await head();
  const before = new Date(LastModified.getTime() - 60_000);
  expect((await get({ IfMatch: ETag, IfUnmodifiedSince: before })).$metadata.httpStatusCode).toBe(200);
  expect(await refusal(get({ IfMatch: '"x"' }))).toMatchObject({
    code: "PreconditionFailed",
    status: 412,
    error: { Condition: "If-Match" },
  });
  expect(await refusal(get({ IfUnmodifiedSince: before }))).toMatchObject({ status: 412 });
  for (const call of [get, head]) {
    const { status, error } = await refusal(call({ IfNoneMatch: ETag }));
    expect(status).toBe(304);
    expect(error).toMatchObject({ $response: { headers: { etag: ETag } } });
    expect(await refusal(call({ IfModifiedSince: LastModified }))).toMatchObject({ status: 304 });
  }
  expect((await get({ IfModifiedSince: before })).ContentLength).toBe(50_000);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Overriding response header values)
test("a signed request may ask for other headers than the object's", async () => {
  const { get } = await worldWithDigits();
  const asked = await get({
    ResponseContentType: "text/html",
    ResponseContentDisposition: "inline",
    ResponseCacheControl: "max-age=1",
    ResponseContentEncoding: "br",
    ResponseContentLanguage: "de",
    ResponseExpires: new Date("2030-01-01T00:00:00Z"),
  });
  expect(asked).toMatchObject({
    ContentType: "text/html",
    ContentDisposition: "inline",
    CacheControl: "max-age=1",
    ContentEncoding: "br",
    ContentLanguage: "de",
    ExpiresString: "Tue, 01 Jan 2030 00:00:00 GMT",
  });
});

test("the answer to HEAD says what GET would and has no body, in success and in failure", async () => {
  const { cloud, anonymous, bucket, head } = await worldWithDigits();
  expect((await head()).ContentLength).toBe(50_000);
  const denied = await anonymous("HEAD", `/${bucket}/k`);
  expect([denied.statusCode, denied.body.byteLength]).toEqual([403, 0]);
  expect(denied.headers["x-amz-request-id"]).toBeTruthy();
  expect(denied.headers["x-amz-id-2"]).toBeTruthy();
  expect(cloud.cloud.account).toBe("000000000000");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
test("user metadata beyond ASCII comes back as encoded words", async () => {
  const { s3, bucket } = await s3World();
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Metadata: { name: "=?UTF-8?B?6Zuy566x?=" } }));
  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "k" }));
  expect(Metadata).toEqual({ name: "=?UTF-8?B?6Zuy566x?=" });
  const large = new PutObjectCommand({ Bucket: bucket, Key: "k", Metadata: { a: "x".repeat(2048) } });
  expect(await refusal(s3.send(large))).toMatchObject({ code: "MetadataTooLarge", status: 400 });
});
