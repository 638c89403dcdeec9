import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateAliasCommand,
  DeleteFunctionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  type PutFunctionEventInvokeConfigCommandInput,
} from "@aws-sdk/client-lambda";
import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";
import { servicePolicy } from "../../../../test/service-policy.ts";
import { zipOf } from "../../../../test/zip.ts";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:ends";
const FAILS = `export const handler = async (event) => { throw new RangeError("never " + event.n); };`;
const WORKS = `export const handler = async () => "done";`;

/** A function `work`, and a queue that its ends may go to. */
async function working(world: FunctionWorld, source: string, ...actions: readonly string[]) {
  const sqs = world.cloud.client(SQSClient);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "ends" }));
  const Role = await world.role("work", "sqs:SendMessage", ...actions);
  await world.create("work", source, { Role });
  return {
    QueueUrl,
    begin: (event: unknown, Qualifier?: string) =>
      world.invoke("work", event, { InvocationType: "Event", ...(Qualifier !== undefined && { Qualifier }) }),
    configure: (config: Partial<PutFunctionEventInvokeConfigCommandInput>) =>
      world.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: "work", ...config })),
    /** What has come into the queue. */
    ends: async (): Promise<readonly unknown[]> => {
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
      return Messages.map(({ Body = "null" }) => JSON.parse(Body));
    },
  };
}

// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
test("what failed three times goes where failures go, with what it answered", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, FAILS);
  await configure({ DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(170);
  expect(await ends()).toEqual([]);
  await world.cloud.clock.advance(20);
  expect(await ends()).toMatchObject([
    {
      requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
      requestPayload: { n: 1 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: { errorType: "RangeError", errorMessage: "never 1" },
    },
  ]);
});

test("what is too old is not tried again", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, FAILS);
  await configure({ MaximumEventAgeInSeconds: 90, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(600);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  expect(await ends()).toMatchObject([
    { requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 2 }, requestPayload: { n: 1 } },
  ]);
});

test("a function that may not run at all sends what comes to where failures go", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, WORKS);
  await configure({ DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  const none = { FunctionName: "work", ReservedConcurrentExecutions: 0 };
  await world.lambda.send(new PutFunctionConcurrencyCommand(none));
  await begin({ n: 1 });
  await world.cloud.clock.advance(1);
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html (a concurrency of zero)
  expect(await ends()).toMatchObject([{ requestContext: { condition: "ZeroReservedConcurrency" } }]);
});

test("what was queued goes with its function", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, FAILS);
  await configure({ DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(1);
  await world.lambda.send(new DeleteFunctionCommand({ FunctionName: "work" }));
  await world.cloud.clock.advance(600);
  expect(await ends()).toEqual([]);
});

test("the second attempt runs the code that there is by then", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, FAILS);
  await configure({ DestinationConfig: { OnSuccess: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(1);
  const ZipFile = zipOf({ "index.mjs": WORKS });
  await world.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: "work", ZipFile }));
  await world.cloud.clock.advance(90);
  expect(await ends()).toMatchObject([
    { requestContext: { condition: "Success", approximateInvokeCount: 2 }, responsePayload: "done" },
  ]);
});

test("an alias has destinations of its own", async () => {
  const world = await functionWorld();
  const { begin, configure, ends } = await working(world, WORKS);
  const FunctionName = "work";
  await world.lambda.send(new PublishVersionCommand({ FunctionName }));
  await world.lambda.send(new CreateAliasCommand({ FunctionName, Name: "live", FunctionVersion: "1" }));
  await configure({ Qualifier: "live", DestinationConfig: { OnSuccess: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await begin({ n: 2 }, "live");
  await world.cloud.clock.advance(1);
  expect(await ends()).toMatchObject([
    {
      requestContext: { functionArn: "arn:aws:lambda:us-east-1:000000000000:function:work:live" },
      requestPayload: { n: 2 },
      responseContext: { executedVersion: "1" },
    },
  ]);
});

const lets = (service: string) => servicePolicy({ service, may: "sqs:SendMessage", on: QUEUE });

test("a topic, a function and a bus are told as a queue is", async () => {
  const world = await functionWorld();
  const { QueueUrl, begin, configure, ends } = await working(
    world,
    WORKS,
    "sns:Publish",
    "events:PutEvents",
    "lambda:InvokeFunction",
  );
  const sqs = world.cloud.client(SQSClient);
  const allow = (service: string) =>
    sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: lets(service) } }));
  const tell = async (Destination: string) => {
    await configure({ DestinationConfig: { OnSuccess: { Destination } } });
    await begin({ n: 1 });
    await world.cloud.clock.advance(2);
  };
  const success = { requestContext: { condition: "Success" }, responsePayload: "done" };

  await allow("sns");
  const sns = world.cloud.client(SNSClient);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "ends" }));
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: QUEUE, Attributes }));
  await tell(TopicArn);
  expect(await ends()).toMatchObject([success]);

  await allow("events");
  const events = world.cloud.client(EventBridgeClient);
  const { EventBusArn = "" } = await events.send(new CreateEventBusCommand({ Name: "ends" }));
  const EventPattern = JSON.stringify({ source: ["lambda"] });
  await events.send(new PutRuleCommand({ Name: "ends", EventBusName: "ends", EventPattern }));
  const Targets = [{ Id: "1", Arn: QUEUE }];
  await events.send(new PutTargetsCommand({ Rule: "ends", EventBusName: "ends", Targets }));
  await tell(EventBusArn);
  expect(await ends()).toMatchObject([
    {
      source: "lambda",
      "detail-type": "Lambda Function Invocation Result - Success",
      resources: [EventBusArn, "arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST"],
      detail: success,
    },
  ]);

  await world.create(
    "heard",
    "let heard; export const handler = async (event) => event.ask ? heard : (heard = event);",
  );
  await tell("arn:aws:lambda:us-east-1:000000000000:function:heard");
  expect((await world.invoke("heard", { ask: true })).answer).toMatchObject(success);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_destinations.snapshot.json (test_maxeventage)
