import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateEventSourceMappingCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { readQueue, REMEMBERS } from "../../../../test/function-queue.ts";
import { functionWorld } from "../../../../test/functions.ts";

const SOURCE = "arn:aws:sqs:us-east-1:000000000000:jobs";
const OUT = "arn:aws:sqs:us-east-1:000000000000:out";

test("messages of a queue go to the function, and are taken away when it has dealt with them", async () => {
  const world = await functionWorld();
  const { mapping, send, left } = await readQueue(world, REMEMBERS);
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_sqs.snapshot.json
  expect(mapping).toMatchObject({
    State: "Creating",
    StateTransitionReason: "USER_INITIATED",
    BatchSize: 10,
    MaximumBatchingWindowInSeconds: 0,
    FunctionResponseTypes: [],
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:work",
  });
  await send("one");
  await world.cloud.clock.advance(1);
  expect((await world.invoke("work")).answer).toEqual([["one"]]);
  expect(await left()).toEqual([0, 0]);
});

test("of a batch that partly failed only the rest comes back", async () => {
  const world = await functionWorld();
  const source = `export const handler = async ({ Records }) => ({
    batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })),
  });`;
  const { send, left } = await readQueue(world, source, {
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    MaximumBatchingWindowInSeconds: 5,
  });
  await send("good");
  await send("bad");
  await world.cloud.clock.advance(6);
  expect(await left()).toEqual([0, 1]);
});

test("a filter lets through what it wants, and the rest is gone", async () => {
  const world = await functionWorld();
  const { send, left } = await readQueue(world, REMEMBERS, {
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: { kind: ["wanted"] } }) }] },
  });
  await send('{"kind":"wanted"}');
  await world.cloud.clock.advance(1);
  await send('{"kind":"other"}');
  await world.cloud.clock.advance(1);
  expect((await world.invoke("work")).answer).toEqual([['{"kind":"wanted"}']]);
  expect(await left()).toEqual([0, 0]);
});

test("a role that may not read the queue makes no mapping", async () => {
  const world = await functionWorld();
  await world.cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "jobs" }));
  await world.create("work", REMEMBERS);
  const create = (EventSourceArn: string) =>
    world.lambda.send(new CreateEventSourceMappingCommand({ FunctionName: "work", EventSourceArn }));
  await expect(create(SOURCE)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await expect(create(OUT)).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  await expect(create("arn:aws:kinesis:us-east-1:000000000000:stream/s")).rejects.toMatchObject({
    name: "NotImplemented",
  });
});

test("a function that feeds itself is stopped", async () => {
  const world = await functionWorld();
  const source = `
    import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
    const sqs = new SQSClient({});
    let count = 0;
    export const handler = async (event) => {
      if (!event.Records) return count;
      count++;
      const QueueUrl = process.env.AWS_ENDPOINT_URL + "/000000000000/jobs";
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "again" }));
    };`;
  const { send } = await readQueue(world, source, {}, { rights: ["sqs:SendMessage"] });
  await send("once");
  await world.cloud.clock.advance(5);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (about 16 times)
  expect((await world.invoke("work")).answer).toBe(16);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/event_source_mapping/test_lambda_integration_sqs.snapshot.json
test.each([
  [0, {}],
  [1, { md5OfMessageAttributes: null }],
])("a record without attributes says so only where a batch is waited for: %i seconds", async (seconds, said) => {
  const world = await functionWorld();
  const source = `
    let seen = [];
    export const handler = async ({ Records }) => (Records ? void seen.push(...Records) : seen);`;
  const { send } = await readQueue(world, source, { MaximumBatchingWindowInSeconds: seconds });
  await send("one");
  await world.cloud.clock.advance(5);
  const { answer } = await world.invoke("work");
  const [record = {}]: readonly Readonly<Record<string, unknown>>[] = JSON.parse(JSON.stringify(answer));
  const sums = Object.entries(record).filter(([name]) => name.startsWith("md5Of"));
  expect(Object.fromEntries(sums)).toEqual({ md5OfBody: expect.stringMatching(/^[\da-f]{32}$/), ...said });
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html#event-source-mapping-metrics
test("a mapping that is asked to counts what became of its events", async () => {
  const world = await functionWorld();
  const source = `export const handler = async ({ Records }) => ({
    batchItemFailures: Records.filter(({ body }) => body === "bad").map(({ messageId }) => ({ itemIdentifier: messageId })),
  });`;
  const { UUID, send } = await readQueue(world, source, {
    MetricsConfig: { Metrics: ["EventCount"] },
    FunctionResponseTypes: ["ReportBatchItemFailures"],
    FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ body: ["good", "bad"] }) }] },
    MaximumBatchingWindowInSeconds: 5,
  });
  for (const body of ["good", "good", "bad", "other"]) await send(body);
  await world.cloud.clock.advance(10);
  const end = world.cloud.clock.now().getTime();
  const counted = async (MetricName: string) => {
    const { Datapoints = [] } = await world.cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Lambda",
        MetricName,
        Dimensions: [{ Name: "EventSourceMappingUUID", Value: UUID }],
        StartTime: new Date(end - 3_600_000),
        EndTime: new Date(end + 60_000),
        Period: 3600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  const names = ["PolledEventCount", "FilteredOutEventCount", "InvokedEventCount", "FailedInvokeEventCount"];
  const counts = [];
  for (const name of [...names, "DeletedEventCount"]) counts.push(await counted(name));
  expect(counts).toEqual([4, 1, 3, 1, 3]);
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html, https://github.com/serverless/serverless/issues/7762
test.each([
  ["BisectBatchOnFunctionError", true],
  ["MaximumRetryAttempts", 3],
  ["MaximumRecordAgeInSeconds", 120],
  ["ParallelizationFactor", 2],
  ["TumblingWindowInSeconds", 30],
  ["Topics", ["orders"]],
  ["Queues", ["orders"]],
  ["SourceAccessConfigurations", [{ Type: "BASIC_AUTH" as const, URI: "arn:aws:secretsmanager:::secret" }]],
])("what streams and brokers alone have is refused of a queue: %s", async (name, value) => {
  const world = await functionWorld();
  await expect(readQueue(world, REMEMBERS, { [name]: value })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: `Unsupported ${name} parameter for given event source mapping type.`,
  });
});
