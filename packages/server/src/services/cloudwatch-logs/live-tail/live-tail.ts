/**
 * Events as they come. Differs: nothing is sent while nothing comes, instead of an empty update each
 * second; a session that has lasted three hours ends without a word.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html
 */
import type { LiveTailSessionLogEvent, StartLiveTailResponseStream } from "@aws-sdk/client-cloudwatch-logs";
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Key } from "../../../kernel/table.ts";
import type { Context, Look } from "../../../service/context.ts";
import { onNamedGroup } from "../access.ts";
import { namesAndPrefix, tailNotOneGroup } from "../errors.ts";
import { ChunkReader } from "../event/chunk-reader.ts";
import { arnOf, groupOfText, homeOf, requireGroup, type LogGroup } from "../group-row.ts";
import { streaming } from "../kit.ts";
import { LIVE_TAIL_EVENTS_PER_UPDATE_MAX, LIVE_TAIL_HOURS_MAX } from "../limits.ts";
import { matches, parsePattern, type Pattern } from "../pattern/pattern.ts";
import { arrivals, sessions, type Arrival } from "./arrival.ts";

interface Watched {
  readonly id: string;
  readonly groups: readonly LogGroup[];
  readonly pattern: Pattern;
  readonly isWanted: (streamName: string) => boolean;
  readonly sinceMs: number;
  readonly untilMs: number;
}

interface Asked {
  readonly logGroupIdentifiers: readonly string[];
  readonly logStreamNames?: readonly string[] | undefined;
  readonly logStreamNamePrefixes?: readonly string[] | undefined;
  readonly logEventFilterPattern?: string | undefined;
}

export const startLiveTail = streaming("StartLiveTail", {
  authorize: ({ logGroupIdentifiers }, context) =>
    Promise.all(logGroupIdentifiers.map((text) => onNamedGroup("StartLiveTail", groupOfText(text, context), context))),

  async receive(input, context) {
    const watched = await watchedBy(input, context);
    return { watched, responseStream: updates(input, watched, context) };
  },

  async handle(_input, { tx }, { watched, responseStream }) {
    const { id, groups, untilMs } = watched;
    for (const group of groups) homeOf(group, tx).put(sessions, { group: group.id, id, untilMs });
    return { responseStream };
  },
});

async function watchedBy(input: Asked, context: Context): Promise<Watched> {
  const { logStreamNames: names, logStreamNamePrefixes: prefixes } = input;
  if (names !== undefined && prefixes !== undefined) throw namesAndPrefix();
  const groups: LogGroup[] = [];
  for (const text of input.logGroupIdentifiers) groups.push(await requireGroup(groupOfText(text, context), context));
  if ((names ?? prefixes) !== undefined && groups.length !== 1) throw tailNotOneGroup();
  const nowMs = context.now().getTime();
  return {
    id: context.newId(),
    groups,
    pattern: await parsePattern(input.logEventFilterPattern ?? ""),
    isWanted: (name) => names?.includes(name) ?? prefixes?.some((prefix) => name.startsWith(prefix)) ?? true,
    sinceMs: nowMs,
    untilMs: nowMs + LIVE_TAIL_HOURS_MAX * HOUR_MS,
  };
}

async function* updates(input: Asked, watched: Watched, context: Context): AsyncGenerator<StartLiveTailResponseStream> {
  const { untilMs, id } = watched;
  yield {
    sessionStart: {
      requestId: context.requestId,
      sessionId: id,
      logGroupIdentifiers: watched.groups.map(arnOf),
      logStreamNames: [...(input.logStreamNames ?? [])],
      logStreamNamePrefixes: [...(input.logStreamNamePrefixes ?? [])],
      logEventFilterPattern: input.logEventFilterPattern ?? "",
    },
  };
  const seen: Seen = new Map();
  for (;;) {
    const found = await context.poll({ watched: arrivals, untilMs, look: (inside) => look(watched, seen, inside) });
    // nobody waits any more, or it is over
    if (found === undefined) break;
    const shown = await eventsOf(found, watched, context);
    if (shown.length === 0) continue;
    const sampled = shown.length > LIVE_TAIL_EVENTS_PER_UPDATE_MAX;
    const sessionResults = shown.slice(0, LIVE_TAIL_EVENTS_PER_UPDATE_MAX);
    yield { sessionUpdate: { sessionMetadata: { sampled }, sessionResults } };
  }
}

/** What a session has seen of each group: up to which chunk. */
type Seen = Map<string, Key>;

async function look({ groups, sinceMs }: Watched, seen: Seen, { tx }: Context): Promise<Look<readonly Arrival[]>> {
  const found: Arrival[] = [];
  for (const { id, account, region } of groups) {
    const after = seen.get(id);
    const range = { prefix: [id], ...(after ? { after } : { from: [id, sinceMs] }), limit: CHUNKS_AT_ONCE };
    const rows = await tx.in({ account, region }).scan(arrivals, range);
    const last = rows.at(-1);
    if (last !== undefined) seen.set(id, arrivals.keyOf(last));
    found.push(...rows);
  }
  return found.length === 0 ? { againAtMs: undefined } : { found };
}

const CHUNKS_AT_ONCE = 50;

async function eventsOf(
  found: readonly Arrival[],
  { groups, pattern, isWanted }: Watched,
  context: Context,
): Promise<readonly LiveTailSessionLogEvent[]> {
  const shown: LiveTailSessionLogEvent[] = [];
  for (const { group: id, head } of found) {
    const group = groups.find((one) => one.id === id);
    if (group === undefined || !isWanted(head.streamName)) continue;
    for (const { message, atMs, ingestedMs } of await new ChunkReader(group, context).read(head)) {
      if (!matches(pattern, message)) continue;
      const from = { logStreamName: head.streamName, logGroupIdentifier: identifierOf(group) };
      shown.push({ ...from, message, timestamp: atMs, ingestionTime: ingestedMs });
    }
  }
  return shown;
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_LiveTailSessionLogEvent.html */
const identifierOf = ({ account, name }: LogGroup): string => `${account}:${name}`;
