import {
  CancelReplayCommand,
  CreateArchiveCommand,
  CreateEventBusCommand,
  DeleteArchiveCommand,
  DeleteRuleCommand,
  DescribeArchiveCommand,
  DescribeReplayCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  ListReplaysCommand,
  PutEventsCommand,
  PutPermissionCommand,
  StartReplayCommand,
  UpdateArchiveCommand,
} from "@aws-sdk/client-eventbridge";
import { expect, test } from "vitest";
import { lastingStore } from "../../../../test/lasting-store.ts";
import { eventWorld, type EventWorld } from "../../../../test/event-world.ts";
import { table } from "../../../kernel/table.ts";

const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/default";
const ARCHIVE = "arn:aws:events:us-east-1:000000000000:archive/kept";
const DAY_SECONDS = 86_400;

async function archived(more: object = {}): Promise<EventWorld> {
  const world = await eventWorld();
  await world.events.send(new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: BUS, ...more }));
  return world;
}

const event = (n: number, Source = "shop") => ({ Source, DetailType: "order", Detail: JSON.stringify({ n }) });

const replay = (
  { cloud, events }: Pick<EventWorld, "cloud" | "events">,
  ReplayName: string,
  fromMs = 0,
  Destination: object = {},
) =>
  events.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: ARCHIVE,
      EventStartTime: new Date(fromMs),
      EventEndTime: new Date(cloud.clock.now().getTime() + 1000),
      Destination: { Arn: BUS, ...Destination },
    }),
  );

test("what was archived is replayed in the order of its time, marked with the replay's name, and not kept again", async () => {
  const world = await archived({ EventPattern: '{"source":["shop"]}' });
  const { arn, bodies } = await world.queue("q.fifo", { FifoQueue: "true", ContentBasedDeduplication: "true" });
  await world.put(event(0, "else"));
  for (const n of [1, 2, 3]) {
    await world.cloud.clock.advance(1);
    await world.put(event(n));
  }
  await world.rule("r", { source: [{ exists: true }] }, [
    { Id: "1", Arn: arn, SqsParameters: { MessageGroupId: "g" } },
  ]);
  await replay(world, "again");
  await world.cloud.clock.advance(60);
  const found = (await bodies()).map((body) => JSON.parse(body));
  expect(found.map(({ detail }) => detail.n)).toEqual([1, 2, 3]);
  expect(found[0]).toMatchObject({ "replay-name": "again", source: "shop" });
  const { State, EventLastReplayedTime } = await world.events.send(new DescribeReplayCommand({ ReplayName: "again" }));
  expect(State).toBe("COMPLETED");
  expect(EventLastReplayedTime).toBeInstanceOf(Date);
  const { EventCount } = await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
  expect(EventCount).toBe(3);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html ("the time in the event")
test("events are replayed by their own time, and kept from the day they came", async () => {
  const world = await archived({ RetentionDays: 2 });
  const { cloud, events } = world;
  await world.put({ ...event(1), Time: new Date("2021-01-01T12:23:34Z") });
  await cloud.clock.advance(DAY_SECONDS);
  await world.put(event(2));
  const queue = await world.queue("q");
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn }]);
  const replayOf2021 = async (ReplayName: string) => {
    const [EventStartTime, EventEndTime] = [new Date("2021-01-01"), new Date("2021-01-02")];
    const asked = { ReplayName, EventSourceArn: ARCHIVE, EventStartTime, EventEndTime, Destination: { Arn: BUS } };
    await events.send(new StartReplayCommand(asked));
    await cloud.clock.advance(60);
    return (await queue.bodies()).map((body) => JSON.parse(body));
  };
  expect(await replayOf2021("one")).toMatchObject([{ time: "2021-01-01T12:23:34Z", detail: { n: 1 } }]);
  await cloud.clock.advance(2 * DAY_SECONDS);
  expect(await replayOf2021("two")).toEqual([]);
});

