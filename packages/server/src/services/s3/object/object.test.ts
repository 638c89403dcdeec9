import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World, withHeaders } from "../../../../test/s3-world.ts";

const md5 = (body: string | Uint8Array) => createHash("md5").update(body).digest("hex");

test("an object comes back as it was put, with all that was said about it", async () => {
  const { s3, bucket } = await s3World();
  const expires = new Date("2031-05-01T00:00:00Z");
  const put = await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: "a/b.txt",
      Body: "hello",
      ContentType: "text/plain",
      CacheControl: "no-cache",
      ContentDisposition: 'attachment; filename="b.txt"',
      ContentEncoding: "identity",
      ContentLanguage: "ja",
      Expires: expires,
      Metadata: { Colour: "blue" },
      Tagging: "team=a&cost%20centre=7",
    }),
  );
  expect(put.ETag).toBe(`"${md5("hello")}"`);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-encryption-faq.html
  expect(put.ServerSideEncryption).toBe("AES256");
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "a/b.txt" }));
  expect(await got.Body?.transformToString()).toBe("hello");
  const said = {
    ContentLength: 5,
    ContentType: "text/plain",
    CacheControl: "no-cache",
    ContentDisposition: 'attachment; filename="b.txt"',
    ContentEncoding: "identity",
    ContentLanguage: "ja",
    ExpiresString: expires.toUTCString(),
    Metadata: { colour: "blue" },
    ETag: put.ETag,
    AcceptRanges: "bytes",
    ServerSideEncryption: "AES256",
    TagCount: 2,
  };
  expect(got).toMatchObject(said);
  expect(got.LastModified?.getUTCMilliseconds()).toBe(0);
  expect(await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "a/b.txt" }))).toMatchObject(said);
});

// Source: https://github.com/aws/aws-sdk-ruby/issues/1184 (`5d`), https://github.com/aws/aws-sdk-java-v2/issues/380 (ISO 8601)
test("when an object expires is kept as it was written", async () => {
  const { s3, bucket, cloud } = await s3World();
  const at = { Bucket: bucket, Key: "k" };
  const client = withHeaders(cloud, { expires: "5d" });
  await client.send(new PutObjectCommand({ ...at, Body: "x" }));
  expect((await s3.send(new GetObjectCommand(at))).ExpiresString).toBe("5d");
});

// Source: https://www.rfc-editor.org/rfc/rfc9110#name-if-unmodified-since (a recipient ignores what is no date)
test.each(["if-modified-since", "if-unmodified-since"])("a condition %s without a date is none", async (name) => {
  const { bucket, cloud, put } = await s3World();
  await put("k", "x");
  const client = withHeaders(cloud, { [name]: "Invalid Date" });
  const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  expect(await Body?.transformToString()).toBe("x");
});

// Source: https://github.com/minio/minio-js/blob/master/tests/functional/functional-tests.js (copyObject, unmodified since what is no date)
test("a copy's condition without a date is none", async () => {
  const { s3, bucket, cloud, put } = await s3World();
  await put("k", "x");
  const client = withHeaders(cloud, { "x-amz-copy-source-if-unmodified-since": "Invalid Date" });
  await client.send(new CopyObjectCommand({ Bucket: bucket, Key: "copy", CopySource: `${bucket}/k` }));
  expect((await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "copy" }))).ContentLength).toBe(1);
});

test.each([0, 1, 1024, 1025, 16_384, 16_385, 200_000])("a body of %i bytes comes back whole", async (size) => {
  const { s3, bucket, put } = await s3World();
  const body = Buffer.alloc(size, "0123456789abcdef");
  await put("k", body);
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  expect(md5((await got.Body?.transformToByteArray()) ?? "")).toBe(md5(body));
  expect(got.ContentLength).toBe(size);
});

test("an object put again replaces the one before", async () => {
  const { s3, bucket, put } = await s3World();
  await put("k", "first");
  await put("k", "second");
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: "k" }));
  expect(await got.Body?.transformToString()).toBe("second");
});

const KEYS = [
  "plain",
  "../up",
  "a/../b",
  "./here",
  "//double//slash",
  "/leading",
  "trailing/",
  "a b+c",
  "per%cent%2F",
  "quest?ion&amp#hash",
  "quotes'\"<>",
  "雲箱/\u{1F4E6}",
  "tab\tnew\nline",
  "~*()!$,;:=@",
  `${"k".repeat(1021)}雲`,
];

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html
test.each(KEYS)("the key %j is kept byte for byte", async (key) => {
  const { s3, bucket, put } = await s3World();
  await put(key, "x");
  const listed = await s3.send(new ListObjectsV2Command({ Bucket: bucket, EncodingType: "url" }));
  const [first] = listed.Contents ?? [];
  expect(decodeURIComponent((first?.Key ?? "").replaceAll("+", " "))).toBe(key);
  const got = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  expect(await got.Body?.transformToString()).toBe("x");
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
});

