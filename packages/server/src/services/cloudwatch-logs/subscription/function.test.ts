import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutLogEventsCommand,
  PutSubscriptionFilterCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { APP } from "../../../../test/logs.ts";

/** Logs what it gets. */
const SOURCE = `
import { gunzipSync } from "node:zlib";
export const handler = async ({ awslogs }) => {
  console.log("got " + gunzipSync(Buffer.from(awslogs.data, "base64")).toString("utf8"));
};`;
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:reader";

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html#LambdaFunctionExample
test("a function that lets CloudWatch Logs in gets the events of a group", { timeout: 30_000 }, async () => {
  const world = await functionWorld();
  const { cloud, lambda } = world;
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "app" }));
  await logs.send(new CreateLogStreamCommand(APP));
  const Role = await world.role("reader-role", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents");
  await world.create("reader", SOURCE, { Role, Timeout: 20 });
  const subscribe = () =>
    logs.send(
      new PutSubscriptionFilterCommand({
        logGroupName: "app",
        filterName: "to-function",
        filterPattern: "ERROR",
        destinationArn: FUNCTION,
      }),
    );
  await expect(subscribe()).rejects.toMatchObject({
    name: "InvalidParameterException",
    message: expect.stringContaining("Could not execute the lambda function."),
  });
  // Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers)
  await lambda.send(
    new AddPermissionCommand({
      FunctionName: "reader",
      StatementId: "logs",
      Action: "lambda:InvokeFunction",
      Principal: "logs.us-east-1.amazonaws.com",
      SourceArn: "arn:aws:logs:us-east-1:000000000000:log-group:app:*",
      SourceAccount: "000000000000",
    }),
  );
  await subscribe();
  const logEvents = ["fine", "ERROR 1"].map((message) => ({ timestamp: cloud.clock.now().getTime(), message }));
  await logs.send(new PutLogEventsCommand({ ...APP, logEvents }));
  await cloud.clock.advance(5);
  const found = await logs.send(
    new FilterLogEventsCommand({ logGroupName: "/aws/lambda/reader", filterPattern: "DATA_MESSAGE" }),
  );
  expect(found.events).toHaveLength(1);
  const { message = "" } = found.events?.[0] ?? {};
  expect(JSON.parse(message.slice(message.indexOf("{")))).toMatchObject({
    messageType: "DATA_MESSAGE",
    logGroup: "app",
    logEvents: [{ message: "ERROR 1" }],
  });
});
