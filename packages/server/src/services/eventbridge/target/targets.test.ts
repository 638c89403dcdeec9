import { AddPermissionCommand } from "@aws-sdk/client-lambda";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  FilterLogEventsCommand,
  PutResourcePolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { CreateUserCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { SetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { expect, test } from "vitest";
import { eventWorld } from "../../../../test/event-world.ts";
import { foreignServer } from "../../../../test/foreign-server.ts";
import { functionWorld } from "../../../../test/functions.ts";
import { policyText } from "../../../../test/identities.ts";
import { servicePolicy } from "../../../../test/service-policy.ts";
import { loggingCloud } from "../../../../test/trails.ts";

const EVENT = { Source: "shop", DetailType: "order", Detail: '{"n":1}' } as const;
const PLACE = "us-east-1:000000000000";

test("a function is started with the event once its policy lets the rule", async () => {
  const { requests, url } = await foreignServer();
  const functions = await functionWorld();
  const source = `export const handler = async (event) => { await fetch("${url}/", { method: "POST", body: JSON.stringify(event) }); };`;
  await functions.create("hello", source);
  const world = await eventWorld({}, functions.cloud);
  const Arn = `arn:aws:lambda:${PLACE}:function:hello`;
  const SourceArn = await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn }]);
  await world.put(EVENT);
  await world.cloud.clock.advance(1);
  expect(requests).toEqual([]);
  const permission = { FunctionName: "hello", StatementId: "rule", Action: "lambda:InvokeFunction" };
  await functions.lambda.send(
    new AddPermissionCommand({ ...permission, Principal: "events.amazonaws.com", SourceArn }),
  );
  await world.put(EVENT);
  await world.cloud.clock.advance(1);
  expect(requests.map(({ body }) => JSON.parse(body).detail)).toEqual([{ n: 1 }]);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html (CloudWatch Logs) */
test("a log group has the event in a stream of its own, where the account's policy lets rules write", async () => {
  const world = await eventWorld();
  const logs = world.cloud.client(CloudWatchLogsClient);
  const logGroupName = "/aws/events/orders";
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const Arn = `arn:aws:logs:${PLACE}:log-group:${logGroupName}`;
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn }]);
  const messages = async () => {
    await world.put(EVENT);
    await world.cloud.clock.advance(1);
    return (
      (await logs.send(new FilterLogEventsCommand({ logGroupName }))).events?.map(({ message = "" }) => message) ?? []
    );
  };
  expect(await messages()).toEqual([]);
  const statement = {
    Effect: "Allow",
    Principal: { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] },
    Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
    Resource: `${Arn}:*`,
  };
  const policyDocument = policyText({ Statement: [statement] });
  await logs.send(new PutResourcePolicyCommand({ policyName: "events", policyDocument }));
  expect((await messages()).map((message) => JSON.parse(message).detail)).toEqual([{ n: 1 }]);
});

test("a rule for everything does not hear of what it does itself", async () => {
  const audited = await loggingCloud();
  const world = await eventWorld({}, audited);
  const logs = world.cloud.client(CloudWatchLogsClient);
  const logGroupName = "/aws/events/everything";
  await logs.send(new CreateLogGroupCommand({ logGroupName }));
  const policyDocument = servicePolicy({ service: "events", may: "logs:*" });
  await logs.send(new PutResourcePolicyCommand({ policyName: "events", policyDocument }));
  const Arn = `arn:aws:logs:${PLACE}:log-group:${logGroupName}`;
  await world.rule("all", { source: [{ prefix: "aws." }] }, [{ Id: "1", Arn }]);
  await world.cloud.client(IAMClient).send(new CreateUserCommand({ UserName: "ann" }));
  for (let round = 0; round < 5; round++) {
    await world.cloud.cloud.journal.flush();
    await world.cloud.clock.advance(1);
  }
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
  const names = events.map(({ message = "" }) => JSON.parse(message).detail.eventName);
  expect(names).toContain("CreateUser");
  expect(names).not.toContain("CreateLogStream");
});

test("a topic tells its subscribers of the event", async () => {
  const world = await eventWorld();
  const sns = world.cloud.client(SNSClient);
  const Attributes = { Policy: servicePolicy({ service: "events", may: "sns:Publish" }) };
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "orders", Attributes }));
  const queue = await world.queue("q");
  const Policy = servicePolicy({ service: "sns", may: "sqs:SendMessage", on: queue.arn });
  await world.sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "sqs", Endpoint: queue.arn }));
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: TopicArn, InputPath: "$.detail" }]);
  await world.put(EVENT);
  expect((await queue.bodies()).map((body) => JSON.parse(body).Message)).toEqual(['{"n":1}']);
});
