import { CloudTrailClient, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import {
  ConnectCustomKeyStoreCommand,
  DecryptCommand,
  DescribeCustomKeyStoresCommand,
  DescribeKeyCommand,
  EncryptCommand,
  GenerateDataKeyPairWithoutPlaintextCommand,
  GenerateDataKeyWithoutPlaintextCommand,
  GenerateRandomCommand,
  GetKeyLastUsageCommand,
  ListKeyPoliciesCommand,
  ListKeysCommand,
  ListResourceTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateKeyDescriptionCommand,
} from "@aws-sdk/client-kms";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { withKey } from "../../../../test/keys.ts";

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html
test("a data key that was not shown is decrypted later", async () => {
  const { kms, KeyId, arn } = await withKey();
  const EncryptionContext = { purpose: "backup" };
  const made = await kms.send(
    new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_256", EncryptionContext }),
  );
  expect(made).toMatchObject({ KeyId: arn });
  expect(made).not.toHaveProperty("Plaintext");
  const { CiphertextBlob } = made;
  const { Plaintext } = await kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
  expect(Plaintext).toHaveLength(32);
  const bare = kms.send(new DecryptCommand({ CiphertextBlob }));
  await expect(bare).rejects.toMatchObject({ name: "InvalidCiphertextException" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html
test("the private key of a pair that was not shown is decrypted later, and is the public key's", async () => {
  const { kms, KeyId } = await withKey();
  const pair = await kms.send(new GenerateDataKeyPairWithoutPlaintextCommand({ KeyId, KeyPairSpec: "ECC_NIST_P256" }));
  expect(pair).not.toHaveProperty("PrivateKeyPlaintext");
  const { Plaintext = new Uint8Array() } = await kms.send(
    new DecryptCommand({ CiphertextBlob: pair.PrivateKeyCiphertextBlob }),
  );
  const privateKey = createPrivateKey({ key: Buffer.from(Plaintext), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(privateKey).export({ format: "der", type: "spki" });
  expect(publicKey).toEqual(Buffer.from(pair.PublicKey ?? []));
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html
test("the newest use of a key is told by its operation", async () => {
  const { kms, KeyId } = await withKey();
  const read = new GetKeyLastUsageCommand({ KeyId });
  expect((await kms.send(read)).KeyLastUsage).toEqual({});
  await kms.send(new GenerateDataKeyWithoutPlaintextCommand({ KeyId, KeySpec: "AES_128" }));
  expect((await kms.send(read)).KeyLastUsage).toMatchObject({ Operation: "GenerateDataKeyWithoutPlaintext" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_KeyLastUsageData.html (CloudTrailEventId)
test("the newest use of a key leads to its event, whether somebody called or a service for somebody", async () => {
  const { cloud, kms, KeyId } = await withKey();
  const trails = cloud.client(CloudTrailClient);
  const used = async () => {
    const { KeyLastUsage } = await kms.send(new GetKeyLastUsageCommand({ KeyId }));
    const { Operation, CloudTrailEventId: AttributeValue } = KeyLastUsage ?? {};
    const asked = { LookupAttributes: [{ AttributeKey: "EventId" as const, AttributeValue }] };
    const { Events = [] } = await trails.send(new LookupEventsCommand(asked));
    return [Operation, ...Events.map(({ EventName }) => EventName)];
  };
  await kms.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from("attack at dawn") }));
  expect(await used()).toEqual(["Encrypt", "Encrypt"]);
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "kept" }));
  const encrypted = { ServerSideEncryption: "aws:kms", SSEKMSKeyId: KeyId } as const;
  await s3.send(new PutObjectCommand({ Bucket: "kept", Key: "a", Body: "a", ...encrypted }));
  expect(await used()).toEqual(["GenerateDataKey", "GenerateDataKey"]);
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html
test("random bytes are as many as asked for, and other bytes each time", async () => {
  const { kms } = await withKey();
  const draw = async () => (await kms.send(new GenerateRandomCommand({ NumberOfBytes: 32 }))).Plaintext;
  const [one, other] = [await draw(), await draw()];
  expect(one).toHaveLength(32);
  expect(one).not.toEqual(other);
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html
test("a key is listed, with its policy's name, its tags and its description", async () => {
  const { kms, KeyId, arn } = await withKey();
  expect(await kms.send(new ListKeysCommand({}))).toMatchObject({ Keys: [{ KeyId, KeyArn: arn }], Truncated: false });
  expect((await kms.send(new ListKeyPoliciesCommand({ KeyId }))).PolicyNames).toEqual(["default"]);
  await kms.send(new UpdateKeyDescriptionCommand({ KeyId, Description: "Backups" }));
  expect((await kms.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata?.Description).toBe("Backups");
  const Tags = ["a", "b", "c"].map((TagKey) => ({ TagKey, TagValue: "1" }));
  await kms.send(new TagResourceCommand({ KeyId, Tags }));
  await kms.send(new UntagResourceCommand({ KeyId, TagKeys: ["b"] }));
  const page = (Marker?: string) => kms.send(new ListResourceTagsCommand({ KeyId, Limit: 1, Marker }));
  const first = await page();
  expect(first).toMatchObject({ Tags: [Tags[0]], Truncated: true });
  expect(await page(first.NextMarker)).toMatchObject({ Tags: [Tags[2]], Truncated: false });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ConnectCustomKeyStore.html (Errors)
test("there are no custom key stores", async () => {
  const { kms } = await withKey();
  expect((await kms.send(new DescribeCustomKeyStoresCommand({}))).CustomKeyStores).toEqual([]);
  const connect = kms.send(new ConnectCustomKeyStoreCommand({ CustomKeyStoreId: "cks-1" }));
  await expect(connect).rejects.toMatchObject({
    name: "CustomKeyStoreNotFoundException",
    message: expect.stringContaining("cks-1"),
  });
});
