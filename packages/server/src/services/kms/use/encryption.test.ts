import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { makeUser, policyText } from "../../../../test/identities.ts";
import { withKey } from "../../../../test/keys.ts";

const SECRET = Buffer.from("attack at dawn");

test("what a key encrypts is decrypted without naming it", async () => {
  const { kms, KeyId, arn } = await withKey();
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  expect(Buffer.from(CiphertextBlob ?? []).includes(SECRET)).toBe(false);
  const { Plaintext, KeyId: by } = await kms.send(new DecryptCommand({ CiphertextBlob }));
  expect(Buffer.from(Plaintext ?? []).toString()).toBe("attack at dawn");
  expect(by).toBe(arn);
});

test("the encryption context has to be shown again, in whatever order", async () => {
  const { kms, KeyId } = await withKey();
  const EncryptionContext = { app: "payroll", stage: "live" };
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET, EncryptionContext }));
  const decrypt = (context?: Record<string, string>) =>
    kms.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }));
  expect(await decrypt({ stage: "live", app: "payroll" })).toHaveProperty("Plaintext");
  for (const wrong of [undefined, { app: "payroll" }, { app: "payroll", stage: "test" }]) {
    await expect(decrypt(wrong)).rejects.toMatchObject({ name: "InvalidCiphertextException" });
  }
});

test("a disabled key decrypts nothing, and one that is deleted never again", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  const decrypt = () => kms.send(new DecryptCommand({ CiphertextBlob }));
  await kms.send(new DisableKeyCommand({ KeyId }));
  await expect(decrypt()).rejects.toMatchObject({ name: "DisabledException", message: `${arn} is disabled.` });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await expect(decrypt()).rejects.toMatchObject({
    name: "KMSInvalidStateException",
    message: `${arn} is pending deletion.`,
  });
  await cloud.clock.advance(6 * 86_400);
  await kms.send(new CancelKeyDeletionCommand({ KeyId }));
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  expect(KeyMetadata).toMatchObject({ KeyState: "Disabled", Enabled: false });
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await cloud.clock.advance(7 * 86_400);
  await expect(kms.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({ name: "NotFoundException" });
  await expect(decrypt()).rejects.toMatchObject({ name: "AccessDeniedException" });
});

test("a ciphertext that was changed does not open, and one of another key is not taken for it", async () => {
  const { kms, KeyId, makeKey } = await withKey();
  const { CiphertextBlob = new Uint8Array() } = await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  const invalid = { name: "InvalidCiphertextException" };
  for (const at of [CiphertextBlob.length - 1, CiphertextBlob.length - 20, 60]) {
    const changed = Uint8Array.from(CiphertextBlob, (byte, index) => (index === at ? byte ^ 1 : byte));
    await expect(kms.send(new DecryptCommand({ CiphertextBlob: changed }))).rejects.toMatchObject(invalid);
  }
  await expect(kms.send(new DecryptCommand({ CiphertextBlob: SECRET }))).rejects.toMatchObject(invalid);
  const other = new DecryptCommand({ CiphertextBlob, KeyId: (await makeKey()).KeyId });
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html (IncorrectKeyException)
  await expect(kms.send(other)).rejects.toMatchObject({ name: "IncorrectKeyException" });
});

test("a data key comes in the clear and encrypted, and moves to another key without being shown", async () => {
  const { kms, KeyId, makeKey } = await withKey();
  await kms.send(new CreateAliasCommand({ AliasName: "alias/data", TargetKeyId: KeyId }));
  const made = await kms.send(new GenerateDataKeyCommand({ KeyId: "alias/data", KeySpec: "AES_256" }));
  expect(made.Plaintext).toHaveLength(32);
  const { KeyId: DestinationKeyId, arn } = await makeKey();
  const moved = await kms.send(new ReEncryptCommand({ CiphertextBlob: made.CiphertextBlob, DestinationKeyId }));
  const { Plaintext, KeyId: by } = await kms.send(new DecryptCommand({ CiphertextBlob: moved.CiphertextBlob }));
  expect(Plaintext).toEqual(made.Plaintext);
  expect(by).toBe(arn);
});

