import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { queueWorld } from "../../../test/queues.ts";

const WEEK = 7 * 86_400;

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
test("what was held a week ago is there again, once, and what nobody took is over by then", async () => {
  const world = await queueWorld();
  const kept = await world.create("kept", { MessageRetentionPeriod: String(2 * WEEK) });
  const usual = await world.create("usual");
  for (const queue of [kept, usual]) {
    for (let at = 0; at < 25; at++) await world.send(queue, String(at));
    expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(10);
  }
  await world.cloud.clock.advance(WEEK);
  const bodies: (string | undefined)[] = [];
  for (;;) {
    const some = await world.receive(kept, { MaxNumberOfMessages: 10 });
    if (some.length === 0) break;
    bodies.push(...some.map(({ Body }) => Body));
  }
  expect(bodies).toHaveLength(25);
  expect(new Set(bodies)).toEqual(new Set(Array.from({ length: 25 }, (_, at) => String(at))));
  // four days, where nobody says otherwise
  expect(await world.receive(usual)).toEqual([]);
});

test("who waits while time jumps gets what the jump shows", async () => {
  const world = await queueWorld();
  const queue = await world.create("jobs", { VisibilityTimeout: "15" });
  await world.send(queue, "one");
  expect(await world.receive(queue)).toHaveLength(1);
  const waiting = world.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, WaitTimeSeconds: 20 }));
  // the receive has begun once another call is through
  await world.cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "other" }));
  await world.cloud.clock.advance(3600);
  expect((await waiting).Messages?.map(({ Body }) => Body)).toEqual(["one"]);
});
