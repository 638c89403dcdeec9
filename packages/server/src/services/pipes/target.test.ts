import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { DescribePipeCommand, StopPipeCommand, UpdatePipeCommand } from "@aws-sdk/client-pipes";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { withPipe } from "../../../test/pipes.ts";
import { ACCOUNT, openQueue, queueArn, received } from "../../../test/schedules.ts";
import { testCloud, type TestCloud } from "../../../test/test-cloud.ts";
import { webListener } from "../../../test/web-listener.ts";

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html
test("a topic is published to", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud, { actions: ["sns:Publish"] });
  const url = await openQueue(cloud, "heard", "sns");
  const sns = cloud.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "news" }));
  const Attributes = { RawMessageDelivery: "true" };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queueArn("heard"), Attributes }));
  await create({ Target: TopicArn, TargetParameters: { InputTemplate: "<$.body>" } });
  await send("told");
  await settle();
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual(["told"]);
});

test("numbers that are too long for a double stay what they are", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud, { actions: ["sqs:SendMessage"] });
  const url = await openQueue(cloud, "heard", "sqs");
  const InputTemplate = '{"id":<$.body.id>,"all":<$.body>,"said":"<$.body.id>"}';
  await create({ Target: queueArn("heard"), TargetParameters: { InputTemplate } });
  await send('{"id":12345678901234567890}');
  await settle();
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual([
    '{"id":12345678901234567890,"all":{"id":12345678901234567890},"said":"12345678901234567890"}',
  ]);
});

test.each([2000, 100_000])("a body that is %s lists deep stays a text, long numbers in it or not", async (depth) => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud, { actions: ["sqs:SendMessage"] });
  const url = await openQueue(cloud, "heard", "sqs");
  await create({ Target: queueArn("heard"), TargetParameters: { InputTemplate: "<$.body[0]><$.messageId>" } });
  const { MessageId } = await send(`${"[".repeat(depth)}12345678901234567890${"]".repeat(depth)}`);
  await settle();
  expect((await received(cloud, url)).map(({ Body }) => Body)).toEqual([MessageId]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetEventBridgeEventBusParameters.html
test("a bus gets events whose source and kind come from the message", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud, { actions: ["events:PutEvents"] });
  const url = await openQueue(cloud, "heard", "events");
  const events = cloud.client(EventBridgeClient);
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: "orders" }));
  const EventPattern = JSON.stringify({ source: ["shop"] });
  await events.send(new PutRuleCommand({ Name: "all", EventBusName: "orders", EventPattern }));
  const Targets = [{ Id: "queue", Arn: queueArn("heard") }];
  await events.send(new PutTargetsCommand({ Rule: "all", EventBusName: "orders", Targets }));
  await create({
    Target: EventBusArn,
    TargetParameters: {
      InputTemplate: '{"order":<$.body.order>}',
      EventBridgeEventBusParameters: { Source: "$.body.from", DetailType: "Order" },
    },
  });
  await send('{"from":"shop","order":7}');
  await settle();
  const [message] = await received(cloud, url);
  expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
    source: "shop",
    "detail-type": "Order",
    detail: { order: 7 },
  });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetCloudWatchLogsParameters.html
test("a log group gets a line for each message", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud, { actions: ["logs:PutLogEvents"] });
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/flow" }));
  await logs.send(new CreateLogStreamCommand({ logGroupName: "/flow", logStreamName: "s" }));
  await create({
    Target: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/flow`,
    TargetParameters: { InputTemplate: "<$.body>", CloudWatchLogsParameters: { LogStreamName: "s" } },
  });
  await send("one line");
  await settle();
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/flow" }));
  expect(events.map(({ message }) => message)).toEqual(["one line"]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-logs.html
test("a pipe that logs tells of its executions, by level", async () => {
  const cloud = await testCloud();
  const { create, send, settle } = await withPipe(cloud);
  const logs = cloud.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand({ logGroupName: "/aws/vendedlogs/pipes/flow" }));
  const Resource = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/vendedlogs/pipes/flow:*`;
  const statement = {
    Effect: "Allow",
    Principal: { Service: ["pipes.amazonaws.com", "delivery.logs.amazonaws.com"] },
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource,
  };
  const policyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  await logs.send(new PutResourcePolicyCommand({ policyName: "pipes", policyDocument }));
  const LogGroupArn = `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:/aws/vendedlogs/pipes/flow`;
  await create({
    LogConfiguration: { Level: "INFO", CloudwatchLogsLogDestination: { LogGroupArn }, IncludeExecutionData: ["ALL"] },
  });
  await send("one");
  await settle();
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: "/aws/vendedlogs/pipes/flow" }));
  const kinds = events.map(({ message = "{}" }) => JSON.parse(message).messageType);
  expect(kinds).toEqual(expect.arrayContaining(["EXECUTION_STARTED", "TARGET_STAGE_SUCCEEDED", "EXECUTION_SUCCEEDED"]));
});

