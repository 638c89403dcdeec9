import {
  ChangeMessageVisibilityBatchCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

async function received() {
  const cloud = await testCloud();
  const sqs = cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  for (const MessageBody of ["1", "2"]) await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody }));
  const receive = async () =>
    (await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }))).Messages ?? [];
  // in a standard queue those of one moment come in any order
  const [one, two] = (await receive()).toSorted((a, b) => Number(a.Body) - Number(b.Body));
  const change = (...entries: readonly { Id: string; ReceiptHandle?: string; VisibilityTimeout: number }[]) =>
    sqs.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: entries.map(({ ReceiptHandle, ...entry }) => ({ ...entry, ReceiptHandle })),
      }),
    );
  return { cloud, change, receive, one: one?.ReceiptHandle ?? "", two: two?.ReceiptHandle ?? "" };
}

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html
test("messages are put off, or given back, each for itself", async () => {
  const { cloud, change, receive, one, two } = await received();
  const { Successful, Failed } = await change(
    { Id: "a", ReceiptHandle: one, VisibilityTimeout: 0 },
    { Id: "b", ReceiptHandle: two, VisibilityTimeout: 300 },
  );
  expect([Successful, Failed]).toEqual([[{ Id: "a" }, { Id: "b" }], undefined]);
  expect((await receive()).map(({ Body }) => Body)).toEqual(["1"]);
  await cloud.clock.advance(299);
  expect((await receive()).map(({ Body }) => Body)).toEqual(["1"]);
  await cloud.clock.advance(2);
  expect((await receive()).map(({ Body }) => Body)).toEqual(["2"]);
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_BatchResultErrorEntry.html
test("an entry that fails is told apart, and the others are done", async () => {
  const { change, receive, one } = await received();
  const { Successful, Failed } = await change(
    { Id: "good", ReceiptHandle: one, VisibilityTimeout: 0 },
    { Id: "bad", ReceiptHandle: "none", VisibilityTimeout: 0 },
  );
  expect(Successful).toEqual([{ Id: "good" }]);
  expect(Failed).toMatchObject([{ Id: "bad", SenderFault: true, Code: "ReceiptHandleIsInvalid" }]);
  expect((await receive()).map(({ Body }) => Body)).toEqual(["1"]);
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibilityBatch.html (Errors)
test("no entries, and two of one id, are refused", async () => {
  const { change, one } = await received();
  await expect(change()).rejects.toMatchObject({ name: "EmptyBatchRequest" });
  const entry = { Id: "a", ReceiptHandle: one, VisibilityTimeout: 1 };
  await expect(change(entry, entry)).rejects.toMatchObject({ name: "BatchEntryIdsNotDistinct" });
});
