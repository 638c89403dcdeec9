import { randomBytes } from "node:crypto";
import {
  DecryptCommand,
  DeleteImportedKeyMaterialCommand,
  DescribeKeyCommand,
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  EncryptCommand,
  GetKeyLastUsageCommand,
  KMSClient,
  ListKeyRotationsCommand,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { importSecret } from "../../../../test/key-material.ts";
import { withKey } from "../../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");
const FAR = "eu-west-1";

/** `secret`: what the primary key is given, where its material comes from outside. */
async function withReplica(secret?: Buffer) {
  const world = await withKey({ MultiRegion: true, ...(secret && { Origin: "EXTERNAL" }) });
  const { cloud, kms, KeyId } = world;
  if (secret !== undefined) await importSecret(kms, KeyId, { secret });
  const far = cloud.client(KMSClient, undefined, { region: FAR });
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR }));
  const describe = async (from: KMSClient) => (await from.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata;
  return { ...world, far, describe };
}

test("what the primary key encrypted its replica decrypts, also after a rotation", async () => {
  const { kms, far, KeyId } = await withReplica();
  const first = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  const second = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  for (const { CiphertextBlob } of [first, second]) {
    expect(await far.send(new DecryptCommand({ CiphertextBlob }))).toHaveProperty("Plaintext");
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (test_replicate_key)
test("a replica is answered as still to be made, with the tags it was given", async () => {
  const { kms, KeyId } = await withKey({ MultiRegion: true });
  const plain = await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR }));
  expect(plain.ReplicaKeyMetadata).toMatchObject({ KeyState: "Creating", Enabled: false });
  expect(plain.ReplicaKeyMetadata).not.toHaveProperty("CurrentKeyMaterialId");
  expect(plain).not.toHaveProperty("ReplicaTags");
  const Tags = [{ TagKey: "a", TagValue: "b" }];
  const tagged = await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-north-1", Tags }));
  expect(tagged.ReplicaTags).toEqual(Tags);
});

test("a primary key waits for its replicas to go before its own window begins", async () => {
  const { cloud, kms, far, KeyId, describe } = await withReplica();
  const PendingWindowInDays = 7;
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  expect(await describe(kms)).toMatchObject({ KeyState: "PendingReplicaDeletion", PendingDeletionWindowInDays: 7 });
  await far.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays }));
  await cloud.clock.advance(7 * 86_400);
  await expect(describe(far)).rejects.toMatchObject({ name: "NotFoundException" });
  expect(await describe(kms)).toMatchObject({ KeyState: "PendingDeletion" });
  await cloud.clock.advance(7 * 86_400);
  await expect(describe(kms)).rejects.toMatchObject({ name: "NotFoundException" });
});

test("a replica becomes the primary key", async () => {
  const { kms, far, KeyId, describe } = await withReplica();
  await kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: FAR }));
  expect(await describe(far)).toMatchObject({
    MultiRegionConfiguration: { MultiRegionKeyType: "PRIMARY", ReplicaKeys: [{ Region: "us-east-1" }] },
  });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: "eu-north-1" }))).rejects.toMatchObject({
    name: "UnsupportedOperationException",
    message: expect.stringMatching(/is not a multi-region primary key\.$/),
  });
});

