import {
  DecryptCommand,
  DisableKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyRotationStatusCommand,
  ListKeyRotationsCommand,
  RotateKeyOnDemandCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { withKey } from "../../../../test/keys.ts";

const DAY_SECONDS = 86_400;
const Plaintext = Buffer.from("attack at dawn");

test("a key is rotated by the clock, and what older material encrypted stays readable", async () => {
  const { cloud, kms, KeyId } = await withKey();
  await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const encrypted = [await kms.send(new EncryptCommand({ KeyId, Plaintext }))];
  for (let period = 0; period < 3; period++) {
    await cloud.clock.advance(90 * DAY_SECONDS);
    encrypted.push(await kms.send(new EncryptCommand({ KeyId, Plaintext })));
  }
  const ids = new Set<string | undefined>();
  for (const { CiphertextBlob } of encrypted) {
    const opened = await kms.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe("attack at dawn");
    ids.add(opened.KeyMaterialId);
  }
  expect(ids.size).toBe(4);
  const { Rotations } = await kms.send(new ListKeyRotationsCommand({ KeyId }));
  expect(Rotations).toHaveLength(3);
  expect(Rotations?.[0]).toMatchObject({ RotationType: "AUTOMATIC" });
  const all = await kms.send(new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" }));
  expect(all.Rotations?.map(({ KeyMaterialState }) => KeyMaterialState)).toEqual([
    "NON_CURRENT",
    "NON_CURRENT",
    "NON_CURRENT",
    "CURRENT",
  ]);
});

test("a rotation that is disabled does not come", async () => {
  const { cloud, kms, KeyId } = await withKey();
  await kms.send(new EnableKeyRotationCommand({ KeyId }));
  const status = async () => kms.send(new GetKeyRotationStatusCommand({ KeyId }));
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html (365 days where left out)
  expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 365 });
  await kms.send(new DisableKeyRotationCommand({ KeyId }));
  expect(await status()).toMatchObject({ KeyRotationEnabled: false });
  await cloud.clock.advance(400 * DAY_SECONDS);
  expect((await kms.send(new ListKeyRotationsCommand({ KeyId }))).Rotations).toEqual([]);
});

test("a key is rotated on demand, twenty-five times at most", async () => {
  const { kms, KeyId, arn } = await withKey();
  const rotate = () => kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  for (let count = 0; count < 25; count++) await rotate();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(rotate()).rejects.toMatchObject({
    name: "LimitExceededException",
    message: `The on-demand rotations limit has been reached for the given keyId. No more on-demand rotations can be performed for this key: ${arn}`,
  });
});

test("what cannot be rotated says why", async () => {
  const { kms, KeyId, arn, makeKey } = await withKey();
  await kms.send(new DisableKeyCommand({ KeyId }));
  const rotate = (keyId: string) => kms.send(new RotateKeyOnDemandCommand({ KeyId: keyId }));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(rotate(KeyId)).rejects.toMatchObject({ name: "DisabledException", message: `${arn} is disabled.` });
  const rsa = await makeKey({ KeySpec: "RSA_2048", KeyUsage: "SIGN_VERIFY" });
  await expect(rotate(rsa.KeyId)).rejects.toMatchObject({ name: "UnsupportedOperationException" });
  await kms.send(new DisableKeyCommand({ KeyId: rsa.KeyId }));
  await expect(rotate(rsa.KeyId)).rejects.toMatchObject({ name: "DisabledException" });
  // Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html
  const status = await kms.send(new GetKeyRotationStatusCommand({ KeyId: rsa.KeyId }));
  expect(status.KeyRotationEnabled).toBe(false);
  const external = await makeKey({ Origin: "EXTERNAL" });
  await expect(rotate(external.KeyId)).rejects.toMatchObject({ name: "KMSInvalidStateException" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html (Disabled)
test("a key that was disabled when its day came is rotated once it is enabled again", async () => {
  const { cloud, kms, KeyId } = await withKey();
  await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  const rotations = async () => (await kms.send(new ListKeyRotationsCommand({ KeyId }))).Rotations?.length;
  await kms.send(new DisableKeyCommand({ KeyId }));
  await cloud.clock.advance(30 * DAY_SECONDS);
  await kms.send(new EnableKeyCommand({ KeyId }));
  expect(await rotations()).toBe(0);
  await kms.send(new DisableKeyCommand({ KeyId }));
  await cloud.clock.advance(90 * DAY_SECONDS);
  expect(await rotations()).toBe(0);
  await kms.send(new EnableKeyCommand({ KeyId }));
  expect(await rotations()).toBe(1);
  await cloud.clock.advance(90 * DAY_SECONDS);
  expect(await rotations()).toBe(2);
});
