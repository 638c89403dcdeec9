import { CreateKeyCommand, KMSClient, RotateKeyOnDemandCommand, ScheduleKeyDeletionCommand } from "@aws-sdk/client-kms";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/kms-events.html */
test("event buses hear of keys that are rotated and deleted", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q", { MessageRetentionPeriod: "1209600" });
  await world.rule("r", { source: ["aws.kms"] }, [{ Id: "1", Arn: queue.arn }]);
  const kms = world.cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const { KeyId, Arn, CurrentKeyMaterialId } = KeyMetadata ?? {};
  await kms.send(new RotateKeyOnDemandCommand({ KeyId }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId, PendingWindowInDays: 7 }));
  await world.cloud.clock.advance(8 * 86_400);
  const [rotated, deleted, ...more] = (await queue.bodies()).map((body) => JSON.parse(body));
  expect(rotated).toMatchObject({
    "detail-type": "KMS CMK Rotation",
    resources: [Arn],
    detail: {
      "key-id": KeyId,
      "key-origin": "AWS_KMS",
      "rotation-type": "ON_DEMAND",
      "previous-key-material-id": CurrentKeyMaterialId,
      "current-key-material-id": expect.stringMatching(/^[\da-f]{64}$/),
    },
  });
  expect(deleted).toMatchObject({ "detail-type": "KMS CMK Deletion", detail: { "key-id": KeyId } });
  expect(more).toEqual([]);
});