/** An API destination whose paths have one parameter; its ARN. */
async function destinationAt(url: string, cloud: TestCloud) {
  const events = cloud.client(EventBridgeClient);
  const AuthParameters = { ApiKeyAuthParameters: { ApiKeyName: "x-key", ApiKeyValue: "k" } };
  const { ConnectionArn } = await events.send(
    new CreateConnectionCommand({ Name: "c", AuthorizationType: "API_KEY", AuthParameters }),
  );
  const place = { ConnectionArn, InvocationEndpoint: `${url}/*`, HttpMethod: "POST" } as const;
  const { ApiDestinationArn } = await events.send(new CreateApiDestinationCommand({ Name: "d", ...place }));
  return ApiDestinationArn;
}

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetHttpParameters.html
test("an API destination is requested, and what it refuses stays in the queue", async () => {
  const cloud = await testCloud();
  const { pipes, from, create, send, settle } = await withPipe(cloud, { actions: ["events:InvokeApiDestination"] });
  const web = await webListener();
  const ApiDestinationArn = await destinationAt(web.url, cloud);
  await create({
    Target: ApiDestinationArn,
    TargetParameters: { InputTemplate: "<$.body>", HttpParameters: { PathParameterValues: ["$.body.id"] } },
  });
  await send('{"id":"7"}');
  await settle();
  expect(web.heard).toMatchObject([{ headers: { "x-key": "k" }, body: '{"id":"7"}' }]);
  web.answerWith(500);
  await send('{"id":"8"}');
  await settle();
  await pipes.send(new StopPipeCommand({ Name: "flow" }));
  await cloud.clock.advance(60);
  expect((await received(cloud, from)).map(({ Body }) => Body)).toEqual(['{"id":"8"}']);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/pipes-enrichment.html, https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeEnrichmentParameters.html
test("what an API destination answers to an event goes on in its place, and nothing where it says nothing", async () => {
  const cloud = await testCloud();
  const actions = ["events:InvokeApiDestination", "sqs:SendMessage"];
  const { pipes, to, create, send, settle } = await withPipe(cloud, { actions });
  const web = await webListener();
  const Enrichment = await destinationAt(web.url, cloud);
  const http = {
    HeaderParameters: { "x-id": "$.body.id" },
    PathParameterValues: ["p1"],
    QueryStringParameters: { q: "1" },
  };
  const EnrichmentParameters = { InputTemplate: '{"order":<$.body.id>}', HttpParameters: http };
  await create({ Enrichment, EnrichmentParameters });
  const shown = await pipes.send(new DescribePipeCommand({ Name: "flow" }));
  expect(shown).toMatchObject({ Enrichment, EnrichmentParameters });
  await send('{"id":7}');
  await settle();
  expect(web.heard).toMatchObject([{ headers: { "x-id": "7", "x-key": "k" }, body: '{"order":7}' }]);
  expect(await received(cloud, to)).toEqual([]);
  web.answerWith(200, '[{"paid":true}]');
  await send('{"id":8}');
  await settle();
  expect((await received(cloud, to)).map(({ Body }) => Body)).toEqual(['{"paid":true}']);
  await pipes.send(new UpdatePipeCommand({ Name: "flow", RoleArn: shown.RoleArn, Enrichment: "" }));
  expect(await pipes.send(new DescribePipeCommand({ Name: "flow" }))).not.toHaveProperty("EnrichmentParameters");
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeTargetEventBridgeEventBusParameters.html (Time)
test("an event whose time is none comes again, and the others of its batch reach the bus", async () => {
  const cloud = await testCloud();
  const { create, send, settle, from } = await withPipe(cloud, { actions: ["events:PutEvents"] });
  const url = await openQueue(cloud, "heard", "events");
  const events = cloud.client(EventBridgeClient);
  const { EventBusArn } = await events.send(new CreateEventBusCommand({ Name: "orders" }));
  const EventPattern = JSON.stringify({ account: [ACCOUNT] });
  await events.send(new PutRuleCommand({ Name: "all", EventBusName: "orders", EventPattern }));
  const Targets = [{ Id: "queue", Arn: queueArn("heard") }];
  await events.send(new PutTargetsCommand({ Rule: "all", EventBusName: "orders", Targets }));
  await send('{"when":"tomorrow"}');
  await send('{"when":"2026-01-01T00:00:00Z"}');
  const EventBridgeEventBusParameters = { Time: "$.body.when" };
  await create({ Target: EventBusArn, TargetParameters: { EventBridgeEventBusParameters } });
  await settle();
  const times = (await received(cloud, url)).map(({ Body = "{}" }) => JSON.parse(Body).time);
  expect(times).toEqual(["2026-01-01T00:00:00Z"]);
  const AttributeNames = ["ApproximateNumberOfMessagesNotVisible" as const];
  const left = await cloud.client(SQSClient).send(new GetQueueAttributesCommand({ QueueUrl: from, AttributeNames }));
  expect(left.Attributes).toEqual({ ApproximateNumberOfMessagesNotVisible: "1" });
});
