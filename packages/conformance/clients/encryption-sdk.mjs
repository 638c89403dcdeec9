/** The AWS Encryption SDK for JavaScript as it is published: what it wraps with our KMS, it unwraps, and nobody else does. */
import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";
import {
  buildAwsKmsMrkAwareStrictMultiKeyringNode,
  buildClient,
  CommitmentPolicy,
  getClient,
  getLocalCryptographicMaterialsCache,
  KMS,
  KmsKeyringNode,
  NodeCachingMaterialsManager,
} from "@aws-crypto/client-node";
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, PutUserPolicyCommand } from "@aws-sdk/client-iam";
import { CreateKeyCommand, DisableKeyCommand, KMSClient, ReplicateKeyCommand } from "@aws-sdk/client-kms";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";

const endpoint = env["KUMOBAKO_ENDPOINT"];
const credentials = { accessKeyId: "test", secretAccessKey: "test" };
const root = { endpoint, credentials, region: "us-east-1" };
const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
const TEXT = Buffer.from("attack at dawn ".repeat(1000));
const encryptionContext = { purpose: "test", team: "crypto" };
const clientProvider = getClient(KMS, { endpoint, credentials });

async function makeKey(region = "us-east-1", more = {}) {
  const kms = new KMSClient({ ...root, region });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand(more));
  return { kms, arn: KeyMetadata?.Arn ?? "" };
}

const ringOf = (generatorKeyId, ...keyIds) => new KmsKeyringNode({ generatorKeyId, keyIds, clientProvider });
const readerOf = (...keyIds) => new KmsKeyringNode({ keyIds, clientProvider });
const regionalRingOf = (generatorKeyId) =>
  buildAwsKmsMrkAwareStrictMultiKeyringNode({ generatorKeyId, clientProvider });

void test("what two keys wrap, each of them unwraps, with the context that it was bound to", async () => {
  const [one, other] = await Promise.all([makeKey(), makeKey("eu-west-1")]);
  const { result } = await encrypt(ringOf(one.arn, other.arn), TEXT, { encryptionContext });
  assert.equal(result.includes(TEXT.subarray(0, 15)), false);
  for (const { arn } of [one, other]) {
    const { plaintext, messageHeader } = await decrypt(readerOf(arn), result);
    assert.deepEqual(plaintext, TEXT);
    assert.equal(messageHeader.encryptionContext["team"], "crypto");
  }
});

void test("a key that is disabled unwraps nothing, and another key nothing of it", async () => {
  const [{ kms, arn }, other] = await Promise.all([makeKey(), makeKey()]);
  const { result } = await encrypt(ringOf(arn), TEXT);
  await assert.rejects(decrypt(readerOf(other.arn), result), /unencryptedDataKey has not been set/);
  await kms.send(new DisableKeyCommand({ KeyId: arn }));
  await assert.rejects(decrypt(readerOf(arn), result), /is disabled/);
});

void test("what a multi-Region key wraps in one region, its replica unwraps in another", async () => {
  const { kms, arn } = await makeKey("us-east-1", { MultiRegion: true });
  const { ReplicaKeyMetadata } = await kms.send(new ReplicateKeyCommand({ KeyId: arn, ReplicaRegion: "eu-west-1" }));
  const { result } = await encrypt(regionalRingOf(arn), TEXT, { encryptionContext });
  const { plaintext } = await decrypt(regionalRingOf(ReplicaKeyMetadata.Arn), result);
  assert.deepEqual(plaintext, TEXT);
});

void test("one data key serves several messages where materials are cached", async () => {
  const { arn } = await makeKey();
  let made = 0;
  const counting = (region) => {
    const client = clientProvider(region);
    client.middlewareStack.add(
      (next, { commandName }) =>
        (args) => {
          if (commandName === "GenerateDataKeyCommand") made += 1;
          return next(args);
        },
      { step: "initialize" },
    );
    return client;
  };
  const backingMaterials = new KmsKeyringNode({ generatorKeyId: arn, clientProvider: counting });
  const cache = getLocalCryptographicMaterialsCache(10);
  const cached = new NodeCachingMaterialsManager({ backingMaterials, cache, maxAge: 60_000, maxMessagesEncrypted: 10 });
  for (const text of ["one", "two", "three"]) {
    const { result } = await encrypt(cached, text, { encryptionContext, plaintextLength: text.length });
    assert.equal((await decrypt(readerOf(arn), result)).plaintext.toString(), text);
  }
  assert.equal(made, 1);
});

void test("S3 keeps what the client encrypted, and only who may use the key reads it", async () => {
  const { arn } = await makeKey();
  const s3 = new S3Client({ ...root, forcePathStyle: true });
  const at = { Bucket: "sealed", Key: "letter" };
  await s3.send(new CreateBucketCommand({ Bucket: at.Bucket }));
  const { result } = await encrypt(ringOf(arn), TEXT, { encryptionContext });
  await s3.send(new PutObjectCommand({ ...at, Body: result }));
  const stored = Buffer.from(await (await s3.send(new GetObjectCommand(at))).Body.transformToByteArray());
  assert.deepEqual(stored, result);
  assert.deepEqual((await decrypt(readerOf(arn), stored)).plaintext, TEXT);
  const reader = await readerWith(["s3:GetObject"]);
  const theirs = new KmsKeyringNode({
    keyIds: [arn],
    clientProvider: getClient(KMS, { endpoint, credentials: reader }),
  });
  await assert.rejects(decrypt(theirs, stored), /is not authorized to perform: kms:Decrypt/);
});

/** The access key of a new user with these rights. */
async function readerWith(Action) {
  const iam = new IAMClient(root);
  const UserName = "reader";
  const PolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action, Resource: "*" },
  });
  await iam.send(new CreateUserCommand({ UserName }));
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: "read", PolicyDocument }));
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  return { accessKeyId: AccessKey.AccessKeyId, secretAccessKey: AccessKey.SecretAccessKey };
}
