import { createHash } from "node:crypto";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
  PutObjectLockConfigurationCommand,
  UpdateObjectEncryptionCommand,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal } from "../../../../test/s3-world.ts";
import { versionedWorld } from "../../../../test/versioned-bucket.ts";

async function keyedWorld() {
  const world = await versionedWorld();
  const { s3, bucket: Bucket, cloud } = world;
  const kms = cloud.client(KMSClient);
  const at = { Bucket, Key: "k" };
  return {
    ...world,
    kms,
    at,
    makeKey: async (of = kms) => (await of.send(new CreateKeyCommand({}))).KeyMetadata?.Arn ?? "",
    head: (more: object = {}) => s3.send(new HeadObjectCommand({ ...at, ChecksumMode: "ENABLED", ...more })),
    update: (KMSKeyArn: string, more: object = {}, by = s3) =>
      by.send(new UpdateObjectEncryptionCommand({ ...at, ObjectEncryption: { SSEKMS: { KMSKeyArn } }, ...more })),
  };
}

const digest = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html
test("an object goes under a key of KMS, and from that under another, and is else what it was", async () => {
  const { write, read, head, update, makeKey, kms, history } = await keyedWorld();
  const id = (await write("k", "secret")) ?? "";
  const { ETag, ChecksumCRC32, LastModified } = await head();
  const [first, second] = [await makeKey(), await makeKey()];
  for (const SSEKMSKeyId of [first, second]) {
    await update(SSEKMSKeyId);
    const same = { ETag, ChecksumCRC32, LastModified, VersionId: id };
    expect(await head()).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId, ...same });
    expect(await read("k")).toBe("secret");
  }
  await kms.send(new DisableKeyCommand({ KeyId: first }));
  expect(await read("k")).toBe("secret");
  await kms.send(new DisableKeyCommand({ KeyId: second }));
  expect(await refusal(read("k"))).toMatchObject({ code: "KMS.DisabledException", status: 400 });
  expect(await history({ [id]: "1" })).toBe("k=1*");
});

test("an older version, of many parts, keeps its parts", async () => {
  const { s3, at, write, update, makeKey } = await keyedWorld();
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(at));
  const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
  const bodies = [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("the end")];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await s3.send(new UploadPartCommand({ ...at, UploadId, PartNumber, Body }));
    Parts.push({ PartNumber, ETag });
  }
  const { VersionId } = await s3.send(
    new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }),
  );
  await write("k", "newer");
  await update(await makeKey(), { VersionId });
  const got = await s3.send(new GetObjectCommand({ ...at, VersionId }));
  expect(digest((await got.Body?.transformToByteArray()) ?? Buffer.alloc(0))).toBe(digest(Buffer.concat(bodies)));
  const second = await s3.send(new GetObjectCommand({ ...at, VersionId, PartNumber: 2 }));
  expect([await second.Body?.transformToString(), second.PartsCount]).toEqual(["the end", 2]);
});

test("an object that is locked, gone, or encrypted in another manner stays as it is", async () => {
  const { s3, bucket: Bucket, at, write, update, makeKey } = await keyedWorld();
  const key = await makeKey();
  await s3.send(new PutObjectCommand({ ...at, Body: "x", ServerSideEncryption: "aws:kms:dsse", SSEKMSKeyId: key }));
  expect(await refusal(update(key))).toMatchObject({
    code: "InvalidRequest",
    message: expect.stringContaining("DSSE-KMS or SSE-C"),
  });
  const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" } as const;
  await s3.send(new PutObjectLockConfigurationCommand({ Bucket, ObjectLockConfiguration }));
  await write("k", "x");
  await s3.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: "ON" } }));
  expect(await refusal(update(key))).toMatchObject({
    code: "AccessDenied",
    status: 403,
    message: expect.stringContaining("protected by S3 Object Lock"),
  });
  await s3.send(new DeleteObjectCommand(at));
  expect(await refusal(update(key))).toMatchObject({ code: "MethodNotAllowed", status: 405 });
});

test("only a key of KMS in the bucket's account will do, named by its ARN", async () => {
  const { s3, at, cloud, write, update, makeKey } = await keyedWorld();
  await write("k", "x");
  const invalid = { code: "InvalidRequest", status: 400 };
  expect(await refusal(update("alias/mine"))).toMatchObject(invalid);
  const nothing = new UpdateObjectEncryptionCommand(Object({ ...at, ObjectEncryption: undefined }));
  expect(await refusal(s3.send(nothing))).toMatchObject({ status: 400 });
  const foreign = await makeKey(cloud.client(KMSClient, cloud.rootOf("111111111111")));
  expect(await refusal(update(foreign))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("must be owned by the same account"),
  });
});

test("who updates needs the right to, and may use the keys", async () => {
  const { write, update, makeKey, user } = await keyedWorld();
  await write("k", "x");
  const key = await makeKey();
  const writer = await user([{ Effect: "Allow", Action: ["s3:PutObject", "kms:*"], Resource: "*" }]);
  expect(await refusal(update(key, {}, writer))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:UpdateObjectEncryption"),
  });
  const keyless = await user([{ Effect: "Allow", Action: "s3:UpdateObjectEncryption", Resource: "*" }], {
    name: "ben",
  });
  expect(await refusal(update(key, {}, keyless))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("kms:GenerateDataKey"),
  });
});
