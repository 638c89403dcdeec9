import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketEncryptionCommand,
  GetBucketEncryptionCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutBucketEncryptionCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
  type PutObjectCommandInput,
  type ServerSideEncryptionRule,
} from "@aws-sdk/client-s3";
import { expect, onTestFinished, test } from "vitest";
import { refusal, s3World, withHeaders } from "../../../../test/s3-world.ts";
import { testCloud } from "../../../../test/test-cloud.ts";
import { requireCustomerKey } from "./customer-key.ts";

const TEXT = "attack at dawn";

async function withKey() {
  const world = await s3World();
  const { cloud, s3, bucket: Bucket } = world;
  const kms = cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const put = (more: Partial<PutObjectCommandInput> = {}, by: S3Client = s3) =>
    by.send(new PutObjectCommand({ Bucket, Key: "k", Body: TEXT, ...more }));
  const read = async (more: object = {}, by: S3Client = s3) => {
    const { Body } = await by.send(new GetObjectCommand({ Bucket, Key: "k", ...more }));
    return Body?.transformToString();
  };
  const setDefault = (rule: ServerSideEncryptionRule) =>
    s3.send(new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules: [rule] } }));
  return { ...world, Bucket, kms, KeyId: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "", put, read, setDefault };
}

const allow = (Action: string, more: object = {}) => ({ Effect: "Allow", Action, Resource: "*", ...more });

const underKms = (arn: string) => ({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: arn }) as const;

test("an object under a key of KMS is read while the key is there, and tells why when it is not", async () => {
  const { cloud, s3, Bucket, kms, KeyId, arn, put, read } = await withKey();
  const stored = await put(underKms(arn));
  expect(stored).toMatchObject(underKms(arn));
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html (the tag is no MD5 sum)
  expect(stored.ETag).not.toContain(createHash("md5").update(TEXT).digest("hex"));
  expect(await read()).toBe(TEXT);
  await kms.send(new DisableKeyCommand({ KeyId }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
  await expect(read()).rejects.toMatchObject({ name: "KMS.DisabledException", message: `${arn} is disabled.` });
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (the key is needed for checksums alone)
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).toMatchObject(underKms(arn));
  const withSums = new HeadObjectCommand({ Bucket, Key: "k", ChecksumMode: "ENABLED" });
  await expect(s3.send(withSums)).rejects.toMatchObject({ $metadata: { httpStatusCode: 400 } });
  await kms.send(new EnableKeyCommand({ KeyId }));
  expect(await s3.send(withSums)).toMatchObject({ ...underKms(arn), ChecksumCRC32: expect.any(String) });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await expect(read()).rejects.toMatchObject({
    name: "KMS.KMSInvalidStateException",
    message: `${arn} is pending deletion.`,
  });
  await cloud.clock.advance(8 * 86_400);
  await expect(read()).rejects.toMatchObject({ name: "KMS.NotFoundException", message: `Key '${arn}' does not exist` });
});

test("who may read the object and not use its key is refused by the key", async () => {
  const { arn, put, read, user } = await withKey();
  await put(underKms(arn));
  const reader = await user([allow("s3:*")]);
  await expect(read({}, reader)).rejects.toThrow(
    `User: arn:aws:iam::000000000000:user/ann is not authorized to perform: kms:Decrypt on resource: ${arn}`,
  );
  await expect(put(underKms(arn), reader)).rejects.toThrow("kms:GenerateDataKey");
  const Condition = { StringEquals: { "kms:ViaService": "s3.us-east-1.amazonaws.com" } };
  const bob = await user([allow("s3:*"), allow("kms:*", { Condition })], { name: "bob" });
  expect(await read({}, bob)).toBe(TEXT);
});

test("a bucket encrypts by default as it was told to", async () => {
  const { s3, Bucket, arn, put, read, setDefault } = await withKey();
  await setDefault({
    ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: arn },
    BucketKeyEnabled: true,
  });
  expect(await put()).toMatchObject({ ...underKms(arn), BucketKeyEnabled: true });
  expect(await read()).toBe(TEXT);
  expect(await put({ ServerSideEncryption: "AES256" })).toMatchObject({ ServerSideEncryption: "AES256" });
  await s3.send(new DeleteBucketEncryptionCommand({ Bucket }));
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
    { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false },
  ]);
});

