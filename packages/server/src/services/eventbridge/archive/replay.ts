/**
 * Replays: what an archive holds of some time, put on its bus once more.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html
 */
import { parseArn, type AccountId, type Arn, type Region } from "../../../kernel/arn.ts";
import { DAY_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { table, type Key } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBus, onOwn } from "../access.ts";
import { archives, arnOfArchive, shelfOf, type Archive } from "./row.ts";
import { archivedEvents, textOf } from "./archived-event.ts";
import { placeOf, requireBusAt } from "../bus/row.ts";
import {
  filterOnly,
  invalidParameter,
  invalidToken,
  replayExists,
  replayNotFound,
  replayOver,
  tooMany,
} from "../errors.ts";
import { readEvent } from "../event/event.ts";
import { arnIn, operation } from "../kit.ts";
import { ACTIVE_REPLAYS_MAX, PAGE_MAX, REPLAY_DAYS } from "../limits.ts";
import { filtered } from "../listing.ts";
import { route } from "../event/route.ts";

interface Replay {
  readonly name: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly partition: string;
  readonly description?: string;
  readonly state: "STARTING" | "RUNNING" | "CANCELLING" | "CANCELLED" | "COMPLETED";
  /** The shelf of its events. */
  readonly archive: string;
  readonly archiveArn: string;
  readonly destination: { readonly Arn: string; readonly FilterArns?: readonly string[] };
  readonly fromMs: number;
  readonly toMs: number;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly lastEventMs?: number;
  /** The key of the last event that was replayed. */
  readonly after?: readonly [archive: string, atMs: number, id: string];
}

const replays = table<Replay>("eventbridge.replay", "region", ({ name }) => [name]);

const EVENTS_AT_ONCE = 100;
/** Virtual time before the first event comes, and before a replay that is cancelled has come to its end. */
const STARTING_MS = 5 * SECOND_MS;
const CANCELLING_MS = 5 * SECOND_MS;
const REPLAY = "replayOn";
const ACTIVE = new Set<Replay["state"]>(["STARTING", "RUNNING"]);

const arnOf = (replay: Replay): Arn => arnIn(replay, `replay/${replay.name}`);

export const startReplay = operation("StartReplay", {
  async authorize({ ReplayName, EventSourceArn, Destination }, context): Promise<readonly Access[]> {
    return [
      onOwn("StartReplay", `replay/${ReplayName}`, context),
      onOwn("StartReplay", parseArn(EventSourceArn)?.resource ?? "archive/", context),
      await onBus("StartReplay", Destination.Arn, context),
    ];
  },

  async handle(input, context) {
    const { ReplayName: name, EventSourceArn, Destination, EventStartTime, EventEndTime, Description } = input;
    const { tx, account, region, partition } = context;
    await requireDestination(Destination.Arn, context);
    const archive = await requireSource(EventSourceArn, context);
    if (EventStartTime.getTime() >= EventEndTime.getTime()) {
      throw invalidParameter("EventEndTime", "EventStartTime must be before EventEndTime.");
    }
    if (archive.sourceArn !== Destination.Arn) {
      throw invalidParameter("Destination.Arn", "Cross event bus replay is not permitted.");
    }
    await forgetOld(context);
    const there = await tx.get(replays, name);
    if (there !== undefined && !isOld(there, context)) throw replayExists(name);
    const isMeant = ({ state }: Replay): boolean => ACTIVE.has(state);
    const { rows } = await filtered(tx, replays, { ...ANY, limit: ACTIVE_REPLAYS_MAX, isMeant });
    if (rows.length >= ACTIVE_REPLAYS_MAX) throw tooMany();
    const { Arn, FilterArns } = Destination;
    const replay: Replay = {
      name,
      account,
      region,
      partition,
      archive: shelfOf(archive),
      ...(Description !== undefined && { description: Description }),
      state: "STARTING",
      archiveArn: EventSourceArn,
      destination: { Arn, ...(FilterArns !== undefined && { FilterArns }) },
      fromMs: EventStartTime.getTime(),
      toMs: EventEndTime.getTime(),
      startedAtMs: context.now().getTime(),
    };
    tx.put(replays, replay);
    context.at(replay.startedAtMs + STARTING_MS, REPLAY, name);
    return { ReplayArn: arnOf(replay), State: replay.state, ReplayStartTime: new Date(replay.startedAtMs) };
  },
});

const ANY = { startsWith: undefined, token: undefined, invalidToken };

/** Assumed: the days count from the end. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html */
const isOld = ({ endedAtMs }: Replay, context: Context): boolean =>
  endedAtMs !== undefined && context.now().getTime() - endedAtMs > REPLAY_DAYS * DAY_MS;

const FORGOTTEN_AT_ONCE = 100;

/** With each new one. */
async function forgetOld(context: Context): Promise<void> {
  const isMeant = (replay: Replay): boolean => isOld(replay, context);
  const { rows } = await filtered(context.tx, replays, { ...ANY, limit: FORGOTTEN_AT_ONCE, isMeant });
  for (const { name } of rows) context.tx.delete(replays, name);
}

