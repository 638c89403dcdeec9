import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetTopicAttributesCommand,
  PublishBatchCommand,
  PublishCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { makeUser } from "../../../../test/identities.ts";
import { countRows, lastingStore } from "../../../../test/lasting-store.ts";

test("who was let in by KMS is forgotten a while later, and with the topic", async () => {
  const { open, rewrite } = lastingStore();
  let cloud = await open();
  const { KeyMetadata } = await cloud.client(KMSClient).send(new CreateKeyCommand({}));
  const Attributes = { KmsMasterKeyId: KeyMetadata?.KeyId ?? "" };
  const { TopicArn } = await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "orders", Attributes }));
  for (let at = 0; at < 6; at++) {
    const user = await makeUser(cloud, `user-${at}`, { allow: ["sns:*", "kms:*"] });
    await cloud.client(SNSClient, user).send(new PublishCommand({ TopicArn, Message: "hello" }));
    await cloud.clock.advance(600);
  }
  await cloud.close();
  await rewrite(async (tx) => expect(await countRows("sns.key-use", tx)).toBe(1));
  cloud = await open();
  await cloud.client(SNSClient).send(new DeleteTopicCommand({ TopicArn }));
  await cloud.close();
  await rewrite(async (tx) => {
    for (const name of ["sns.key-use", "sns.key-use-end"]) expect([name, await countRows(name, tx)]).toEqual([name, 0]);
  });
});

test("a subscription takes along how far it was with what it wanted once more", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const sns = cloud.client(SNSClient);
  const Attributes = { FifoTopic: "true", ArchivePolicy: '{"MessageRetentionPeriod":"1"}' };
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders.fifo", Attributes }));
  const ReplayPolicy = JSON.stringify({ PointType: "Timestamp", StartingPoint: cloud.clock.now().toISOString() });
  const Endpoint = "arn:aws:sqs:us-east-1:000000000000:late.fifo";
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint, Attributes: { ReplayPolicy } }));
  await cloud.clock.advance(1);
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "ArchivePolicy", AttributeValue: "{}" }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  await cloud.close();
  await rewrite(async (tx) => expect(await countRows("sns.replay", tx)).toBe(0));
});

test("an archive that is begun anew is not emptied with the one before", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const sns = cloud.client(SNSClient);
  const ArchivePolicy = '{"MessageRetentionPeriod":"1"}';
  const Attributes = { FifoTopic: "true", ArchivePolicy };
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders.fifo", Attributes }));
  const publish = (batch: number) => {
    const entry = (at: number) => ({
      MessageGroupId: "all",
      MessageDeduplicationId: `${batch}-${at}`,
      Message: "hello",
    });
    const PublishBatchRequestEntries = Array.from({ length: 10 }, (_, at) => ({ Id: `${at}`, ...entry(at) }));
    return sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }));
  };
  const keep = (AttributeValue: string) =>
    sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "ArchivePolicy", AttributeValue }));
  for (let batch = 0; batch < 103; batch++) await publish(batch);
  await keep("{}");
  await keep(ArchivePolicy);
  await publish(103);
  await cloud.clock.advance(1);
  const { Attributes: shown } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
  expect(shown).toHaveProperty("BeginningArchiveTime");
  await cloud.close();
  await rewrite(async (tx) => expect(await countRows("sns.archived", tx)).toBe(10));
});
