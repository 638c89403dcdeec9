/** What becomes of everything that is on its way where time jumps or stands still, a target hangs, or the cloud is emptied. */
import { createServer } from "node:http";
import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect, onTestFinished, test } from "vitest";
import { serviceKit } from "../../src/service/operation.ts";
import { defineService } from "../../src/service/service.ts";
import { eventWorld } from "../event-world.ts";
import { functionWorld } from "../functions.ts";
import { makeQueue, makeRole, openQueue, queueArn, received } from "../schedules.ts";
import { testCloud } from "../test-cloud.ts";
import { topicWorld } from "../topics.ts";

const WEEK_SECONDS = 7 * 86_400;
const FOURTEEN_DAYS = String(2 * WEEK_SECONDS);

test("schedules fire in the order of their times where a week passes at once", async () => {
  const cloud = await testCloud();
  await makeQueue(cloud, "days.fifo", {
    FifoQueue: "true",
    MessageRetentionPeriod: FOURTEEN_DAYS,
    ContentBasedDeduplication: "true",
  });
  const RoleArn = await makeRole(cloud, {
    name: "runner",
    service: "scheduler.amazonaws.com",
    actions: ["sqs:SendMessage"],
  });
  const scheduler = cloud.client(SchedulerClient);
  for (const hour of [20, 4, 12]) {
    const SqsParameters = { MessageGroupId: "day" };
    await scheduler.send(
      new CreateScheduleCommand({
        Name: `at-${hour}`,
        ScheduleExpression: `cron(0 ${hour} * * ? *)`,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: queueArn("days.fifo"), RoleArn, Input: "<aws.scheduler.scheduled-time>", SqsParameters },
      }),
    );
  }
  await cloud.clock.advance(WEEK_SECONDS);
  const QueueUrl = "http://localhost:4566/000000000000/days.fifo";
  const sqs = cloud.client(SQSClient);
  const times: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) break;
    for (const { Body = "", ReceiptHandle } of Messages) {
      times.push(Body);
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
  }
  expect(times).toHaveLength(21);
  const hours = times.map((time) => Date.parse(time) / 3_600_000);
  expect(hours.slice(1).map((hour, at) => hour - (hours[at] ?? 0))).toEqual(Array.from({ length: 20 }, () => 8));
});

test("where time stands still what happens is delivered, and no schedule comes round", async () => {
  const world = await eventWorld();
  await world.cloud.cloud.clock.freeze();
  const queue = await world.queue("orders");
  await world.rule("orders", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn, InputPath: "$.detail" }]);
  const minutes = await world.queue("minutes");
  await world.events.send(new PutRuleCommand({ Name: "minutes", ScheduleExpression: "rate(1 minute)" }));
  await world.events.send(new PutTargetsCommand({ Rule: "minutes", Targets: [{ Id: "1", Arn: minutes.arn }] }));
  await world.put({ Source: "shop", DetailType: "order", Detail: "{}" });
  expect(await queue.bodies()).toEqual(["{}"]);
  expect(await minutes.bodies()).toEqual([]);
  await world.cloud.clock.advance(180);
  expect(await minutes.bodies()).toHaveLength(3);
});

test("a subscriber that never answers keeps the message from nobody", async () => {
  const world = await topicWorld();
  const asked = Promise.withResolvers<void>();
  const silent = createServer(() => asked.resolve());
  await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const address = silent.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const topic = await world.topic("orders");
  const Endpoint = `http://127.0.0.1:${port}/`;
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "http", Endpoint }));
  const { queue } = await world.listener(topic, "orders");
  await asked.promise;
  await world.publish(topic, "hello");
  expect(await world.receive(queue, { WaitTimeSeconds: 20 })).toHaveLength(1);
});

type KinesisSdk = typeof import("@aws-sdk/client-kinesis");

/** A service that breaks as often as `breaks` says. */
function brokenStreams(breaks: () => boolean) {
  const { operation } = serviceKit<KinesisSdk>("kinesis");
  const putRecord = operation("PutRecord", {
    authorize: () => ({ action: "kinesis:PutRecord", resource: "*" }),
    handle() {
      if (breaks()) throw new TypeError("not what it should be");
      return Promise.resolve({ ShardId: "shardId-000000000000", SequenceNumber: "1" });
    },
  });
  return defineService("kinesis", { operations: [putRecord] });
}

