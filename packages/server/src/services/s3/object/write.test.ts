import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type ChecksumAlgorithm } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { pathStyle, refusal, s3World } from "../../../../test/s3-world.ts";

const base64 = (algorithm: string, text: string) => createHash(algorithm).update(text).digest("base64");

/** The sums of "hello", worked out elsewhere: with zlib, the AWS CRT, OpenSSL and xxhsum. */
const SUMS = {
  CRC32: "NhCmhg==",
  CRC32C: "mnG7TA==",
  SHA1: base64("sha1", "hello"),
  SHA256: base64("sha256", "hello"),
  SHA512: base64("sha512", "hello"),
  MD5: base64("md5", "hello"),
  XXHASH64: "JseCfYifbaM=",
  XXHASH3: "lVXoVVxi3P0=",
  XXHASH128: "tenBrQcbPn/Hec+qXlI4GA==",
} as const;

async function writing() {
  const { s3, bucket, cloud } = await s3World();
  // a client that adds no checksum of its own
  const plain = pathStyle(cloud, undefined, {
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const put = (more: object = {}, client = plain) =>
    client.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "hello", ...more }));
  const head = (more: object = {}) => plain.send(new HeadObjectCommand({ Bucket: bucket, Key: "k", ...more }));
  return { s3, plain, bucket, cloud, put, head };
}

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
test("an object of no stated checksum has the one S3 computes, shown on request", async () => {
  const { put, head } = await writing();
  const stored = await put();
  expect(stored).toMatchObject({ ChecksumType: "FULL_OBJECT" });
  expect(stored.ChecksumCRC64NVME).toMatch(/^[A-Za-z0-9+/]{11}=$/);
  expect((await head()).ChecksumCRC64NVME).toBeUndefined();
  expect((await head({ ChecksumMode: "ENABLED" })).ChecksumCRC64NVME).toBe(stored.ChecksumCRC64NVME);
});

test.each(Object.entries(SUMS))("%s is checked and kept", async (algorithm, sum) => {
  const { put, head } = await writing();
  const member = `Checksum${algorithm}`;
  expect(await put({ [member]: sum })).toMatchObject({ [member]: sum, ChecksumType: "FULL_OBJECT" });
  expect(await head({ ChecksumMode: "ENABLED" })).toMatchObject({ [member]: sum });
  const wrong = Buffer.from(sum, "base64").fill(7).toString("base64");
  expect(await refusal(put({ [member]: wrong }))).toMatchObject({ code: "BadDigest", status: 400 });
  expect(await refusal(put({ [member]: "short" }))).toMatchObject({ code: "InvalidRequest", status: 400 });
});

test.each(["CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"] as const)(
  "the SDK's own %s, in a header or behind a stream, is verified and kept",
  async (algorithm: ChecksumAlgorithm) => {
    const { s3, put, head } = await writing();
    const sums: unknown[] = [];
    for (const Body of [LONG, streamOf()]) {
      await put({ Body, ContentLength: LONG.length, ChecksumAlgorithm: algorithm }, s3);
      const answer = await head({ ChecksumMode: "ENABLED" });
      sums.push({ ...answer }[`Checksum${algorithm}`]);
    }
    expect(sums[0]).toBeTruthy();
    expect(sums[1]).toBe(sums[0]);
  },
);

const LONG = "hello".repeat(20_000);

async function* pieces() {
  yield Buffer.from(LONG.slice(0, 70_000));
  yield Buffer.from(LONG.slice(70_000));
}

const streamOf = (): Readable => Readable.from(pieces(), { objectMode: false });

test("what the SDK reads back, it verifies", async () => {
  const { s3, put, bucket } = await writing();
  await put({ ChecksumSHA256: SUMS.SHA256 });
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k", ChecksumMode: "ENABLED" }));
  expect(await got.Body?.transformToString()).toBe("hello");
  expect(got.ChecksumSHA256).toBe(SUMS.SHA256);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (BadDigest, InvalidDigest)
// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_invalid_content_md5: hexadecimal and base64)
test("a Content-MD5 must be one, and the body's", async () => {
  const { put } = await writing();
  await put({ ContentMD5: base64("md5", "hello") });
  expect(await refusal(put({ ContentMD5: base64("md5", "other") }))).toMatchObject({
    code: "BadDigest",
    status: 400,
    error: {
      ExpectedDigest: createHash("md5").update("other").digest("hex"),
      CalculatedDigest: base64("md5", "hello"),
    },
  });
  expect(await refusal(put({ ContentMD5: "nonsense" }))).toMatchObject({ code: "InvalidDigest", status: 400 });
});

test("a body that is refused leaves what was there", async () => {
  const { put, plain, bucket } = await writing();
  await put({ Body: "kept" });
  await refusal(put({ ContentMD5: base64("md5", "other") }));
  const got = await plain.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  expect(await got.Body?.transformToString()).toBe("kept");
});

test("a checksum is stated once", async () => {
  const { put } = await writing();
  const both = { ChecksumCRC32: SUMS.CRC32, ChecksumSHA1: SUMS.SHA1 };
  expect(await refusal(put(both))).toMatchObject({ code: "InvalidRequest", status: 400 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_checksum_no_algorithm: counted before they are read)
  expect(await refusal(put({ ChecksumSHA256: "no", ChecksumCRC32: "no" }))).toMatchObject({
    message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
  });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
test("a conditional write fails where the object is not as it says", async () => {
  const { put } = await writing();
  expect(await refusal(put({ IfMatch: '"x"' }))).toMatchObject({ code: "NoSuchKey", status: 404 });
  const { ETag } = await put({ IfNoneMatch: "*" });
  expect(await refusal(put({ IfNoneMatch: "*" }))).toMatchObject({
    code: "PreconditionFailed",
    status: 412,
    error: { Condition: "If-None-Match" },
  });
  await put({ IfMatch: ETag, Body: "new" });
  expect(await refusal(put({ IfMatch: ETag }))).toMatchObject({ code: "PreconditionFailed", status: 412 });
});

test("of many who would be the first, one is", async () => {
  const { put } = await writing();
  const outcomes = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => put({ IfNoneMatch: "*", Body: String(index) })),
  );
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (Content-Length); recorded: AWS names Transfer-Encoding
test("a body of unknown length is refused", async () => {
  const { s3, put } = await writing();
  expect(await refusal(put({ Body: streamOf() }, s3))).toMatchObject({ code: "MissingContentLength", status: 411 });
});
