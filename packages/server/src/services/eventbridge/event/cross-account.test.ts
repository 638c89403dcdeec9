import {
  CreateEventBusCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { expect, test } from "vitest";
import { makeRole, policyText } from "../../../../test/identities.ts";
import { eventWorld, type EventWorld } from "../../../../test/event-world.ts";

const SENDER = "111111111111";
const HUB = "arn:aws:events:us-east-1:000000000000:event-bus/hub";
const EVENT = { Source: "shop", DetailType: "order", Detail: '{"n":1}' } as const;

/** A bus of one account with a queue behind it, and the root of another account that has a rule which sends there. */
async function hubWorld(RoleArn?: string) {
  const world = await eventWorld();
  await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
  const queue = await world.queue("q");
  const target = { Id: "1", Arn: queue.arn };
  await world.rule("in", { account: [SENDER] }, [target], { EventBusName: "hub" });
  const sender = world.eventsOf(world.cloud.rootOf(SENDER));
  await sender.send(new PutRuleCommand({ Name: "out", EventPattern: '{"source":["shop"]}' }));
  const hub = { Id: "hub", Arn: HUB, ...(RoleArn !== undefined && { RoleArn }) };
  await sender.send(new PutTargetsCommand({ Rule: "out", Targets: [hub] }));
  return { ...world, queue, sender };
}

const letIn = ({ events }: Pick<EventWorld, "events">) =>
  events.send(
    new PutPermissionCommand({
      EventBusName: "hub",
      Action: "events:PutEvents",
      Principal: SENDER,
      StatementId: "sender",
    }),
  );

test("a bus takes events of another account that its policy lets in, as they are", async () => {
  const world = await hubWorld();
  await world.sender.send(new PutEventsCommand({ Entries: [EVENT] }));
  expect(await world.queue.bodies()).toEqual([]);
  expect(await world.cloud.cloud.deliveries(1)).toMatchObject([{ to: HUB, failed: true, service: "eventbridge" }]);
  await letIn(world);
  const { Entries } = await world.sender.send(new PutEventsCommand({ Entries: [EVENT] }));
  const [body = ""] = await world.queue.bodies();
  expect(JSON.parse(body)).toMatchObject({ account: SENDER, source: "shop", id: Entries?.[0]?.EventId });
  const { calls } = await world.cloud.cloud.journal.page({ sinceMs: 0, untilMs: Number.MAX_SAFE_INTEGER });
  const forwarded = calls.filter(({ userIdentity }) => userIdentity.invokedBy === "events.amazonaws.com");
  expect(forwarded.filter(({ operation }) => operation === "PutEvents").map(({ error }) => error?.code)).toEqual([
    "AccessDenied",
    undefined,
  ]);
});

test("a role sends only what its policies allow", async () => {
  const world = await hubWorld(`arn:aws:iam::${SENDER}:role/out`);
  await letIn(world);
  await world.sender.send(new PutEventsCommand({ Entries: [EVENT] }));
  expect(await world.queue.bodies()).toEqual([]);
  await makeRole(world.cloud, "out", { account: SENDER, principal: { Service: "events.amazonaws.com" } });
  await world.sender.send(new PutEventsCommand({ Entries: [EVENT] }));
  expect(await world.queue.bodies()).toEqual([]);
  const iam = world.cloud.client(IAMClient, world.cloud.rootOf(SENDER));
  const PolicyDocument = policyText(["events:PutEvents"]);
  await iam.send(new PutRolePolicyCommand({ RoleName: "out", PolicyName: "p", PolicyDocument }));
  await world.sender.send(new PutEventsCommand({ Entries: [EVENT] }));
  expect(await world.queue.bodies()).toHaveLength(1);
});

test("a dead letter tells in AWS's words that a bus does not let the sender in", async () => {
  const world = await eventWorld();
  const dead = await world.queue("dead");
  await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
  const RoleArn = await makeRole(world.cloud, "out", { principal: { Service: "events.amazonaws.com" } });
  const target = { Id: "1", Arn: HUB, RoleArn, DeadLetterConfig: { Arn: dead.arn } };
  await world.rule("out", { source: ["shop"] }, [target]);
  await world.put(EVENT);
  const [{ MessageAttributes: { ERROR_CODE, ERROR_MESSAGE } = {} } = {}] = await dead.messages();
  expect([ERROR_CODE?.StringValue, ERROR_MESSAGE?.StringValue]).toEqual([
    "NO_PERMISSIONS",
    "Lack of permissions to invoke cross account target.",
  ]);
});

test("a client of another account puts events on a bus that lets it", async () => {
  const world = await hubWorld();
  const put = () => world.sender.send(new PutEventsCommand({ Entries: [{ ...EVENT, EventBusName: HUB }] }));
  await expect(put()).rejects.toMatchObject({ name: "AccessDeniedException" });
  await letIn(world);
  await put();
  const [body = ""] = await world.queue.bodies();
  expect(JSON.parse(body)).toMatchObject({ account: SENDER });
});

test("events go on to another region of the same account with a role", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q");
  await world.rule("in", { region: ["eu-west-1"] }, [{ Id: "1", Arn: queue.arn }]);
  const RoleArn = await makeRole(world.cloud, "out", {
    principal: { Service: "events.amazonaws.com" },
    allow: ["events:PutEvents"],
  });
  const far = world.cloud.client(EventBridgeClient, undefined, { region: "eu-west-1" });
  await far.send(new PutRuleCommand({ Name: "out", EventPattern: '{"source":["shop"]}' }));
  const Arn = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  await far.send(new PutTargetsCommand({ Rule: "out", Targets: [{ Id: "1", Arn, RoleArn }] }));
  const { Entries } = await far.send(new PutEventsCommand({ Entries: [EVENT] }));
  const [body = ""] = await queue.bodies();
  const { region, id } = JSON.parse(body);
  expect(region).toBe("eu-west-1");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_cross_account_region.snapshot.json (recorded answers)
  expect(id).not.toBe(Entries?.[0]?.EventId);
});

