import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:seen";
/** Keeps what topics send, and gives it to whoever asks by hand. */
const SOURCE =
  "let seen = []; export const handler = async (event) => event.Records ? void seen.push(event.Records[0]) : seen;";

test("a function gets what is published, once its policy lets the topic call it", async () => {
  const world = await functionWorld();
  await world.create("seen", SOURCE);
  const sns = world.cloud.client(SNSClient);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "orders" }));
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
        SignatureVersion: "1",
        SigningCertUrl: expect.stringMatching(/\.pem$/),
        MessageAttributes: {},
      },
    },
  ]);
});
