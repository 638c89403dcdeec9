import {
  AddPermissionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionRecursionConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { functionWorld, type FunctionWorld } from "../../../../test/functions.ts";

const ARN = "arn:aws:lambda:us-east-1:000000000000:function:loop";
const TOPIC = "arn:aws:sns:us-east-1:000000000000:again";
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (about 16 times) */
const PASSES_MAX = 16;
/** Where nobody else stops it. */
const OWN_MAX = 20;

/** Counts how often it was called, and each time has itself called once more. */
const looping = (imports: string, again: string): string => `
  ${imports}
  let count = 0;
  export const handler = async (event, context) => {
    if (event.count) return count;
    count++;
    if (count < ${OWN_MAX}) { ${again} }
  };`;

const COUNT = { count: true };

async function loop(world: FunctionWorld, source: string, action: string): Promise<void> {
  const Role = await world.role("loop", action);
  await world.create("loop", source, { Role, Timeout: 20 });
}

const lets = (world: FunctionWorld, Principal: string, SourceArn: string) =>
  world.lambda.send(
    new AddPermissionCommand({
      FunctionName: "loop",
      StatementId: "source",
      Action: "lambda:InvokeFunction",
      Principal,
      SourceArn,
    }),
  );

const PUBLISHES = looping(
  'import { PublishCommand, SNSClient } from "@aws-sdk/client-sns"; const sns = new SNSClient({});',
  `await sns.send(new PublishCommand({ TopicArn: "${TOPIC}", Message: "again" }));`,
);

async function topicLoop(world: FunctionWorld) {
  const sns = world.cloud.client(SNSClient);
  await sns.send(new CreateTopicCommand({ Name: "again" }));
  await loop(world, PUBLISHES, "sns:Publish");
  await lets(world, "sns.amazonaws.com", TOPIC);
  await sns.send(new SubscribeCommand({ TopicArn: TOPIC, Protocol: "lambda", Endpoint: ARN }));
  return () => sns.send(new PublishCommand({ TopicArn: TOPIC, Message: "once" }));
}

test("a function that calls itself by way of a topic is stopped", async () => {
  const world = await functionWorld();
  const publish = await topicLoop(world);
  await publish();
  await world.cloud.clock.advance(5);
  expect((await world.invoke("loop", COUNT)).answer).toBe(PASSES_MAX);
});

test("unless it is meant to", async () => {
  const world = await functionWorld();
  const publish = await topicLoop(world);
  const config = { FunctionName: "loop", RecursiveLoop: "Allow" } as const;
  await world.lambda.send(new PutFunctionRecursionConfigCommand(config));
  await publish();
  await world.cloud.clock.advance(5);
  expect((await world.invoke("loop", COUNT)).answer).toBe(OWN_MAX);
});

test("each message begins anew", async () => {
  const world = await functionWorld();
  const publish = await topicLoop(world);
  for (let n = 0; n < 2; n++) {
    await publish();
    await world.cloud.clock.advance(5);
  }
  expect((await world.invoke("loop", COUNT)).answer).toBe(OWN_MAX);
});

test("a function that calls itself by way of a bucket is stopped", async () => {
  const world = await functionWorld();
  const s3 = world.cloud.client(S3Client, undefined, { forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: "again" }));
  const source = looping(
    'import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3"; const s3 = new S3Client({ forcePathStyle: true });',
    'await s3.send(new PutObjectCommand({ Bucket: "again", Key: String(count), Body: "again" }));',
  );
  await loop(world, source, "s3:PutObject");
  await lets(world, "s3.amazonaws.com", "arn:aws:s3:::again");
  const LambdaFunctionConfigurations = [{ LambdaFunctionArn: ARN, Events: ["s3:ObjectCreated:*" as const] }];
  const NotificationConfiguration = { LambdaFunctionConfigurations };
  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "again", NotificationConfiguration }));
  await s3.send(new PutObjectCommand({ Bucket: "again", Key: "once", Body: "once" }));
  await world.cloud.clock.advance(5);
  expect((await world.invoke("loop", COUNT)).answer).toBe(PASSES_MAX);
});

test("a function that queues itself is stopped", async () => {
  const world = await functionWorld();
  const source = looping(
    'import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda"; const lambda = new LambdaClient({});',
    'await lambda.send(new InvokeCommand({ FunctionName: "loop", InvocationType: "Event", Payload: "{}" }));',
  );
  await loop(world, source, "lambda:InvokeFunction");
  // an instance counts for itself, so there is one
  const one = { FunctionName: "loop", ReservedConcurrentExecutions: 1 };
  await world.lambda.send(new PutFunctionConcurrencyCommand(one));
  await world.invoke("loop", {}, { InvocationType: "Event" });
  await world.cloud.clock.advance(120);
  expect((await world.invoke("loop", COUNT)).answer).toBe(PASSES_MAX);
});
