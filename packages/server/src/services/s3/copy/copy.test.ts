import { createHash } from "node:crypto";
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { refusal, s3World, withHeaders } from "../../../../test/s3-world.ts";

async function copying() {
  const world = await s3World();
  const { s3, bucket } = world;
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: "from/a b+c%.txt",
      Body: "hello".repeat(10_000),
      ContentType: "text/plain",
      Metadata: { colour: "blue" },
      Tagging: "team=a",
    }),
  );
  const CopySource = `${bucket}/from/${encodeURIComponent("a b+c%.txt")}`;
  const copy = (more: object = {}, client: S3Client = s3) =>
    client.send(new CopyObjectCommand({ Bucket: bucket, Key: "to", CopySource, ...more }));
  const head = (Key = "to") => s3.send(new HeadObjectCommand({ Bucket: bucket, Key, ChecksumMode: "ENABLED" }));
  const text = async (Key = "to") =>
    (await s3.send(new GetObjectCommand({ Bucket: bucket, Key }))).Body?.transformToString();
  const tags = async () => (await s3.send(new GetObjectTaggingCommand({ Bucket: bucket, Key: "to" }))).TagSet;
  return { ...world, copy, head, text, tags, CopySource };
}

test("a copy has the bytes, metadata, tags and checksum of its source and outlives it", async () => {
  const { s3, bucket, copy, head, text, tags } = await copying();
  const { CopyObjectResult } = await copy();
  expect(CopyObjectResult?.ETag).toBe(`"${createHash("md5").update("hello".repeat(10_000)).digest("hex")}"`);
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: "from/a b+c%.txt" }));
  expect(await head()).toMatchObject({
    ContentType: "text/plain",
    Metadata: { colour: "blue" },
    ETag: CopyObjectResult?.ETag,
    ChecksumCRC32: CopyObjectResult?.ChecksumCRC32,
  });
  expect(await tags()).toEqual([{ Key: "team", Value: "a" }]);
  expect(await text()).toBe("hello".repeat(10_000));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-metadata-directive, x-amz-tagging-directive)
test("metadata and tags are replaced where the directives say so", async () => {
  const { copy, head, tags } = await copying();
  await copy({ ContentType: "text/html", Metadata: { a: "b" }, Tagging: "x=y" });
  expect(await head()).toMatchObject({ ContentType: "text/plain", Metadata: { colour: "blue" } });
  expect(await tags()).toEqual([{ Key: "team", Value: "a" }]);
  await copy({ MetadataDirective: "REPLACE", ContentType: "text/html", TaggingDirective: "REPLACE", Tagging: "x=y" });
  expect(await head()).toMatchObject({ ContentType: "text/html", Metadata: {} });
  expect(await tags()).toEqual([{ Key: "x", Value: "y" }]);
});

test("a copy by another checksum is summed anew", async () => {
  const { copy, head, text } = await copying();
  await copy({ ChecksumAlgorithm: "SHA256" });
  const sum = createHash("sha256").update("hello".repeat(10_000)).digest("base64");
  expect(await head()).toMatchObject({ ChecksumSHA256: sum });
  expect(await text()).toBe("hello".repeat(10_000));
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source-if-…)
test("a copy looks at its source's conditions", async () => {
  const { copy, head, CopySource } = await copying();
  const { ETag, LastModified = new Date(0) } = await head(decodeURIComponent(CopySource.slice("photos/".length)));
  await copy({ CopySourceIfMatch: ETag });
  await copy({ CopySourceIfUnmodifiedSince: LastModified });
  const failed = { code: "PreconditionFailed", status: 412 };
  expect(await refusal(copy({ CopySourceIfMatch: '"x"' }))).toMatchObject(failed);
  expect(await refusal(copy({ CopySourceIfNoneMatch: ETag }))).toMatchObject(failed);
  expect(await refusal(copy({ CopySourceIfModifiedSince: LastModified }))).toMatchObject(failed);
  expect(await refusal(copy({ IfNoneMatch: "*" }))).toMatchObject(failed);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html
test("a copy onto itself must change something", async () => {
  const { copy, text, s3, bucket, put } = await copying();
  await put("self", "me");
  const onto = { Key: "self", CopySource: `${bucket}/self` };
  expect(await refusal(copy(onto))).toMatchObject({ code: "InvalidRequest", status: 400 });
  await copy({ ...onto, MetadataDirective: "REPLACE", Metadata: { new: "yes" } });
  expect(await text("self")).toBe("me");
  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: "self" }));
  expect(Metadata).toEqual({ new: "yes" });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded: test_copy_in_place_with_bucket_encryption)
test("a copy onto itself needs no more where the bucket says how it is encrypted", async () => {
  const { copy, s3, bucket, put } = await copying();
  await put("self", "me");
  const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }] as const;
  const ServerSideEncryptionConfiguration = { Rules: [...Rules] };
  await s3.send(new PutBucketEncryptionCommand({ Bucket: bucket, ServerSideEncryptionConfiguration }));
  expect(await copy({ Key: "self", CopySource: `${bucket}/self` })).toMatchObject({ ServerSideEncryption: "AES256" });
});