test("a replay can be for some rules alone, and be cancelled", async () => {
  const world = await archived();
  const [one, two] = [await world.queue("one"), await world.queue("two")];
  await world.put(event(1));
  const rule = await world.rule("one", { source: ["shop"] }, [{ Id: "1", Arn: one.arn }]);
  await world.rule("two", { source: ["shop"] }, [{ Id: "1", Arn: two.arn }]);
  await replay(world, "some", 0, { FilterArns: [rule] });
  await replay(world, "none");
  const none = { ReplayName: "none" };
  expect((await world.events.send(new CancelReplayCommand(none))).State).toBe("CANCELLING");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json (test_start_list_describe_canceled_replay)
  const cancelling = await world.events.send(new DescribeReplayCommand(none));
  expect([cancelling.State, cancelling.ReplayEndTime]).toEqual(["CANCELLING", undefined]);
  await world.cloud.clock.advance(60);
  expect((await world.events.send(new DescribeReplayCommand(none))).State).toBe("CANCELLED");
  expect(await one.bodies()).toHaveLength(1);
  expect(await two.bodies()).toEqual([]);
  const cancelled = world.events.send(new CancelReplayCommand(none));
  await expect(cancelled).rejects.toMatchObject({ name: "IllegalStatusException" });
});

test("an archive forgets what is older than it keeps, by the virtual clock", async () => {
  const world = await archived({ RetentionDays: 2 });
  await world.put(event(1));
  const count = async () => (await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }))).EventCount;
  expect(await count()).toBe(1);
  await world.cloud.clock.advance(3 * DAY_SECONDS);
  await world.put(event(2));
  expect(await count()).toBe(1);
  await world.events.send(new DeleteArchiveCommand({ ArchiveName: "kept" }));
  await expect(count()).rejects.toThrow("Archive kept does not exist.");
});

