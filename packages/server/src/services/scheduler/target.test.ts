import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateBucketCommand, GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { expect, test } from "vitest";
import { functionWorld } from "../../../test/functions.ts";
import { ACCOUNT, makeRole, openQueue, queueArn, received, withQueue } from "../../../test/schedules.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";

const runner = (cloud: TestCloud, ...actions: string[]): Promise<string> =>
  makeRole(cloud, { name: "target-runner", service: "scheduler.amazonaws.com", actions });

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
test("a topic is published to", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const url = await openQueue(cloud, "heard", "sns");
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn("heard"), Attributes }));
  await create({ target: { Arn: TopicArn, RoleArn: await runner(cloud, "sns:Publish") } });
  await cloud.clock.advance(1);
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual(["go"]);
});

test("a bus gets an event", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const url = await openQueue(cloud, "heard", "events");
  const events = cloud.client(EventBridgeClient);
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: "orders" }));
  const EventPattern = JSON.stringify({ source: ["shop"] });
  await events.send(new PutRuleCommand({ Name: "all", EventBusName: "orders", EventPattern }));
  const Targets = [{ Id: "queue", Arn: queueArn("heard") }];
  await events.send(new PutTargetsCommand({ Rule: "all", EventBusName: "orders", Targets }));
  const target = { Arn: EventBusArn, RoleArn: await runner(cloud, "events:PutEvents"), Input: '{"order":7}' };
  await create({ target: { ...target, EventBridgeParameters: { Source: "shop", DetailType: "Order" } } });
  await cloud.clock.advance(1);
  const [message] = await received(cloud, url);
  expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({ "detail-type": "Order", detail: { order: 7 } });
});

test("a function is invoked with the input, by its template or by its operation", async () => {
  const functions = await functionWorld();
  const { cloud } = functions;
  await functions.create(
    "work",
    "export const handler = async (event) => { console.log('ran', JSON.stringify(event)); };",
    {
      Role: await functions.role("work-role", "logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"),
    },
  );
  const { create } = await withQueue(cloud);
  const RoleArn = await runner(cloud, "lambda:InvokeFunction");
  const Arn = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:work`;
  await create({ Name: "template", target: { Arn, RoleArn, Input: '{"by":"template"}' } });
  const Input = JSON.stringify({ FunctionName: "work", Payload: '{"by":"operation"}' });
  await create({ Name: "universal", target: { Arn: "arn:aws:scheduler:::aws-sdk:lambda:invoke", RoleArn, Input } });
  await cloud.clock.advance(60);
  const { events = [] } = await cloud
    .client(CloudWatchLogsClient)
    .send(new FilterLogEventsCommand({ logGroupName: "/aws/lambda/work", filterPattern: "ran" }));
  const said = events.map(({ message = "" }) => /"by":"(\w+)"/.exec(message)?.[1]);
  expect(new Set(said)).toEqual(new Set(["template", "operation"]));
});

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
test("what an operation takes as a stream is the text that stands for it", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  const s3 = cloud.client(S3Client);
  await s3.send(new CreateBucketCommand({ Bucket: "notes" }));
  const RoleArn = await runner(cloud, "s3:PutObject");
  const Input = JSON.stringify({ Bucket: "notes", Key: "ünd", Body: "schön", Metadata: { by: "clock" } });
  await create({ target: { Arn: "arn:aws:scheduler:::aws-sdk:s3:putObject", RoleArn, Input } });
  await cloud.clock.advance(1);
  const found = await s3.send(new GetObjectCommand({ Bucket: "notes", Key: "ünd" }));
  expect(await found.Body?.transformToString()).toBe("schön");
  expect(found.Metadata).toEqual({ by: "clock" });
});
