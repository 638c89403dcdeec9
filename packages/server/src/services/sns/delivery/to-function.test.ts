import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { functionWorld } from "../../../../test/functions.ts";
import { makeRole } from "../../../../test/identities.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:seen";
/** Keeps what topics send, and gives it to whoever asks by hand. */
const SOURCE =
  "let seen = []; export const handler = async (event) => event.Records ? void seen.push(event.Records[0]) : seen;";

test("a function gets what is published, once its policy lets the topic call it", async () => {
  const world = await functionWorld();
  await world.create("seen", SOURCE);
  const sns = world.cloud.client(SNSClient);
  const LambdaSuccessFeedbackRoleArn = await makeRole(world.cloud, "feedback", {
    principal: { Service: "sns.amazonaws.com" },
    allow: ["logs:*"],
  });
  const Attributes = { SignatureVersion: "2", LambdaSuccessFeedbackRoleArn };
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "orders", Attributes }));
  const subscribe = new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: FUNCTION });
  const { SubscriptionArn } = await sns.send(subscribe);
  const publish = async (Message: string) => {
    await sns.send(new PublishCommand({ TopicArn, Message }));
    await world.cloud.clock.advance(1);
    return (await world.invoke("seen")).answer;
  };
  expect(await publish("refused")).toEqual([]);
  await world.lambda.send(
    new AddPermissionCommand({
      FunctionName: "seen",
      StatementId: "topic",
      Action: "lambda:InvokeFunction",
      Principal: "sns.amazonaws.com",
      SourceArn: TopicArn,
    }),
  );
  // Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
  expect(await publish("hello")).toMatchObject([
    {
      EventSource: "aws:sns",
      EventVersion: "1.0",
      EventSubscriptionArn: SubscriptionArn,
      Sns: {
        Type: "Notification",
        TopicArn,
        Subject: null,
        Message: "hello",
        // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_publish_lambda_verify_signature: also of the other version)
        SignatureVersion: "1",
        SigningCertUrl: expect.stringMatching(/\.pem$/),
        MessageAttributes: {},
      },
    },
  ]);
  const logs = world.cloud.client(CloudWatchLogsClient);
  const group = { logGroupName: "sns/us-east-1/000000000000/orders" };
  const { events = [] } = await logs.send(new FilterLogEventsCommand(group));
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_delivery_lambda)
  const [{ delivery } = { delivery: undefined }] = events.map(({ message = "" }) => JSON.parse(message));
  const providerResponse = expect.stringMatching(/^\{"lambdaRequestId":"[0-9a-f-]{36}"\}$/);
  expect(delivery).toMatchObject({ destination: FUNCTION, statusCode: 202, providerResponse });
  expect(delivery).not.toHaveProperty("attempts");
});
