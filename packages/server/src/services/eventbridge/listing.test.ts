import {
  CreateApiDestinationCommand,
  CreateArchiveCommand,
  CreateConnectionCommand,
  CreateEventBusCommand,
  DeauthorizeConnectionCommand,
  DeleteApiDestinationCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  ListApiDestinationsCommand,
  ListArchivesCommand,
  ListConnectionsCommand,
  ListEventBusesCommand,
  ListRuleNamesByTargetCommand,
  ListRulesCommand,
  ListTagsForResourceCommand,
  ListTargetsByRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  UntagResourceCommand,
  UpdateApiDestinationCommand,
  UpdateArchiveCommand,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/orders";
const QUEUE = "arn:aws:sqs:us-east-1:000000000000:jobs";

async function eventsWithBus() {
  const events = (await testCloud()).client(EventBridgeClient);
  const Tags = [
    { Key: "a", Value: "1" },
    { Key: "b", Value: "2" },
  ];
  await events.send(new CreateEventBusCommand({ Name: "orders", Description: "Orders", Tags }));
  return events;
}

async function withConnection() {
  const events = await eventsWithBus();
  const AuthParameters = { ApiKeyAuthParameters: { ApiKeyName: "k", ApiKeyValue: "v" } };
  const connection = new CreateConnectionCommand({ Name: "shop", AuthorizationType: "API_KEY", AuthParameters });
  const { ConnectionArn } = await events.send(connection);
  return { events, ConnectionArn };
}

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_UpdateEventBus.html
test("a bus is described anew, listed by the start of its name, and loses a tag", async () => {
  const events = await eventsWithBus();
  await events.send(new UpdateEventBusCommand({ Name: "orders", Description: "New" }));
  expect(await events.send(new DescribeEventBusCommand({ Name: "orders" }))).toMatchObject({ Description: "New" });
  const names = async (NamePrefix?: string) =>
    (await events.send(new ListEventBusesCommand({ NamePrefix }))).EventBuses?.map(({ Name }) => Name).toSorted();
  expect([await names(), await names("ord")]).toEqual([["default", "orders"], ["orders"]]);
  await events.send(new UntagResourceCommand({ ResourceARN: BUS, TagKeys: ["a"] }));
  const tags = await events.send(new ListTagsForResourceCommand({ ResourceARN: BUS }));
  expect(tags.Tags).toEqual([{ Key: "b", Value: "2" }]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListRuleNamesByTarget.html
test("rules are listed page by page, and by their target", async () => {
  const events = await eventsWithBus();
  const onBus = { EventBusName: "orders" };
  const EventPattern = '{"source":["shop"]}';
  for (const Name of ["a", "b", "c"]) {
    await events.send(new PutRuleCommand({ ...onBus, Name, EventPattern }));
  }
  const Targets = [{ Id: "queue", Arn: QUEUE, Input: "{}" }];
  await events.send(new PutTargetsCommand({ ...onBus, Rule: "b", Targets }));
  const page = (NextToken?: string) => events.send(new ListRulesCommand({ ...onBus, Limit: 2, NextToken }));
  const first = await page();
  const second = await page(first.NextToken);
  const names = [first, second].map(({ Rules }) => Rules?.map(({ Name }) => Name));
  expect([...names, second.NextToken]).toEqual([["a", "b"], ["c"], undefined]);
  expect(first.Rules?.[0]).toMatchObject({ EventPattern, State: "ENABLED", EventBusName: "orders" });
  const ofRule = await events.send(new ListTargetsByRuleCommand({ ...onBus, Rule: "b" }));
  expect(ofRule.Targets).toEqual(Targets);
  const ofTarget = await events.send(new ListRuleNamesByTargetCommand({ ...onBus, TargetArn: QUEUE }));
  expect(ofTarget.RuleNames).toEqual(["b"]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListArchives.html
test("archives are listed by the bus that they are of, with what an update says", async () => {
  const events = await eventsWithBus();
  const ArchiveName = "all";
  await events.send(new CreateArchiveCommand({ ArchiveName, EventSourceArn: BUS }));
  await events.send(new UpdateArchiveCommand({ ArchiveName, RetentionDays: 3 }));
  const listed = async (EventSourceArn: string) =>
    (await events.send(new ListArchivesCommand({ EventSourceArn }))).Archives;
  expect(await listed(BUS)).toMatchObject([{ ArchiveName, EventSourceArn: BUS, RetentionDays: 3, EventCount: 0 }]);
  expect(await listed(BUS.replace("orders", "default"))).toEqual([]);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListApiDestinations.html
test("API destinations are listed by their connection, changed and deleted", async () => {
  const { events, ConnectionArn } = await withConnection();
  const about = { Name: "shop", HttpMethod: "POST", InvocationEndpoint: "https://shop.example/orders" } as const;
  await events.send(new CreateApiDestinationCommand({ ...about, ConnectionArn }));
  await events.send(new UpdateApiDestinationCommand({ Name: "shop", InvocationRateLimitPerSecond: 10 }));
  const { ApiDestinations } = await events.send(new ListApiDestinationsCommand({ ConnectionArn }));
  expect(ApiDestinations).toMatchObject([{ ...about, ConnectionArn, InvocationRateLimitPerSecond: 10 }]);
  await events.send(new DeleteApiDestinationCommand({ Name: "shop" }));
  const read = events.send(new DescribeApiDestinationCommand({ Name: "shop" }));
  await expect(read).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeauthorizeConnection.html
test("a connection is listed by its state, and loses its credentials", async () => {
  const { events, ConnectionArn } = await withConnection();
  const listed = async (ConnectionState: "AUTHORIZED" | "DEAUTHORIZED") =>
    (await events.send(new ListConnectionsCommand({ ConnectionState }))).Connections;
  expect(await listed("AUTHORIZED")).toMatchObject([{ Name: "shop", ConnectionArn, AuthorizationType: "API_KEY" }]);
  expect(await listed("DEAUTHORIZED")).toEqual([]);
  const answer = await events.send(new DeauthorizeConnectionCommand({ Name: "shop" }));
  expect(answer).toMatchObject({ ConnectionArn, ConnectionState: "DEAUTHORIZING" });
  const { ConnectionState } = await events.send(new DescribeConnectionCommand({ Name: "shop" }));
  expect(ConnectionState).toMatch(/^DEAUTHORIZ/);
});

test("of targets with the same id in one call the last counts, and the others are no rule's", async () => {
  const events = await eventsWithBus();
  const place = { Rule: "r", EventBusName: "orders" };
  await events.send(new PutRuleCommand({ Name: "r", EventBusName: "orders", EventPattern: '{"source":["shop"]}' }));
  const Targets = [QUEUE, `${QUEUE}2`].map((Arn) => ({ Id: "1", Arn }));
  await events.send(new PutTargetsCommand({ ...place, Targets }));
  const rulesOf = async (TargetArn: string) =>
    (await events.send(new ListRuleNamesByTargetCommand({ TargetArn, EventBusName: "orders" }))).RuleNames;
  expect([await rulesOf(QUEUE), await rulesOf(`${QUEUE}2`)]).toEqual([[], ["r"]]);
});
