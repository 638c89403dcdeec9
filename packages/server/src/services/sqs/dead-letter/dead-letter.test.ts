import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../../test/queues.ts";

const ARN = "arn:aws:sqs:us-east-1:000000000000:";

test("a redrive policy is refused as it was given", async () => {
  const world = await queueWorld();
  await world.create("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: "often" });
  await expect(world.create("work", { RedrivePolicy })).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: expect.stringContaining(`Value ${RedrivePolicy} for parameter RedrivePolicy is invalid.`),
  });
});

test("what was received too often goes to the dead letters, and a task brings it back", async () => {
  const world = await queueWorld();
  const dead = await world.create("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 1 });
  const queue = await world.create("work", { RedrivePolicy, VisibilityTimeout: "5" });
  await world.send(queue, "poison");
  expect(await world.receive(queue)).toHaveLength(1);
  await world.cloud.clock.advance(5);
  expect(await world.receive(queue)).toEqual([]);
  const [letter] = await world.receive(dead, { MessageSystemAttributeNames: ["All"], VisibilityTimeout: 0 });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_dead_letter_queue_message_attributes)
  expect(letter).toMatchObject({
    Body: "poison",
    Attributes: { DeadLetterQueueSourceArn: `${ARN}work`, ApproximateReceiveCount: "2" },
  });
  const sources = await world.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  expect(sources.queueUrls).toEqual([queue]);
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: `${ARN}dead` }));
  await world.cloud.clock.advance(1);
  const { Results } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: `${ARN}dead` }));
  expect(Results).toMatchObject([
    { Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 },
  ]);
  // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (new messages)
  const [back] = await world.receive(queue, { MessageSystemAttributeNames: ["All"] });
  expect(back).toMatchObject({ Body: "poison", Attributes: { ApproximateReceiveCount: "1" } });
  expect(back?.Attributes?.DeadLetterQueueSourceArn).toBeUndefined();
  expect(back?.MessageId).not.toBe(letter?.MessageId);
});

const handleOf = (sourceArn: string): string =>
  Buffer.from(JSON.stringify({ taskId: "none", sourceArn })).toString("base64");

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json
test("a task ends where its destination is gone, and handles of no task are told apart", async () => {
  const world = await queueWorld();
  const dead = await world.create("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 1 });
  await world.create("work", { RedrivePolicy });
  const other = await world.create("other");
  for (const text of ["one", "two", "three"]) await world.send(dead, text);
  await world.sqs.send(
    new StartMessageMoveTaskCommand({
      SourceArn: `${ARN}dead`,
      DestinationArn: `${ARN}other`,
      MaxNumberOfMessagesPerSecond: 1,
    }),
  );
  await world.cloud.clock.advance(0);
  await world.sqs.send(new DeleteQueueCommand({ QueueUrl: other }));
  await world.cloud.clock.advance(1);
  const { Results } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: `${ARN}dead` }));
  expect(Results).toMatchObject([
    {
      Status: "FAILED",
      FailureReason: "AWS.SimpleQueueService.NonExistentQueue",
      ApproximateNumberOfMessagesMoved: 1,
      ApproximateNumberOfMessagesToMove: 3,
    },
  ]);
  const cancel = (handle: string) => world.sqs.send(new CancelMessageMoveTaskCommand({ TaskHandle: handle }));
  await expect(cancel("foobared")).rejects.toMatchObject({
    name: "InvalidParameterValue",
    message: "Value for parameter TaskHandle is invalid.",
  });
  await expect(cancel(handleOf(`${ARN}nowhere`))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
    message: "The resource that you specified for the SourceArn parameter doesn't exist.",
  });
  await expect(cancel(handleOf("arn:aws:sqs:us-east-1:111111111111:dead"))).rejects.toThrow("SourceArn parameter");
  await expect(cancel(handleOf(`${ARN}dead`))).rejects.toThrow("Task does not exist.");
});

test("a queue of dead letters takes them from those alone that it allows", async () => {
  const world = await queueWorld();
  const RedriveAllowPolicy = JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [`${ARN}friend`] });
  await world.create("dead", { RedriveAllowPolicy });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: "3" });
  const queue = await world.create("friend", { RedrivePolicy });
  const { Attributes } = await world.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["RedrivePolicy"] }),
  );
  expect(JSON.parse(Attributes?.RedrivePolicy ?? "{}")).toMatchObject({ maxReceiveCount: 3 });
  await expect(world.create("stranger", { RedrivePolicy })).rejects.toMatchObject({ name: "InvalidParameterValue" });
});

// Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sqs/queue_test.go (redrivePolicy, redriveAllowPolicy)
test("policies about dead letters are read back without blanks and in one order", async () => {
  const world = await queueWorld();
  const read = async (QueueUrl: string) =>
    (await world.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }))).Attributes;
  const dead = await world.create("dead", {
    RedriveAllowPolicy: `{\n  "sourceQueueArns": ["${ARN}work"],\n  "redrivePermission": "byQueue"\n}\n`,
  });
  expect((await read(dead))?.RedriveAllowPolicy).toBe(
    `{"redrivePermission":"byQueue","sourceQueueArns":["${ARN}work"]}`,
  );
  const work = await world.create("work", {
    RedrivePolicy: `{\n  "maxReceiveCount": 3,\n  "deadLetterTargetArn": "${ARN}dead"\n}\n`,
  });
  expect((await read(work))?.RedrivePolicy).toBe(`{"deadLetterTargetArn":"${ARN}dead","maxReceiveCount":3}`);
});

test("a queue of dead letters has to be there, and of the same kind", async () => {
  const world = await queueWorld();
  const queue = await world.create("work");
  await world.create("dead.fifo", { FifoQueue: "true" });
  for (const name of ["dead.fifo", "nowhere"]) {
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: ARN + name, maxReceiveCount: 1 });
    const set = world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { RedrivePolicy } }));
    await expect(set).rejects.toMatchObject({ name: "InvalidParameterValue" });
  }
});

test("no task moves letters to where they are", async () => {
  const world = await queueWorld();
  const QueueUrl = await world.create("own", { VisibilityTimeout: "1" });
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}own`, maxReceiveCount: 1 });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }));
  await world.send(QueueUrl, "poison");
  await world.receive(QueueUrl);
  await world.cloud.clock.advance(2);
  await world.receive(QueueUrl);
  await world.cloud.clock.advance(2);
  const SourceArn = `${ARN}own`;
  await expect(
    world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn: SourceArn })),
  ).rejects.toMatchObject({ name: "InvalidParameterValue" });
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn }));
  await world.cloud.clock.advance(60);
  const { Results } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn }));
  expect(Results).toMatchObject([{ Status: "FAILED", FailureReason: "CouldNotDetermineMessageSource" }]);
});

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (note)
test("a letter of a FIFO queue has its own id for what it is told apart by", async () => {
  const world = await queueWorld();
  const fifo = { FifoQueue: "true", ContentBasedDeduplication: "true" };
  const dead = await world.create("dead.fifo", fifo);
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead.fifo`, maxReceiveCount: 1 });
  const queue = await world.create("work.fifo", { ...fifo, RedrivePolicy, VisibilityTimeout: "1" });
  const id = await world.send(queue, "poison", { MessageGroupId: "a", MessageDeduplicationId: "order-1" });
  await world.receive(queue);
  await world.cloud.clock.advance(2);
  await world.receive(queue);
  const [letter] = await world.receive(dead, { MessageSystemAttributeNames: ["All"] });
  expect(letter).toMatchObject({ MessageId: id, Attributes: { MessageDeduplicationId: id, MessageGroupId: "a" } });
});

test("messages that came back stand among others by when they did, so that each goes when its time is over", async () => {
  const world = await queueWorld();
  const dead = await world.create("dead");
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 1 });
  const queue = await world.create("work", { RedrivePolicy, VisibilityTimeout: "1", MessageRetentionPeriod: "60" });
  await world.send(queue, "first");
  await world.receive(queue);
  await world.cloud.clock.advance(2);
  await world.receive(queue);
  expect(await world.receive(dead, { VisibilityTimeout: 0 })).toHaveLength(1);
  await world.cloud.clock.advance(28);
  await world.send(queue, "second");
  await world.cloud.clock.advance(20);
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: `${ARN}dead` }));
  await world.cloud.clock.advance(1);
  const length = async () => {
    const asked = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ["ApproximateNumberOfMessages"] });
    return (await world.sqs.send(asked)).Attributes?.ApproximateNumberOfMessages;
  };
  expect(await length()).toBe("2");
  await world.cloud.clock.advance(41);
  expect(await length()).toBe("1");
  expect(await world.receive(queue)).toMatchObject([{ Body: "first" }]);
});

test.each(["RedrivePolicy", "RedriveAllowPolicy"])("%s that is nested too deep is no JSON", async (name) => {
  const world = await queueWorld();
  const text = `{"x":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;
  await expect(world.create("work", { [name]: text })).rejects.toMatchObject({ name: "InvalidParameterValue" });
});