test("it forgets what another account has put, too", async () => {
  const world = await archived({ RetentionDays: 2 });
  const { events, cloud } = world;
  const Principal = "111111111111";
  await events.send(new PutPermissionCommand({ Action: "events:PutEvents", Principal, StatementId: "sender" }));
  const sender = world.eventsOf(cloud.rootOf(Principal));
  await sender.send(new PutEventsCommand({ Entries: [{ ...event(1), EventBusName: BUS }] }));
  const count = async () => (await events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }))).EventCount;
  expect(await count()).toBe(1);
  await cloud.clock.advance(4 * DAY_SECONDS);
  expect(await count()).toBe(0);
});

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_events/test_events.py (test_create_archive) */
test("an archive is filled by a rule that only AWS may change", async () => {
  const { events } = await archived();
  const rule = await events.send(new DescribeRuleCommand({ Name: "Events-Archive-kept" }));
  expect(rule).toMatchObject({
    EventPattern: '{"replay-name":[{"exists":false}]}',
    ManagedBy: "prod.vhs.events.aws.internal",
  });
  const deleted = events.send(new DeleteRuleCommand({ Name: "Events-Archive-kept" }));
  await expect(deleted).rejects.toMatchObject({ name: "ManagedRuleException" });
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json (recorded answers) */
test("archives and replays are refused in AWS's words", async () => {
  const world = await archived();
  const again = new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: BUS });
  await expect(world.events.send(again)).rejects.toThrow("Archive kept already exists.");
  const early = replay(world, "r", world.cloud.clock.now().getTime() + 5000);
  await expect(early).rejects.toThrow(
    "Parameter EventEndTime is not valid. Reason: EventStartTime must be before EventEndTime.",
  );
  const elsewhere = replay(world, "r", 0, { Arn: `${BUS}2` });
  await expect(elsewhere).rejects.toThrow("Event bus default2 does not exist.");
  await world.events.send(new CreateEventBusCommand({ Name: "hub" }));
  const Arn = BUS.replace("default", "hub");
  await expect(replay(world, "r", 0, { Arn })).rejects.toThrow(
    "Parameter Destination.Arn is not valid. Reason: Cross event bus replay is not permitted.",
  );
  await expect(replay(world, "r", world.cloud.clock.now().getTime() + 5000, { Arn })).rejects.toThrow(
    "EventStartTime must be before EventEndTime.",
  );
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json (test_list_archive_with_events) */
test("an archive's size is that of what was put, without the frame around it", async () => {
  const world = await archived();
  const payload = { acc_id: "0a787ecb-4015", sf_id: "baz" };
  const [Source, DetailType] = ["core.update-account-command", "core.update-account-command"];
  await world.put({ Source, DetailType, Detail: JSON.stringify({ command: "update-account", payload }, null, 1) });
  const { SizeBytes } = await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
  expect(SizeBytes).toBe(159);
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_ListReplays.html
test("replays are listed by their beginnings, their archive or their state, by one of them", async () => {
  const world = await archived();
  const { events } = world;
  for (const name of ["again-1", "again-2", "other"]) await replay(world, name);
  const list = async (input: object = {}) =>
    (await events.send(new ListReplaysCommand(input))).Replays?.map(({ ReplayName }) => ReplayName);
  expect(await list({ NamePrefix: "again" })).toEqual(["again-1", "again-2"]);
  expect(await list({ EventSourceArn: ARCHIVE })).toEqual(["again-1", "again-2", "other"]);
  expect(await list({ State: "COMPLETED" })).toEqual([]);
  await world.cloud.clock.advance(60);
  expect(await list({ State: "COMPLETED" })).toHaveLength(3);
  const { Replays, NextToken } = await events.send(new ListReplaysCommand({ Limit: 2 }));
  expect(Replays).toHaveLength(2);
  expect(await list({ NextToken })).toEqual(["other"]);
  await expect(list({ NamePrefix: "a", State: "COMPLETED" })).rejects.toMatchObject({ name: "ValidationException" });
});

// Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html ("deletes replays after 90 days")
test("a replay is shown for ninety days, and its row goes with a later one", async () => {
  const { open, rewrite } = lastingStore();
  const cloud = await open();
  const world = { cloud, events: cloud.client(EventBridgeClient) };
  await world.events.send(new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: BUS }));
  const names = async () =>
    (await world.events.send(new ListReplaysCommand({}))).Replays?.map(({ ReplayName }) => ReplayName);
  for (const name of ["one", "two"]) await replay(world, name);
  await cloud.clock.advance(89 * DAY_SECONDS);
  expect(await names()).toEqual(["one", "two"]);
  await expect(replay(world, "one")).rejects.toMatchObject({ name: "ResourceAlreadyExistsException" });
  await cloud.clock.advance(DAY_SECONDS + 60);
  expect(await names()).toEqual([]);
  await expect(world.events.send(new DescribeReplayCommand({ ReplayName: "one" }))).rejects.toMatchObject({
    name: "ResourceNotFoundException",
  });
  await replay(world, "one");
  expect(await names()).toEqual(["one"]);
  await cloud.close();
  await rewrite(async (tx) => {
    expect(
      await tx.scan(
        table<{ name: string }>("eventbridge.replay", "region", () => []),
        { limit: 9 },
      ),
    ).toHaveLength(1);
  });
});

test("an archive that is made anew holds nothing of the one of its name before", async () => {
  const world = await archived();
  const entries = Array.from({ length: 10 }, (_, n) => event(n));
  for (let times = 0; times < 201; times++) await world.put(...entries);
  await world.events.send(new DeleteArchiveCommand({ ArchiveName: "kept" }));
  await world.events.send(new CreateArchiveCommand({ ArchiveName: "kept", EventSourceArn: BUS }));
  await world.cloud.clock.advance(60);
  const { EventCount } = await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
  expect(EventCount).toBe(0);
  const queue = await world.queue("q");
  await world.rule("r", { source: ["shop"] }, [{ Id: "1", Arn: queue.arn }]);
  await replay(world, "again");
  await world.cloud.clock.advance(60);
  expect(await queue.bodies()).toEqual([]);
});

test("an archive that is to keep less forgets all older days, however many", async () => {
  const world = await archived();
  const entries = Array.from({ length: 10 }, (_, n) => event(n));
  for (let day = 0; day < 140; day++) {
    for (let times = 0; times < 3; times++) await world.put(...entries);
    await world.cloud.clock.advance(DAY_SECONDS);
  }
  await world.events.send(new UpdateArchiveCommand({ ArchiveName: "kept", RetentionDays: 1 }));
  await world.cloud.clock.advance(60);
  const { EventCount } = await world.events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
  expect(EventCount).toBe(30);
});

/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_CreateArchive.html (KmsKeyIdentifier) */
test("an archive without the name of a key has one of AWS's own", async () => {
  const { events } = await archived({ KmsKeyIdentifier: "" });
  await events.send(new UpdateArchiveCommand({ ArchiveName: "kept", KmsKeyIdentifier: "" }));
  const { KmsKeyIdentifier } = await events.send(new DescribeArchiveCommand({ ArchiveName: "kept" }));
  expect(KmsKeyIdentifier).toBeUndefined();
});