test("without a key's name AWS's own key for S3 is taken", async () => {
  const { put, read } = await withKey();
  const { SSEKMSKeyId } = await put({ ServerSideEncryption: "aws:kms" });
  expect(SSEKMSKeyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\//);
  expect(await read()).toBe(TEXT);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-server-side-encryption-context: JSON with key-value pairs)
test("an encryption context is pairs of texts", async () => {
  const { put } = await withKey();
  for (const written of ['["a"]', '{"a":1}', "a"]) {
    const SSEKMSEncryptionContext = Buffer.from(written).toString("base64");
    await expect(put({ ServerSideEncryption: "aws:kms", SSEKMSEncryptionContext }), written).rejects.toMatchObject({
      name: "InvalidArgument",
    });
  }
});

test("a key that is not there is told as KMS tells it", async () => {
  const { put, setDefault } = await withKey();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
  await expect(put(underKms("fake-key-id"))).rejects.toMatchObject({
    name: "KMS.NotFoundException",
    message: "Invalid keyId 'fake-key-id'",
  });
  for (const of of [{ SSEKMSKeyId: "x" }, { SSEKMSEncryptionContext: "e30=" }]) {
    await expect(put({ ServerSideEncryption: "AES256", ...of })).rejects.toMatchObject({ name: "InvalidArgument" });
  }
  await expect(
    setDefault({ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256", KMSMasterKeyID: "x" } }),
  ).rejects.toMatchObject({
    name: "InvalidArgument",
    message: "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or aws:kms:dsse",
  });
});

const customerKey = (key = randomBytes(32)) => ({
  SSECustomerAlgorithm: "AES256",
  SSECustomerKey: key.toString("base64"),
  SSECustomerKeyMD5: createHash("md5").update(key).digest("base64"),
});

test("a bucket takes no customers' keys until it is told to", async () => {
  const { put, setDefault } = await withKey();
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/blocking-unblocking-s3-c-encryption-gpb.html
  await expect(put(customerKey())).rejects.toMatchObject({ name: "AccessDenied" });
  await setDefault({ BlockedEncryptionTypes: { EncryptionType: ["NONE"] } });
  expect(await put(customerKey())).toMatchObject({ SSECustomerAlgorithm: "AES256" });
});

test("an object under its owner's key is read with that key alone", async () => {
  const { put, read, setDefault } = await withKey();
  await setDefault({ BlockedEncryptionTypes: { EncryptionType: ["NONE"] } });
  const shown = customerKey();
  await put(shown);
  expect(await read(shown)).toBe(TEXT);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
  await expect(read()).rejects.toMatchObject({
    name: "InvalidRequest",
    message:
      "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.",
  });
  await expect(read(customerKey())).rejects.toMatchObject({
    name: "AccessDenied",
    message:
      "Requests specifying Server Side Encryption with Customer provided keys must provide the correct secret key.",
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_object_retrieval_sse_c: a key of another length)
  await expect(read(customerKey(randomBytes(44)))).rejects.toMatchObject({ name: "AccessDenied" });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_multipart_upload_sse_c_validation)
test("a part brings a key where its upload did, and nowhere else", async () => {
  const { s3, Bucket } = await withKey();
  const place = { Bucket, Key: "k" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(place));
  const part = new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: "a", ...customerKey() });
  await expect(s3.send(part)).rejects.toMatchObject({
    name: "InvalidRequest",
    message:
      "The multipart upload initiate requested encryption. Subsequent part requests must include the appropriate encryption parameters.",
  });
});

test("half of a key is none", () => {
  const { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5 } = customerKey();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded answers)
  expect(() => requireCustomerKey({ SSECustomerKey, SSECustomerKeyMD5 })).toThrow(
    "must provide a valid encryption algorithm.",
  );
  expect(() => requireCustomerKey({ SSECustomerAlgorithm })).toThrow("must provide an appropriate secret key.");
  const other = { SSECustomerAlgorithm, SSECustomerKey, SSECustomerKeyMD5: customerKey().SSECustomerKeyMD5 };
  expect(() => requireCustomerKey(other)).toThrow(
    "The calculated MD5 hash of the key did not match the hash that was provided.",
  );
  const short = { ...other, SSECustomerKey: Buffer.alloc(16).toString("base64") };
  expect(() => requireCustomerKey(short)).toThrow("The secret key was invalid for the specified algorithm.");
});

test("a multi-part upload is encrypted part by part under one data key", async () => {
  const { s3, Bucket, arn, read } = await withKey();
  const place = { Bucket, Key: "k" };
  const begun = await s3.send(new CreateMultipartUploadCommand({ ...place, ...underKms(arn) }));
  const { UploadId } = begun;
  expect(begun).toMatchObject(underKms(arn));
  const bodies = [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("b")];
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...place, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload: { Parts } }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_multipart_upload_sse: the answer tells no checksum)
  expect(done).toMatchObject(underKms(arn));
  expect(done).not.toHaveProperty("ChecksumType");
  const whole = await read();
  expect(whole).toHaveLength(5 * 1024 * 1024 + 1);
  expect(whole?.endsWith("ab")).toBe(true);
  expect(await read({ Range: `bytes=${5 * 1024 * 1024}-` })).toBe("b");
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html (x-amz-server-side-encryption-customer-algorithm)
test.each([
  ["with checksums shows its key", { ChecksumAlgorithm: "CRC32" }, ["another", "none"], "its own"],
  ["without checksums need not show it", {}, ["another"], "none"],
] as const)("the completion of an upload %s, and never another", async (_what, more, wrong, right) => {
  const { s3, Bucket, setDefault, read } = await withKey();
  await setDefault({ BlockedEncryptionTypes: { EncryptionType: ["NONE"] } });
  const shown = customerKey();
  const place = { Bucket, Key: "k" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...place, ...shown, ...more }));
  const part = { ...place, ...shown, UploadId, PartNumber: 1, Body: TEXT };
  const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand(part));
  const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ...(right === "its own" && { ChecksumCRC32 }) }] };
  const keys = { another: customerKey(), none: {}, "its own": shown };
  const complete = (key: keyof typeof keys) =>
    s3.send(new CompleteMultipartUploadCommand({ ...place, UploadId, MultipartUpload, ...keys[key] }));
  for (const key of wrong) {
    expect(await refusal(complete(key))).toMatchObject({ code: "InvalidRequest", status: 400 });
  }
  await complete(right);
  expect(await read(shown)).toBe(TEXT);
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Encryption: 400 Bad Request)
// Source: https://github.com/ClickHouse/ClickHouse/issues/64570 (what AWS answered a completion with the header)
test("who reads or completes does not say how to encrypt", async () => {
  const { s3, cloud, Bucket, arn, put, read } = await withKey();
  await put(underKms(arn));
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "k" }));
  const saying = withHeaders(cloud, { "x-amz-server-side-encryption": "aws:kms" });
  const refused = {
    code: "InvalidArgument",
    status: 400,
    message: "x-amz-server-side-encryption header is not supported for this operation.",
  };
  expect(await refusal(read({}, saying))).toMatchObject(refused);
  const completion = { Bucket, Key: "k", UploadId, MultipartUpload: { Parts: [{ PartNumber: 1, ETag: "x" }] } };
  expect(await refusal(saying.send(new CompleteMultipartUploadCommand(completion)))).toMatchObject(refused);
  expect(await refusal(saying.send(new HeadObjectCommand({ Bucket, Key: "k" })))).toMatchObject({ status: 400 });
});

