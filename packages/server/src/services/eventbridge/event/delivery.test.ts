import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateEventBusCommand, EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, DeleteQueueCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";

const EVENT = { Source: "shop", DetailType: "order", Detail: '{"n":1}' } as const;

type World = Awaited<ReturnType<typeof eventWorld>>;

/** Of the last hour. */
const sumsOf = (world: World, dimensions: Readonly<Record<string, string>>) => async (MetricName: string) => {
  const { Datapoints } = await world.cloud.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Events",
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(world.cloud.clock.now().getTime() - 3_600_000),
      EndTime: world.cloud.clock.now(),
      Period: 3600,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints?.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
};

test("a queue that does not let the rule in gets nothing, and a dead letter says so at once", async () => {
  const world = await eventWorld();
  const dead = await world.queue("dead");
  await world.sqs.send(new CreateQueueCommand({ QueueName: "shut" }));
  const Arn = "arn:aws:sqs:us-east-1:000000000000:shut";
  const target = { Id: "1", Arn, DeadLetterConfig: { Arn: dead.arn } };
  const rule = await world.rule("r", { source: ["shop"] }, [target]);
  await world.put(EVENT);
  const [letter] = await dead.messages();
  expect(JSON.parse(letter?.Body ?? "")).toMatchObject({ source: "shop", detail: { n: 1 } });
  // Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-event-delivery.html#eb-rule-dlq
  const { RULE_ARN, TARGET_ARN, ERROR_CODE, RETRY_ATTEMPTS, EXHAUSTED_RETRY_CONDITION } =
    letter?.MessageAttributes ?? {};
  expect([RULE_ARN, TARGET_ARN, ERROR_CODE, RETRY_ATTEMPTS].map((one) => one?.StringValue)).toEqual([
    rule,
    Arn,
    "NO_PERMISSIONS",
    "0",
  ]);
  expect(EXHAUSTED_RETRY_CONDITION).toBeUndefined();
});

test("a target that is gone is told of in the dead letter", async () => {
  const world = await eventWorld();
  const [dead, gone] = [await world.queue("dead"), await world.queue("gone")];
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: gone.arn, DeadLetterConfig: { Arn: dead.arn } }]);
  await world.sqs.send(new DeleteQueueCommand({ QueueUrl: gone.url }));
  await world.put(EVENT);
  const [letter] = await dead.messages();
  expect(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue).toBe("NO_RESOURCE");
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
test("invocations are counted, and those that failed besides", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q");
  const gone = { Id: "2", Arn: "arn:aws:sqs:us-east-1:000000000000:gone", DeadLetterConfig: { Arn: queue.arn } };
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn }, gone]);
  await world.put(EVENT);
  await world.cloud.clock.advance(120);
  const sum = sumsOf(world, { RuleName: "r" });
  const names = ["TriggeredRules", "Invocations", "FailedInvocations", "InvocationsSentToDlq", "MatchedEvents"];
  expect(await Promise.all(names.map(sum))).toEqual([1, 2, 1, 1, 1]);
  expect(await Promise.all(names.map(sumsOf(world, {})))).toEqual([1, 2, 0, 0, 0]);
  const ofBus = sumsOf(world, { EventBusName: "default" });
  expect(await Promise.all(["MatchedEvents", "TriggeredRules"].map(ofBus))).toEqual([1, 1]);
  const attempts = ["InvocationAttempts", "SuccessfulInvocationAttempts", "RetryInvocationAttempts"];
  for (const each of [sum, sumsOf(world, {}), ofBus]) expect(await Promise.all(attempts.map(each))).toEqual([2, 1, 0]);
  expect(await sumsOf(world, {})("InvocationsCreated")).toBe(2);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html */
test("what no dead-letter queue takes is counted, and of a custom bus all is by its name too", async () => {
  const world = await eventWorld();
  await world.cloud.client(EventBridgeClient).send(new CreateEventBusCommand({ Name: "shop" }));
  const DeadLetterConfig = { Arn: "arn:aws:sqs:us-east-1:000000000000:none" };
  const gone = { Id: "1", Arn: "arn:aws:sqs:us-east-1:000000000000:gone", DeadLetterConfig };
  await world.rule("r", { source: ["shop"] }, [gone], { EventBusName: "shop" });
  await world.put({ ...EVENT, EventBusName: "shop" });
  await world.cloud.clock.advance(120);
  const names = ["Invocations", "InvocationAttempts", "InvocationsSentToDlq", "InvocationsFailedToBeSentToDlq"];
  expect(await Promise.all(names.map(sumsOf(world, { EventBusName: "shop", RuleName: "r" })))).toEqual([1, 1, 0, 1]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-monitoring.html (EventBridge PutEvents metrics) */
test("requests to put events are counted with their entries, refused ones too", async () => {
  const world = await eventWorld();
  await world.put(EVENT, { ...EVENT, Detail: "no JSON" });
  const large = { ...EVENT, Detail: JSON.stringify("x".repeat(1_100_000)) };
  await expect(world.put(large)).rejects.toMatchObject({ name: "ValidationException" });
  await world.cloud.clock.advance(120);
  const names = [
    "PutEventsApproximateCallCount",
    "PutEventsApproximateSuccessCount",
    "PutEventsApproximateFailedCount",
    "PutEventsEntriesCount",
    "PutEventsFailedEntriesCount",
  ];
  expect(await Promise.all(names.map(sumsOf(world, {})))).toEqual([2, 1, 1, 3, 1]);
  expect(await sumsOf(world, {})("PutEventsRequestSize")).toBeGreaterThan(1_100_000);
});

test("a target that fails costs the others nothing", async () => {
  const world = await eventWorld();
  const { arn, bodies } = await world.queue("q");
  const poisoned = [1, 2, 3].map((n) => ({ Id: `p${n}`, Arn: `arn:aws:sqs:us-east-1:000000000000:none${n}` }));
  await world.rule("r", { source: ["shop"] }, [...poisoned, { Id: "good", Arn: arn }]);
  await world.put(EVENT, EVENT);
  expect(await bodies()).toHaveLength(2);
  const failed = await world.cloud.cloud.deliveries(10);
  expect(failed).toHaveLength(6);
  expect(failed.every((delivery) => delivery.failed)).toBe(true);
});

test("a service that is not built is a delivery that failed, and says which", async () => {
  const world = await eventWorld();
  const Arn = "arn:aws:states:us-east-1:000000000000:stateMachine:m";
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn, RoleArn: "arn:aws:iam::000000000000:role/none" }]);
  await world.put(EVENT);
  await world.cloud.clock.advance(0);
  expect(await world.cloud.cloud.deliveries(1)).toMatchObject([{ to: Arn, failed: true }]);
});