test("a source that is not there is told so", async () => {
  const { copy, bucket } = await copying();
  expect(await refusal(copy({ CopySource: `${bucket}/none` }))).toMatchObject({ code: "NoSuchKey", status: 404 });
  expect(await refusal(copy({ CopySource: "no-bucket/k" }))).toMatchObject({
    code: "NoSuchBucket",
    error: { BucketName: "no-bucket" },
  });
  expect(await refusal(copy({ CopySource: "nothing" }))).toMatchObject({ code: "InvalidArgument", status: 400 });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (Permissions)
test("who copies must be allowed to read the source and to write the copy", async () => {
  const { user, copy, bucket } = await copying();
  const on = (Action: string, what: string) => ({
    Effect: "Allow",
    Action,
    Resource: `arn:aws:s3:::${bucket}/${what}`,
  });
  const writer = await user([on("s3:PutObject*", "to")], { name: "writer" });
  expect(await refusal(copy({}, writer))).toMatchObject({ code: "AccessDenied", message: /s3:GetObject on/ });
  const reader = await user([on("s3:GetObject*", "from/*")], { name: "reader" });
  expect(await refusal(copy({}, reader))).toMatchObject({ code: "AccessDenied", message: /s3:PutObject on/ });
  const untagged = await user([on("s3:PutObject", "to"), on("s3:GetObject*", "*")], { name: "untagged" });
  expect(await refusal(copy({}, untagged))).toMatchObject({ message: /s3:PutObjectTagging on/ });
  const both = await user([on("s3:PutObject*", "to"), on("s3:GetObject*", "from/*")], { name: "both" });
  await copy({}, both);
});

test("another account's object is copied where its bucket's policy lets it", async () => {
  const { stranger, copy, CopySource } = await copying();
  const other = stranger();
  await other.send(new CreateBucketCommand({ Bucket: "theirs" }));
  expect(await refusal(copy({ Bucket: "theirs", CopySource }, other))).toMatchObject({ code: "AccessDenied" });
  expect(await refusal(copy({ Bucket: "theirs", ExpectedSourceBucketOwner: "222222222222" }))).toMatchObject({
    status: 403,
  });
});

// Source: https://github.com/versity/versitygw/issues/1242 (AWS's answer)
test("a copy comes without a body", async () => {
  const { cloud, copy } = await copying();
  const client = withHeaders(cloud, { "content-length": "4" });
  client.middlewareStack.add(
    (next) => (call) => {
      if (HttpRequest.isInstance(call.request)) call.request.body = "body";
      return next(call);
    },
    { step: "build" },
  );
  expect(await refusal(copy({}, client))).toMatchObject({
    code: "InvalidRequest",
    status: 400,
    message: "The request included a body. Requests of this type must not include a non-empty body.",
  });
});

// Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
test("no range of an object is copied", async () => {
  const { cloud, put } = await s3World();
  await put("k", "hello");
  const copy = new CopyObjectCommand({ Bucket: "photos", Key: "copy", CopySource: "photos/k" });
  expect(await refusal(withHeaders(cloud, { range: "bytes=0-1" }).send(copy))).toMatchObject({
    code: "InvalidArgument",
    message: "RANGE is not supported in Copy!",
    error: { ArgumentName: "Range", ArgumentValue: "bytes=0-1" },
  });
});