test("a key of more than 1,024 bytes is refused", async () => {
  const { s3, bucket } = await s3World();
  const put = new PutObjectCommand({ Bucket: bucket, Key: `${"k".repeat(1022)}雲`, Body: "x" });
  expect(await refusal(s3.send(put))).toMatchObject({
    code: "KeyTooLongError",
    status: 400,
    error: { Size: "1025", MaxSizeAllowed: "1024" },
  });
});

test("what is not there is told so", async () => {
  const { s3, bucket } = await s3World();
  const get = (Bucket: string, VersionId?: string) => s3.send(new GetObjectCommand({ Bucket, Key: "none", VersionId }));
  expect(await refusal(get(bucket))).toMatchObject({ code: "NoSuchKey", status: 404, error: { Key: "none" } });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (recorded: an id that S3 never gave)
  expect(await refusal(get(bucket, "k".repeat(32)))).toMatchObject({ code: "InvalidArgument", status: 400 });
  expect(await refusal(get(bucket, "noVersion"))).toMatchObject({ code: "InvalidArgument", status: 400 });
  expect(await refusal(get("no-bucket"))).toMatchObject({
    code: "NoSuchBucket",
    status: 404,
    error: { BucketName: "no-bucket" },
  });
  const head = s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "none" }));
  expect(await refusal(head)).toMatchObject({ code: "NotFound", status: 404 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
test("deleting what is not there succeeds, unless a condition asks for it", async () => {
  const { s3, bucket, put } = await s3World();
  const remove = (IfMatch?: string) => s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "k", IfMatch }));
  expect((await remove()).$metadata.httpStatusCode).toBe(204);
  expect(await refusal(remove("*"))).toMatchObject({ code: "NoSuchKey", status: 404 });
  await put("k", "x");
  expect(await refusal(remove('"other"'))).toMatchObject({ code: "PreconditionFailed", status: 412 });
  await remove(`"${md5("x")}"`);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
test("a batch deletes what is there and answers for each key, or only for failures", async () => {
  const { s3, bucket, put } = await s3World();
  for (const key of ["a", "b", "c&<>"]) await put(key);
  const remove = (Keys: readonly string[], Quiet?: boolean) =>
    s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects: Keys.map((Key) => ({ Key })), Quiet } }));
  const loud = await remove(["a", "c&<>", "never was"]);
  expect(loud.Deleted).toEqual([{ Key: "a" }, { Key: "c&<>" }, { Key: "never was" }]);
  expect(loud.Errors).toBeUndefined();
  const quiet = await remove(["b"], true);
  expect([quiet.Deleted, quiet.Errors]).toEqual([undefined, undefined]);
  expect((await s3.send(new ListObjectsV2Command({ Bucket: bucket }))).KeyCount).toBe(0);
  const many = Array.from({ length: 1001 }, (_, index) => String(index));
  expect(await refusal(remove(many))).toMatchObject({ code: "MalformedXML", status: 400 });
  expect(await refusal(remove([]))).toMatchObject({ code: "MalformedXML", status: 400 });
});

test("parameters that have no effect yet are refused, never dropped", async () => {
  const { s3, bucket } = await s3World();
  const put = (more: object) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Body: "x", ...more }));
  expect(await refusal(put({ WriteOffsetBytes: 0 }))).toMatchObject({ code: "NotImplemented", status: 501 });
  expect(await refusal(put({ StorageClass: "NONE" }))).toMatchObject({ code: "InvalidStorageClass", status: 400 });
  expect(await refusal(put({ ACL: "public-read" }))).toMatchObject({
    code: "AccessControlListNotSupported",
    status: 400,
  });
  await put({ ServerSideEncryption: "AES256", StorageClass: "STANDARD", ACL: "bucket-owner-full-control" });
});

test("the tags of an upload are those of the object", async () => {
  const { s3, bucket } = await s3World();
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: "k", Tagging: "a=1&b=" }));
  const { TagSet } = await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "k" }));
  expect(TagSet).toEqual([
    { Key: "a", Value: "1" },
    { Key: "b", Value: "" },
  ]);
});
