import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { table } from "../../kernel/table.ts";
import { makeUser } from "../../../test/identities.ts";
import { countRows, lastingStore } from "../../../test/lasting-store.ts";
import { queueWorld } from "../../../test/queues.ts";

async function encryptedQueue() {
  const world = await queueWorld();
  const kms = world.cloud.client(KMSClient);
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
  const KeyId = KeyMetadata?.KeyId ?? "";
  const queue = await world.create("secret", { KmsMasterKeyId: KeyId, KmsDataKeyReusePeriodSeconds: "60" });
  return { ...world, kms, KeyId, queue };
}

test("messages are encrypted with the queue's key, and cannot be read while it is disabled", async () => {
  const { kms, KeyId, queue, ...world } = await encryptedQueue();
  await world.send(queue, "secret");
  await kms.send(new DisableKeyCommand({ KeyId }));
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html (KmsDisabled)
  await expect(world.receive(queue)).rejects.toMatchObject({ name: "KmsDisabled" });
  await kms.send(new EnableKeyCommand({ KeyId }));
  expect(await world.receive(queue)).toMatchObject([{ Body: "secret" }]);
});

test("a data key is used again for as long as the queue says, then KMS is asked anew", async () => {
  const { kms, KeyId, queue, ...world } = await encryptedQueue();
  await world.send(queue, "one");
  await kms.send(new DisableKeyCommand({ KeyId }));
  await world.send(queue, "two");
  await world.cloud.clock.advance(60);
  await expect(world.send(queue, "three")).rejects.toMatchObject({ name: "KmsDisabled" });
});

test("who may send but not use the key is refused", async () => {
  const { queue, KeyId, ...world } = await encryptedQueue();
  const sender = world.clientOf(await makeUser(world.cloud, "sender", { allow: ["sqs:*"] }));
  const send = sender.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "x" }));
  await expect(send).rejects.toMatchObject({ name: "KmsAccessDenied" });
  const user = await makeUser(world.cloud, "keyed", { allow: ["sqs:*", "kms:GenerateDataKey", "kms:Decrypt"] });
  const keyed = world.clientOf(user);
  await keyed.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: "x" }));
  const { Messages } = await keyed.send(new ReceiveMessageCommand({ QueueUrl: queue }));
  expect(Messages).toMatchObject([{ Body: "x" }]);
  const { Attributes } = await world.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["KmsMasterKeyId", "SqsManagedSseEnabled"] }),
  );
  expect(Attributes).toEqual({ KmsMasterKeyId: KeyId, SqsManagedSseEnabled: "false" });
});

test.each(["of today", "that an earlier version kept"])(
  "data keys %s that are over go with the next one, whoever they were made for, and with the queue",
  async (age) => {
    const { open, rewrite } = lastingStore();
    let cloud = await open();
    const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
    const Attributes = { KmsMasterKeyId: KeyMetadata?.KeyId ?? "", KmsDataKeyReusePeriodSeconds: "60" };
    const { QueueUrl } = await cloud
      .client(SQSClient)
      .send(new CreateQueueCommand({ QueueName: "secret", Attributes }));
    const send = async (name: string) => {
      const user = await makeUser(cloud, name, { allow: ["sqs:*", "kms:*"] });
      await cloud.client(SQSClient, user).send(new SendMessageCommand({ QueueUrl, MessageBody: "x" }));
    };
    for (const name of ["one", "two", "three"]) await send(name);
    await cloud.clock.advance(60);
    await cloud.close();
    await rewrite(async (tx) => {
      expect(await countRows("sqs.data-key", tx)).toBe(3);
      if (age !== "of today") await tx.clear(everyEnd, { limit: 100 });
    });
    cloud = await open();
    for (const name of ["four", "five"]) await send(name);
    await cloud.close();
    await rewrite(async (tx) => expect(await countRows("sqs.data-key", tx)).toBe(2));
    cloud = await open();
    await cloud.client(SQSClient).send(new DeleteQueueCommand({ QueueUrl }));
    await cloud.clock.advance(60);
    await cloud.close();
    await rewrite(async (tx) => {
      for (const name of ["sqs.data-key", everyEnd.name]) expect([name, await countRows(name, tx)]).toEqual([name, 0]);
    });
  },
);

const everyEnd = table<object>("sqs.data-key-end", "region", () => []);