test("a copy is encrypted anew", async () => {
  const { s3, Bucket, arn, put, read, kms, KeyId } = await withKey();
  await put();
  const copy = (more: object) =>
    s3.send(new CopyObjectCommand({ Bucket, Key: "k", CopySource: `${Bucket}/k`, MetadataDirective: "COPY", ...more }));
  expect(await copy(underKms(arn))).toMatchObject(underKms(arn));
  expect(await read()).toBe(TEXT);
  expect(await copy({ ServerSideEncryption: "AES256" })).toMatchObject({ ServerSideEncryption: "AES256" });
  await kms.send(new DisableKeyCommand({ KeyId }));
  expect(await read()).toBe(TEXT);
});

test("nothing of any object lies readable on the disk", async () => {
  const directory = await mkdtemp(join(tmpdir(), "kumobako-at-rest-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  const cloud = await testCloud({ storage: { kind: "embedded", directory: join(directory, "data") } });
  const s3 = cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "photos" }));
  const mark = "a text that nobody else shall read. ";
  for (const [Key, more] of [
    ["own", {}],
    ["kms", { ServerSideEncryption: "aws:kms" }],
  ] as const) {
    for (const times of [1, 200, 5000]) {
      await s3.send(
        new PutObjectCommand({ Bucket: "photos", Key: `${Key}/${times}`, Body: mark.repeat(times), ...more }),
      );
    }
  }
  await cloud.cloud.journal.flush();
  const files = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const bytes = Buffer.concat(files.map(({ parentPath, name }) => readFileSync(join(parentPath, name))));
  expect(bytes.length).toBeGreaterThan(2 * 5000 * mark.length);
  expect(bytes.includes(mark.trim())).toBe(false);
  for (let shift = 0; shift < 3; shift++) {
    const base64 = Buffer.from(mark.repeat(2).slice(shift)).toString("base64").slice(0, 24);
    expect(bytes.includes(base64)).toBe(false);
  }
});
