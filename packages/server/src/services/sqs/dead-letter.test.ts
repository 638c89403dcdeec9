import {
  GetQueueAttributesCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  SetQueueAttributesCommand,
  StartMessageMoveTaskCommand,
} from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../test/queues.ts";

const ARN = "arn:aws:sqs:us-east-1:000000000000:";

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
  expect(letter).toMatchObject({ Body: "poison", Attributes: { DeadLetterQueueSourceArn: `${ARN}work` } });
  const sources = await world.sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: dead }));
  expect(sources.queueUrls).toEqual([queue]);
  await world.sqs.send(new StartMessageMoveTaskCommand({ SourceArn: `${ARN}dead` }));
  await world.cloud.clock.advance(1);
  const { Results } = await world.sqs.send(new ListMessageMoveTasksCommand({ SourceArn: `${ARN}dead` }));
  expect(Results).toMatchObject([
    { Status: "COMPLETED", ApproximateNumberOfMessagesMoved: 1, ApproximateNumberOfMessagesToMove: 1 },
  ]);
  expect(await world.receive(queue)).toMatchObject([{ Body: "poison" }]);
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
