import { DeleteRolePolicyCommand } from "@aws-sdk/client-iam";
import { PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";

/** A queue's URL and ARN, and what lies in it. */
async function queue(world: FunctionWorld, QueueName: string) {
  const sqs = world.cloud.client(SQSClient);
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return {
    arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}`,
    messages: async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ["All"] }),
      );
      return Messages;
    },
  };
}

const FAILS = `export const handler = async (event) => { throw new RangeError("never " + event.n); };`;

test("a queued invocation runs behind the call, and its outcome goes to its destination", async () => {
  const world = await functionWorld();
  const { arn, messages } = await queue(world, "done");
  const Role = await world.role("sender", "sqs:SendMessage");
  await world.create("work", "export const handler = async (event) => ({ twice: event.n * 2 });", { Role });
  await world.lambda.send(
    new PutFunctionEventInvokeConfigCommand({
      FunctionName: "work",
      DestinationConfig: { OnSuccess: { Destination: arn } },
    }),
  );
  await world.invoke("work", { n: 21 }, { InvocationType: "Event" });
  await world.cloud.clock.advance(1);
  const [message] = await messages();
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
  expect(JSON.parse(message?.Body ?? "")).toMatchObject({
    version: "1.0",
    requestContext: {
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:work:$LATEST",
      condition: "Success",
      approximateInvokeCount: 1,
    },
    requestPayload: { n: 21 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST" },
    responsePayload: { twice: 42 },
  });
});

test("a failing one is tried again after a minute and after two, then it is a dead letter", async () => {
  const world = await functionWorld();
  const { arn, messages } = await queue(world, "dead");
  const Role = await world.role("sender", "sqs:SendMessage");
  await world.create("work", FAILS, { Role, DeadLetterConfig: { TargetArn: arn } });
  await world.invoke("work", { n: 1 }, { InvocationType: "Event" });
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
  await world.cloud.clock.advance(60 + 119);
  expect(await messages()).toEqual([]);
  await world.cloud.clock.advance(5);
  const [message] = await messages();
  expect(message?.Body).toBe('{"n":1}');
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
  expect(message?.MessageAttributes).toMatchObject({
    RequestID: { DataType: "String" },
    ErrorCode: { DataType: "Number", StringValue: "200" },
    ErrorMessage: { DataType: "String", StringValue: "never 1" },
  });
});

// Source: https://github.com/elastic/beats/issues/13963, https://github.com/functionalone/serverless-iam-roles-per-function/issues/5
test("a role that may not send dead letters is refused", async () => {
  const world = await functionWorld();
  const { arn } = await queue(world, "dead");
  const refused = { name: "InvalidParameterValueException" };
  await expect(world.create("work", FAILS, { DeadLetterConfig: { TargetArn: arn } })).rejects.toMatchObject({
    ...refused,
    message: "The provided execution role does not have permissions to call SendMessage on SQS",
  });
  const TargetArn = "arn:aws:sns:us-east-1:000000000000:dead";
  const Role = await world.role("sender", "sqs:SendMessage");
  await expect(world.create("work", FAILS, { Role, DeadLetterConfig: { TargetArn } })).rejects.toMatchObject({
    ...refused,
    message: "The provided execution role does not have permissions to call Publish on SNS",
  });
});

test("without the right to send, a role's destination hears nothing", async () => {
  const world = await functionWorld();
  const { arn, messages } = await queue(world, "dead");
  const Role = await world.role("sender", "sqs:SendMessage");
  await world.create("work", FAILS, { Role, DeadLetterConfig: { TargetArn: arn } });
  await world.iam.send(new DeleteRolePolicyCommand({ RoleName: "sender", PolicyName: "own" }));
  const config = { FunctionName: "work", MaximumRetryAttempts: 0 };
  await world.lambda.send(new PutFunctionEventInvokeConfigCommand(config));
  await world.invoke("work", { n: 1 }, { InvocationType: "Event" });
  await world.cloud.clock.advance(60);
  expect(await messages()).toEqual([]);
  expect(await world.cloud.cloud.deliveries(5)).toMatchObject([
    { to: arn, error: expect.stringContaining("AccessDenied") },
  ]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda.snapshot.json (test_async_invoke_queue_upon_function_update: fifteen of them end with an attempt each)
test("events for which there was no room follow each other as soon as there is some", async () => {
  const world = await functionWorld();
  const source = `
    let seen = [];
    export const handler = async (event) => {
      if (event.n === undefined) return seen;
      await new Promise((go) => setTimeout(go, 100));
      seen.push(event.n);
    };`;
  await world.create("work", source);
  const one = { FunctionName: "work", ReservedConcurrentExecutions: 1 };
  await world.lambda.send(new PutFunctionConcurrencyCommand(one));
  const wanted = [1, 2, 3, 4, 5, 6];
  for (const n of wanted) await world.invoke("work", { n }, { InvocationType: "Event" });
  await world.cloud.clock.advance(1);
  const { answer } = await world.invoke("work");
  const seen: readonly number[] = JSON.parse(JSON.stringify(answer));
  expect(seen.toSorted((a, b) => a - b)).toEqual(wanted);
});