test("a delivery that fails for a fault of a service is tried again, is seen, and ends among the dead letters", async () => {
  const faults: string[] = [];
  let tries = 0;
  const kinesis = brokenStreams(() => ++tries <= 8);
  const report = (error: unknown): void => void faults.push(String(error));
  const world = await eventWorld({ services: { kinesis }, report });
  const dead = await world.queue("dead");
  const kept = await world.queue("kept");
  const order = { name: "streamer", service: "events.amazonaws.com", actions: ["kinesis:PutRecord"] };
  const RoleArn = await makeRole(world.cloud, order);
  const Arn = "arn:aws:kinesis:us-east-1:000000000000:stream/clicks";
  const given = { RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: dead.arn } };
  await world.rule("clicks", { source: ["shop"] }, [
    { Id: "patient", Arn, RoleArn },
    { Id: "short", Arn, RoleArn, ...given },
    { Id: "kept", Arn: kept.arn },
  ]);
  await world.put({ Source: "shop", DetailType: "click", Detail: "{}" });
  expect(await kept.bodies()).toHaveLength(1);
  const [failing] = await world.cloud.cloud.deliveries(1);
  expect(failing?.error).toBe("InternalFailure: the receiver's service failed");
  await world.cloud.clock.advance(3600);
  expect(await dead.bodies()).toHaveLength(1);
  expect(tries).toBe(9);
  expect(faults).toEqual(Array.from({ length: 8 }, () => "TypeError: not what it should be"));
});

test("a group of a FIFO topic that cannot be delivered stops no other group", async () => {
  const world = await topicWorld();
  const topic = await world.topic("steps.fifo", { FifoTopic: "true" });
  const { queue } = await world.listener(topic, "open.fifo");
  await world.create("closed.fifo", { FifoQueue: "true" });
  const Endpoint = queueArn("closed.fifo");
  await world.sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: "sqs", Endpoint }));
  for (const at of [1, 2, 3]) {
    const named = { MessageGroupId: `group-${at}`, MessageDeduplicationId: String(at) };
    await world.sns.send(new PublishCommand({ TopicArn: topic, Message: String(at), ...named }));
  }
  await world.cloud.clock.advance(1);
  expect(await world.receive(queue, { MaxNumberOfMessages: 10 })).toHaveLength(3);
});

test("nothing of what was on its way reaches those who have the same names in an emptied cloud", async () => {
  const faults: unknown[] = [];
  const world = await functionWorld({ report: (error) => faults.push(error) });
  const { cloud } = world;
  const sqs = cloud.client(SQSClient);
  const build = async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "jobs" }));
    await openQueue(cloud, "later", "sns");
    return QueueUrl;
  };
  const jobs = await build();
  const Role = await world.role("reader", "sqs:*");
  await world.create("slow", "export const handler = () => new Promise(() => {});", { Role, Timeout: 20 });
  const EventSourceArn = queueArn("jobs");
  await world.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "slow", EventSourceArn }));
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn("absent") }));
  const events = await eventWorld({}, cloud);
  await events.events.send(new PutRuleCommand({ Name: "each", ScheduleExpression: "rate(1 minute)" }));
  const Targets = [{ Id: "1", Arn: queueArn("later") }];
  await events.events.send(new PutTargetsCommand({ Rule: "each", Targets }));
  await sqs.send(new SendMessageCommand({ QueueUrl: jobs, MessageBody: "from before" }));
  await sns.send(new PublishCommand({ TopicArn, Message: "from before" }));
  // the function has it, and takes its time
  const hidden = async () => {
    const asked = { QueueUrl: jobs, AttributeNames: ["ApproximateNumberOfMessagesNotVisible" as const] };
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand(asked));
    return Attributes["ApproximateNumberOfMessagesNotVisible"];
  };
  await expect.poll(hidden).toBe("1");

  await cloud.cloud.reset();
  await build();
  await openQueue(cloud, "absent", "sns");
  await cloud.clock.advance(2 * 3600);
  for (const name of ["jobs", "later", "absent"]) {
    expect(await received(cloud, `http://localhost:4566/000000000000/${name}`)).toEqual([]);
  }
  expect(await cloud.cloud.deliveries(10)).toEqual([]);
  expect(faults).toEqual([]);
});