test("what would be too old for its next attempt is given up at once, with what it answered", async () => {
  const world = await functionWorld();
  const { begin, configure, ends, QueueUrl } = await working(world, FAILS);
  await configure({ MaximumEventAgeInSeconds: 60, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(1);
  const given = {
    requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 1 },
    responseContext: { statusCode: 200, functionError: "Unhandled" },
    responsePayload: { errorMessage: "never 1" },
  };
  const sqs = world.cloud.client(SQSClient);
  const asked = { QueueUrl, MessageSystemAttributeNames: ["AWSTraceHeader" as const], VisibilityTimeout: 0 };
  const { Messages: [message] = [] } = await sqs.send(new ReceiveMessageCommand(asked));
  expect(message?.Attributes?.AWSTraceHeader).toMatch(
    /^Root=1-[\da-f]{8}-[\da-f]{24};Parent=.*;Lineage=1:[\da-f]{8}:1$/,
  );
  expect(await ends()).toMatchObject([given]);
  await configure({ MaximumEventAgeInSeconds: 90, DestinationConfig: { OnFailure: { Destination: QUEUE } } });
  await begin({ n: 2 });
  await world.cloud.clock.advance(70);
  expect((await ends()).at(-1)).toMatchObject({
    requestContext: { condition: "EventAgeExceeded", approximateInvokeCount: 2 },
    requestPayload: { n: 2 },
  });
});

test("a queue for dead letters stays where another one is not named", async () => {
  const world = await functionWorld();
  await working(world, FAILS);
  const FunctionName = "work";
  const change = async (DeadLetterConfig: { readonly TargetArn?: string }) =>
    (await world.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, DeadLetterConfig })))
      .DeadLetterConfig;
  await change({ TargetArn: QUEUE });
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_destinations.snapshot.json (test_dead_letter_queue)
  expect(await change({})).toEqual({ TargetArn: QUEUE });
  expect(await change({ TargetArn: "" })).toBeUndefined();
});

// Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html (S3 takes failures, by a key of this form)
test("a bucket takes failures in, with the rights of the role", async () => {
  const world = await functionWorld();
  const { begin, configure } = await working(world, FAILS, "s3:PutObject");
  const s3 = world.cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "failures" }));
  const Destination = "arn:aws:s3:::failures";
  await expect(configure({ DestinationConfig: { OnSuccess: { Destination } } })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
  });
  await configure({ MaximumRetryAttempts: 0, DestinationConfig: { OnFailure: { Destination } } });
  await begin({ n: 1 });
  await world.cloud.clock.advance(1);
  const { Contents: [{ Key = "" } = {}] = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "failures" }));
  expect(Key).toMatch(/^aws\/lambda\/async\/work\/(\d{4})\/(\d\d)\/(\d\d)\/\1-\2-\3T\d\d\.\d\d\.\d\d-[\da-f-]{36}$/);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "failures", Key }));
  expect(JSON.parse((await Body?.transformToString()) ?? "")).toMatchObject({
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 1 },
    requestPayload: { n: 1 },
    responsePayload: { errorMessage: "never 1" },
  });
  await world.iam.send(new DeleteRolePolicyCommand({ RoleName: "work", PolicyName: "own" }));
  await begin({ n: 2 });
  await world.cloud.clock.advance(1);
  expect(await s3.send(new ListObjectsV2Command({ Bucket: "failures" }))).toMatchObject({ KeyCount: 1 });
});
