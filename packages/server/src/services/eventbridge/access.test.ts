import {
  CreateEventBusCommand,
  DescribeEventBusCommand,
  ListTagsForResourceCommand,
  PutEventsCommand,
  PutPermissionCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemovePermissionCommand,
  TagResourceCommand,
  TestEventPatternCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { makeUser } from "../../../test/identities.ts";
import { eventWorld, type EventWorld } from "../../../test/event-world.ts";

/** EventBridge as a user sees it who may do these things and no others. */
const asUser = async (world: EventWorld, ...Statement: readonly object[]) =>
  world.eventsOf(await makeUser(world.cloud, "ann", { allow: { Statement } }));

const EVENT = { Source: "shop", DetailType: "order", Detail: "{}" } as const;

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
test("who may put events of one source may put no others", async () => {
  const world = await eventWorld();
  const Condition = { StringEquals: { "events:source": "shop" } };
  const ann = await asUser(world, { Effect: "Allow", Action: "events:PutEvents", Resource: "*", Condition });
  await ann.send(new PutEventsCommand({ Entries: [EVENT] }));
  const other = ann.send(new PutEventsCommand({ Entries: [EVENT, { ...EVENT, Source: "else" }] }));
  await expect(other).rejects.toThrow(
    /is not authorized to perform: events:PutEvents on resource: arn:aws:events:us-east-1:000000000000:event-bus\/default/,
  );
});

test("rules and targets can be bounded by what they are for and where they go", async () => {
  const world = await eventWorld();
  const queue = await world.queue("q");
  const ann = await asUser(
    world,
    {
      Effect: "Allow",
      Action: "events:PutRule",
      Resource: "arn:aws:events:us-east-1:000000000000:rule/ann-*",
      Condition: { "ForAllValues:StringEquals": { "events:source": "shop" }, Null: { "events:source": "false" } },
    },
    {
      Effect: "Allow",
      Action: "events:PutTargets",
      Resource: "*",
      Condition: { "ForAllValues:ArnEquals": { "events:TargetArn": queue.arn } },
    },
  );
  const put = (Name: string, source: string) =>
    ann.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [source] }) }));
  await put("ann-1", "shop");
  await expect(put("ann-1", "else")).rejects.toMatchObject({ name: "AccessDeniedException" });
  await expect(put("bob-1", "shop")).rejects.toMatchObject({ name: "AccessDeniedException" });
  const target = (Arn: string, more = {}) =>
    ann.send(new PutTargetsCommand({ Rule: "ann-1", Targets: [{ Id: "1", Arn, ...more }] }));
  await target(queue.arn);
  await expect(target(`${queue.arn}2`)).rejects.toMatchObject({ name: "AccessDeniedException" });
  const passing = target(queue.arn, { RoleArn: "arn:aws:iam::000000000000:role/r" });
  await expect(passing).rejects.toThrow(/iam:PassRole on resource: arn:aws:iam::000000000000:role\/r/);
  const RoleArn = "arn:aws:iam::111111111111:role/r";
  const foreign = new PutTargetsCommand({ Rule: "ann-1", Targets: [{ Id: "1", Arn: queue.arn, RoleArn }] });
  await expect(world.events.send(foreign)).rejects.toThrow(
    /iam:PassRole on resource: arn:aws:iam::111111111111:role\/r/,
  );
});

test("a bus's policy is kept statement by statement", async () => {
  const { events } = await eventWorld();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json (recorded answers)
  const main = await events.send(new DescribeEventBusCommand({}));
  expect([main.Name, main.CreationTime]).toEqual(["default", expect.any(Date)]);
  await events.send(new CreateEventBusCommand({ Name: "hub" }));
  const put = (Principal: string, StatementId: string) =>
    events.send(new PutPermissionCommand({ EventBusName: "hub", Action: "events:PutEvents", Principal, StatementId }));
  await put("111111111111", "one");
  await put("*", "all");
  const policy = async () => {
    const { Policy } = await events.send(new DescribeEventBusCommand({ Name: "hub" }));
    return Policy === undefined ? undefined : JSON.parse(Policy);
  };
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json (recorded answers)
  expect((await policy()).Statement[0]).toEqual({
    Sid: "one",
    Effect: "Allow",
    Principal: { AWS: "arn:aws:iam::111111111111:root" },
    Action: "events:PutEvents",
    Resource: "arn:aws:events:us-east-1:000000000000:event-bus/hub",
  });
  const remove = (more: object) => events.send(new RemovePermissionCommand({ EventBusName: "hub", ...more }));
  await expect(remove({ StatementId: "none" })).rejects.toThrow("Statement with the provided id does not exist.");
  await remove({ StatementId: "all" });
  expect((await policy()).Statement).toHaveLength(1);
  await remove({ RemoveAllPermissions: true });
  expect(await policy()).toBeUndefined();
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events.snapshot.json (test_remove_permission_non_existing_sid)
  await expect(remove({ StatementId: "all" })).rejects.toThrow("Statement with the provided id does not exist.");
});

test("tags of rules and buses let in, and are read back", async () => {
  const world = await eventWorld();
  const ResourceARN = await world.rule("r", { source: ["shop"] }, [], { Tags: [{ Key: "team", Value: "a" }] });
  const Condition = { StringEquals: { "aws:ResourceTag/team": "a" } };
  const ann = await asUser(world, { Effect: "Allow", Action: "events:*", Resource: "*", Condition });
  await ann.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "size", Value: "1" }] }));
  const { Tags } = await ann.send(new ListTagsForResourceCommand({ ResourceARN }));
  expect(Tags).toEqual([
    { Key: "team", Value: "a" },
    { Key: "size", Value: "1" },
  ]);
  const gone = ann.send(new ListTagsForResourceCommand({ ResourceARN: `${ResourceARN}2` }));
  await expect(gone).rejects.toMatchObject({ name: "AccessDeniedException" });
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json (recorded answers) */
test("a pattern can be tried on an event that is whole", async () => {
  const { events } = await eventWorld();
  const whole = { id: "1", account: "1", source: "a", time: "t", region: "r", "detail-type": "d" };
  const tried = async (event: object, EventPattern: string) =>
    (await events.send(new TestEventPatternCommand({ Event: JSON.stringify(event), EventPattern }))).Result;
  expect(await tried(whole, '{"source":["a"]}')).toBe(true);
  expect(await tried(whole, '{"source":["b"]}')).toBe(false);
  await expect(tried({ source: "a" }, '{"source":["a"]}')).rejects.toThrow("Parameter Event is not valid.");
  await expect(tried(whole, '{"source":"a"}')).rejects.toMatchObject({ name: "InvalidEventPatternException" });
});

/** Source: https://github.com/hashicorp/terraform-provider-aws/issues/26710 */
test("a bus with tags is made by who may also tag it", async () => {
  const world = await eventWorld();
  const ann = await asUser(world, { Effect: "Allow", Action: "events:CreateEventBus", Resource: "*" });
  const tagged = { Name: "tagged", Tags: [{ Key: "team", Value: "a" }] };
  await expect(ann.send(new CreateEventBusCommand(tagged))).rejects.toThrow(
    "is not authorized to perform: events:TagResource on resource: arn:aws:events:us-east-1:000000000000:event-bus/tagged",
  );
  await ann.send(new CreateEventBusCommand({ Name: "bare" }));
});