const arnOf = (bus: string): string => `arn:aws:events:us-east-1:000000000000:event-bus/${bus}`;

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html, https://repost.aws/questions/QUWhy9TX9_T7O83wO2o9A0Gg/eventbridge-max-eventbuses-on-event-path */
test("an event goes from one bus to another of the account once, so that buses that send to each other end", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q");
  const RoleArn = await makeRole(world.cloud, "out", {
    principal: { Service: "events.amazonaws.com" },
    allow: ["events:PutEvents"],
  });
  for (const name of ["one", "two"]) await world.events.send(new CreateEventBusCommand({ Name: name }));
  for (const [from, to] of [
    ["one", "two"],
    ["two", "one"],
  ] as const) {
    const targets = [
      { Id: "bus", Arn: arnOf(to), RoleArn },
      { Id: "queue", Arn: queue.arn },
    ];
    await world.rule("on", { source: ["shop"] }, targets, { EventBusName: from });
  }
  await world.put({ ...EVENT, EventBusName: "one" });
  await world.cloud.clock.advance(60);
  expect(await queue.bodies()).toHaveLength(2);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html (not available … of a different account) */
test("a bus of another account gets events as they are: no target of one has an input of its own", async () => {
  const { sender } = await hubWorld();
  for (const input of [{ Input: "{}" }, { InputPath: "$.detail" }, { InputTransformer: { InputTemplate: '"x"' } }]) {
    const put = sender.send(new PutTargetsCommand({ Rule: "out", Targets: [{ Id: "hub", Arn: HUB, ...input }] }));
    await expect(put).rejects.toThrow(`Parameter(s) ${Object.keys(input)[0]} not valid for target: hub.`);
  }
});

test.each(['"x"', "1", "null", "{}", '{"detail":{},"resources":[],"time":"soon"}'])(
  "what a rule makes of an event is no event for another bus: %s",
  async (Input) => {
    const world = await eventWorld();
    const [queue, dead] = [await world.queue("q"), await world.queue("dead")];
    await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
    await world.rule("in", { account: [{ "anything-but": "x" }] }, [{ Id: "1", Arn: queue.arn }], {
      EventBusName: "hub",
    });
    const RoleArn = await makeRole(world.cloud, "out", {
      principal: { Service: "events.amazonaws.com" },
      allow: ["events:PutEvents"],
    });
    const target = { Id: "1", Arn: HUB, RoleArn, Input, DeadLetterConfig: { Arn: dead.arn } };
    await world.rule("out", { source: ["shop"] }, [target]);
    await world.put(EVENT);
    expect(await queue.bodies()).toEqual([]);
    const [letter] = await dead.messages();
    expect(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue).toBe("INVALID_PARAMETER");
  },
);

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DescribeRule.html (CreatedBy) */
test("a rule stays that of the account that made it, whoever puts it again", async () => {
  const world = await eventWorld();
  await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
  const Statement = [{ Sid: "all", Effect: "Allow", Principal: { AWS: SENDER }, Action: "events:*", Resource: "*" }];
  await world.events.send(new PutPermissionCommand({ EventBusName: "hub", Policy: policyText({ Statement }) }));
  const rule = { Name: "theirs", EventBusName: HUB, EventPattern: '{"source":["shop"]}' };
  await world.eventsOf(world.cloud.rootOf(SENDER)).send(new PutRuleCommand(rule));
  await world.events.send(new PutRuleCommand({ ...rule, State: "DISABLED" }));
  const { CreatedBy } = await world.events.send(new DescribeRuleCommand({ Name: "theirs", EventBusName: "hub" }));
  expect(CreatedBy).toBe(SENDER);
});
