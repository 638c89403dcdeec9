import {
  DecryptCommand,
  DescribeKeyCommand,
  EncryptCommand,
  KMSClient,
  ReplicateKeyCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdatePrimaryRegionCommand,
} from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { withKey } from "../../../test/keys.ts";

const Plaintext = Buffer.from("attack at dawn");
const FAR = "eu-west-1";

async function withReplica() {
  const world = await withKey({ MultiRegion: true });
  const { cloud, kms, KeyId } = world;
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