test("a key's policy leaves the grant to the account's policies, and without it they count for nothing", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  const bare = await makeUser(cloud, "bare");
  const rich = await makeUser(cloud, "rich", { allow: ["kms:*"] });
  const encrypt = (by: typeof bare, keyId = KeyId) =>
    cloud.client(KMSClient, by).send(new EncryptCommand({ KeyId: keyId, Plaintext: SECRET }));
  await expect(encrypt(bare)).rejects.toThrow("because no identity-based policy allows the kms:Encrypt action");
  expect(await encrypt(rich)).toHaveProperty("CiphertextBlob");
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [
      { Effect: "Allow", Principal: { AWS: bare.arn }, Action: "kms:Encrypt", Resource: "*" },
      { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:Put*", Resource: "*" },
    ],
  });
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ Policy }));
  const closed = KeyMetadata?.KeyId ?? "";
  expect(await encrypt(bare, closed)).toHaveProperty("CiphertextBlob");
  await expect(encrypt(rich, closed)).rejects.toThrow("because no resource-based policy allows the kms:Encrypt action");
  expect(arn).not.toBe(KeyMetadata?.Arn);
});

test("who would lock themselves out of a key is told so", async () => {
  const { kms } = await withKey();
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: "kms:Encrypt", Resource: "*" }],
  });
  await expect(kms.send(new CreateKeyCommand({ Policy }))).rejects.toMatchObject({
    name: "MalformedPolicyDocumentException",
    // Source: https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html
    message: "The new key policy will not allow you to update the key policy in the future.",
  });
  const bypass = new CreateKeyCommand({ Policy, BypassPolicyLockoutSafetyCheck: true });
  expect(await kms.send(bypass)).toHaveProperty("KeyMetadata");
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html, https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html (Cross-account use)
test("another account's key may be named by its id alone where a ciphertext names it too", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  const Principal = { AWS: ["000000000000", "111111111111"] };
  const Policy = policyText({ Statement: [{ Effect: "Allow", Principal, Action: "kms:*", Resource: "*" }] });
  await kms.send(new PutKeyPolicyCommand({ KeyId, Policy }));
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext: SECRET }));
  const other = cloud.client(KMSClient, cloud.rootOf("111111111111"));
  expect(await other.send(new DecryptCommand({ CiphertextBlob, KeyId }))).toMatchObject({ KeyId: arn });
  const again = new ReEncryptCommand({ CiphertextBlob, SourceKeyId: KeyId, DestinationKeyId: arn });
  expect(await other.send(again)).toMatchObject({ SourceKeyId: arn });
  await expect(other.send(new EncryptCommand({ KeyId, Plaintext: SECRET }))).rejects.toMatchObject({
    name: "NotFoundException",
  });
});

const refused = (action: string) => ({
  name: "AccessDeniedException",
  message: `User: arn:aws:iam::111111111111:root is not authorized to perform: kms:${action} on this resource because the resource does not exist in this Region, no resource-based policies allow access, or a resource-based policy explicitly denies access`,
});

// Source: https://github.com/aws/amazon-s3-encryption-client-python/blob/main/test/integration/test_i_s3_encryption.py (test_inaccessible_kms_key_raises_access_denied),
// https://github.com/sqlxpert/aws-rcp-s3-require-encryption-kms (README: the key is in a different AWS account)
test("nobody learns whether another account has a key or an alias", async () => {
  const { cloud, kms, KeyId, arn } = await withKey();
  await kms.send(new CreateAliasCommand({ AliasName: "alias/payroll", TargetKeyId: KeyId }));
  const other = cloud.client(KMSClient, cloud.rootOf("111111111111"));
  const own = await other.send(new CreateKeyCommand({}));
  const { CiphertextBlob } = await other.send(new EncryptCommand({ KeyId: own.KeyMetadata?.KeyId, Plaintext: SECRET }));
  for (const named of [
    arn,
    arn.replace(KeyId, "00000000-0000-4000-8000-000000000000"),
    arn.replace(`key/${KeyId}`, "alias/payroll"),
    arn.replace(`key/${KeyId}`, "alias/nothing"),
  ]) {
    const encrypting = other.send(new EncryptCommand({ KeyId: named, Plaintext: SECRET }));
    await expect(encrypting, named).rejects.toMatchObject(refused("Encrypt"));
    const decrypting = other.send(new DecryptCommand({ KeyId: named, CiphertextBlob }));
    await expect(decrypting, named).rejects.toMatchObject(refused("Decrypt"));
    const moving = other.send(new ReEncryptCommand({ CiphertextBlob, DestinationKeyId: named }));
    await expect(moving, named).rejects.toMatchObject(refused("ReEncryptTo"));
  }
});