test("a key of one region is in no other", async () => {
  const { cloud, KeyId, arn } = await withKey();
  const far = cloud.client(KMSClient, undefined, { region: FAR });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json
  await expect(far.send(new DescribeKeyCommand({ KeyId }))).rejects.toMatchObject({
    message: `Key 'arn:aws:kms:${FAR}:000000000000:key/${KeyId}' does not exist`,
  });
  await expect(far.send(new DescribeKeyCommand({ KeyId: arn }))).rejects.toMatchObject({
    message: "Invalid arn us-east-1",
  });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html (automatic rotation is the primary key's)
test("a key goes on being rotated where it became primary, as often as it is said there", async () => {
  const { cloud, kms, far, KeyId } = await withReplica();
  const day = 86_400;
  await kms.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 90 }));
  await kms.send(new UpdatePrimaryRegionCommand({ KeyId, PrimaryRegion: FAR }));
  const rotations = async (from: KMSClient) =>
    (await from.send(new ListKeyRotationsCommand({ KeyId }))).Rotations?.length;
  await cloud.clock.advance(90 * day);
  expect([await rotations(kms), await rotations(far)]).toEqual([1, 1]);
  await far.send(new DisableKeyRotationCommand({ KeyId }));
  await cloud.clock.advance(30 * day);
  await far.send(new EnableKeyRotationCommand({ KeyId, RotationPeriodInDays: 100 }));
  await cloud.clock.advance(90 * day);
  expect(await rotations(far)).toBe(1);
  await cloud.clock.advance(10 * day);
  expect([await rotations(kms), await rotations(far)]).toEqual([2, 2]);
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-import.html
test("a replica takes the material of its primary key, and no other", async () => {
  const secret = randomBytes(32);
  const { kms, far, KeyId, describe } = await withReplica(secret);
  expect(await describe(far)).toMatchObject({ KeyState: "PendingImport" });
  for (const wrong of [{}, { ImportType: "NEW_KEY_MATERIAL" } as const]) {
    await expect(importSecret(far, KeyId, { secret: randomBytes(32), ...wrong })).rejects.toMatchObject({
      name: "IncorrectKeyMaterialException",
    });
  }
  await importSecret(far, KeyId, { secret });
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  expect(await far.send(new DecryptCommand({ CiphertextBlob }))).toHaveProperty("Plaintext");
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_RotationsListEntry.html (KeyMaterialState),
// https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html
test("new material of a key of several regions waits until all of them have it", async () => {
  const [old, young] = [randomBytes(32), randomBytes(32)];
  const { kms, far, KeyId } = await withReplica(old);
  await importSecret(far, KeyId, { secret: old });
  await importSecret(kms, KeyId, { secret: young, ImportType: "NEW_KEY_MATERIAL" });
  const states = async (from: KMSClient) => {
    const asked = new ListKeyRotationsCommand({ KeyId, IncludeKeyMaterial: "ALL_KEY_MATERIAL" });
    return (await from.send(asked)).Rotations?.map(({ KeyMaterialState }) => KeyMaterialState);
  };
  expect(await states(kms)).toEqual(["CURRENT", "PENDING_MULTI_REGION_IMPORT_AND_ROTATION"]);
  await expect(kms.send(new RotateKeyOnDemandCommand({ KeyId }))).rejects.toMatchObject({
    name: "KMSInvalidStateException",
  });
  await importSecret(far, KeyId, { secret: young, ImportType: "EXISTING_KEY_MATERIAL" });
  expect(await states(kms)).toEqual(["CURRENT", "PENDING_ROTATION"]);
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  expect([await states(kms), await states(far)]).toEqual(Array.from({ length: 2 }, () => ["NON_CURRENT", "CURRENT"]));
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }));
  expect(await far.send(new DecryptCommand({ CiphertextBlob }))).toHaveProperty("Plaintext");
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html (multi-Region keys)
test("material that waits is forgotten everywhere where the primary key loses it, and what a replica loses the others keep", async () => {
  const old = randomBytes(32);
  const { kms, far, KeyId, describe } = await withReplica(old);
  await importSecret(far, KeyId, { secret: old });
  const asked = { secret: randomBytes(32), ImportType: "NEW_KEY_MATERIAL" } as const;
  const { KeyMaterialId } = await importSecret(kms, KeyId, asked);
  await kms.send(new DeleteImportedKeyMaterialCommand({ KeyId, KeyMaterialId }));
  await expect(importSecret(far, KeyId, { secret: asked.secret })).rejects.toMatchObject({
    name: "IncorrectKeyMaterialException",
  });
  await far.send(new DeleteImportedKeyMaterialCommand({ KeyId }));
  expect(await describe(far)).toMatchObject({ KeyState: "PendingImport" });
  expect(await describe(kms)).toMatchObject({ KeyState: "Enabled" });
});

// Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html (KeyLastUsage: none since TrackingStartDate)
test("a replica that is made again has not been used", async () => {
  const { cloud, kms, far, KeyId } = await withReplica();
  await far.send(new EncryptCommand({ KeyId, Plaintext }));
  await far.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await cloud.clock.advance(7 * 86_400);
  await kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion: FAR }));
  expect((await far.send(new GetKeyLastUsageCommand({ KeyId }))).KeyLastUsage).toEqual({});
});

// Source: https://docs.aws.amazon.com/kms/latest/developerguide/multi-region-keys-replicate.html
test("a key is replicated to Regions of its own partition", async () => {
  const { kms, KeyId } = await withKey({ MultiRegion: true });
  for (const ReplicaRegion of ["cn-north-1", "eu-nowhere-9"]) {
    await expect(kms.send(new ReplicateKeyCommand({ KeyId, ReplicaRegion }))).rejects.toMatchObject({
      name: "UnsupportedOperationException",
    });
  }
});