/** @throws {AwsError} `ResourceNotFoundException`, `ValidationException` */
async function requireDestination(arn: string | undefined, context: Context): Promise<void> {
  if (!arn?.includes(":event-bus/")) throw invalidParameter("Destination.Arn", "Must contain an event bus ARN.");
  await requireBusAt(placeOf(arn, context));
}

/** @throws {AwsError} `ValidationException` */
async function requireSource(arn: string, { tx }: Context): Promise<Archive> {
  const name = parseArn(arn)?.resource.replace(/^archive\//, "") ?? "";
  const archive = await tx.get(archives, name);
  if (archive === undefined || arnOfArchive(archive) !== arn)
    throw invalidParameter("EventSourceArn", `Archive ${name} does not exist.`);
  return archive;
}

/** The job: replays a part, and goes on behind it. */
export async function replayOn(context: Context, name: string): Promise<void> {
  const { tx } = context;
  const under = await tx.get(replays, name);
  const nowMs = context.now().getTime();
  if (under?.state === "CANCELLING") tx.put(replays, { ...under, state: "CANCELLED", endedAtMs: nowMs });
  if (under === undefined || !ACTIVE.has(under.state)) return;
  const from: Key = under.after ?? [under.archive, under.fromMs];
  const start = under.after === undefined ? { from } : { after: from };
  const before = [under.archive, under.toMs + 1];
  const rows = await tx.scan(archivedEvents, { prefix: [under.archive], ...start, before, limit: EVENTS_AT_ONCE });
  const place = placeOf(under.destination.Arn, context);
  const only = under.destination.FilterArns && new Set(under.destination.FilterArns.map(nameOfRule));
  for (const row of rows) await route(replayed(textOf(row, context), name), place, context, only);
  const last = rows.at(-1);
  const passed = last && { lastEventMs: last.atMs, after: [last.archive, last.atMs, last.id] as const };
  if (rows.length < EVENTS_AT_ONCE) tx.put(replays, { ...under, ...passed, state: "COMPLETED", endedAtMs: nowMs });
  else {
    tx.put(replays, { ...under, ...passed, state: "RUNNING" });
    context.at(nowMs, REPLAY, name);
  }
}

const nameOfRule = (arn: string): string => arn.slice(arn.lastIndexOf("/") + 1);

const replayed = (text: string, name: string) =>
  readEvent(`${text.slice(0, -1)},"replay-name":${JSON.stringify(name)}}`);

export const describeReplay = operation("DescribeReplay", {
  authorize: ({ ReplayName }, context) => onOwn("DescribeReplay", `replay/${ReplayName}`, context),

  async handle({ ReplayName }, context) {
    const found = await requireReplay(ReplayName, context);
    const { Arn, FilterArns } = found.destination;
    return {
      ...shown(found),
      ReplayArn: arnOf(found),
      ...(found.description !== undefined && { Description: found.description }),
      Destination: { Arn, ...(FilterArns !== undefined && { FilterArns: [...FilterArns] }) },
    };
  },
});

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireReplay(name: string, context: Context): Promise<Replay> {
  const found = await context.tx.get(replays, name);
  if (found === undefined || isOld(found, context)) throw replayNotFound(name);
  return found;
}

const shown = (found: Replay) => ({
  ReplayName: found.name,
  EventSourceArn: found.archiveArn,
  State: found.state,
  EventStartTime: new Date(found.fromMs),
  EventEndTime: new Date(found.toMs),
  ...(found.lastEventMs !== undefined && { EventLastReplayedTime: new Date(found.lastEventMs) }),
  ReplayStartTime: new Date(found.startedAtMs),
  ...(found.endedAtMs !== undefined && { ReplayEndTime: new Date(found.endedAtMs) }),
});

export const listReplays = operation("ListReplays", {
  authorize: () => ({ action: "events:ListReplays", resource: "*" }),

  async handle({ NamePrefix, State, EventSourceArn, NextToken: token, Limit: limit = PAGE_MAX }, context) {
    if ([NamePrefix, EventSourceArn, State].filter((given) => given !== undefined).length > 1) {
      throw filterOnly("ListReplays");
    }
    const isMeant = (replay: Replay) =>
      (State === undefined || State === replay.state) &&
      (EventSourceArn === undefined || EventSourceArn === replay.archiveArn) &&
      !isOld(replay, context);
    const asked = { startsWith: NamePrefix, isMeant, token, limit, invalidToken };
    const { rows, next } = await filtered(context.tx, replays, asked);
    return { Replays: rows.map(shown), ...(next !== undefined && { NextToken: next }) };
  },
});

export const cancelReplay = operation("CancelReplay", {
  authorize: ({ ReplayName }, context) => onOwn("CancelReplay", `replay/${ReplayName}`, context),

  async handle({ ReplayName }, context) {
    const found = await requireReplay(ReplayName, context);
    if (!ACTIVE.has(found.state)) throw replayOver(found.name);
    const cancelled: Replay = { ...found, state: "CANCELLING" };
    context.tx.put(replays, cancelled);
    context.at(context.now().getTime() + CANCELLING_MS, REPLAY, found.name);
    return { ReplayArn: arnOf(cancelled), State: cancelled.state };
  },
});
