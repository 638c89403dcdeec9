/**
 * Events of a group's streams that match a pattern, in the order of time.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onGroup, unmasking } from "../access.ts";
import { invalidToken, namesAndPrefix, tailWithoutStart } from "../errors.ts";
import { namedGroup, requireGroup, type LogGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { EVENT_OVERHEAD_BYTES, EVENTS_PER_PAGE_MAX, PAGE_BYTES_MAX } from "../limits.ts";
import { matches, parsePattern, type Pattern } from "../pattern/pattern.ts";
import { oldestShownMs } from "../retention.ts";
import { requireStream } from "../stream-row.ts";
import { WHOLE_GROUP } from "./chunk.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { eventId, walk, type Place, type StoredEvent, type Walk } from "./walk.ts";

/** Events looked at by one call: a page may be short, or empty, although there is more. */
const LOOKED_AT_MAX = 200_000;
const TAIL_SINCE_MS = Date.UTC(2024, 0, 1);

export const filterLogEvents = operation("FilterLogEvents", {
  authorize: async (input, context) => unmasking(input.unmask, await onGroup("FilterLogEvents", input, context)),

  async handle(input, context) {
    const token = input.nextToken === undefined ? undefined : readToken(input.nextToken);
    requireSearch(input, token);
    const pattern = await parsePattern(input.filterPattern ?? "");
    const group = await requireGroup(namedGroup(input, context), context);
    const direction = token?.direction ?? (input.startFromHead === false ? "backward" : "forward");
    const asked = await walkOf(input, { group, direction, after: token?.place }, context);
    const limit = input.limit ?? EVENTS_PER_PAGE_MAX;
    const { events, last } = await search(asked, { pattern, limit }, context);
    return {
      events: events.map(show),
      searchedLogStreams: [],
      ...(last && { nextToken: writeToken({ direction, place: last }) }),
    };
  },
});

interface Asked extends Streams {
  readonly startTime?: number | undefined;
  readonly endTime?: number | undefined;
  readonly startFromHead?: boolean | undefined;
}

/** @throws {AwsError} `InvalidParameterException` */
function requireSearch(input: Asked, token: Token | undefined): void {
  if (input.logStreamNames !== undefined && input.logStreamNamePrefix !== undefined) throw namesAndPrefix();
  const isTail = input.startFromHead === false && token === undefined;
  if (isTail && (input.startTime ?? 0) < TAIL_SINCE_MS) throw tailWithoutStart();
}

async function walkOf(
  input: Asked,
  begun: Pick<Walk, "group" | "direction" | "after">,
  context: Context,
): Promise<Walk> {
  const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER - 1 } = input;
  const { group } = begun;
  const fromMs = Math.max(startTime, oldestShownMs(group, context));
  // the last millisecond counts
  return { ...begun, ...(await lineOf(input, group, context)), fromMs, beforeMs: endTime + 1 };
}

interface Streams {
  readonly logStreamNames?: readonly string[] | undefined;
  readonly logStreamNamePrefix?: string | undefined;
}

/** One stream is walked by itself; several are picked out of their group. */
async function lineOf(
  { logStreamNames: names, logStreamNamePrefix: prefix }: Streams,
  group: LogGroup,
  context: Context,
): Promise<Pick<Walk, "line" | "isWanted">> {
  if (names === undefined) {
    return { line: WHOLE_GROUP, ...(prefix !== undefined && { isWanted: (name: string) => name.startsWith(prefix) }) };
  }
  const ids: string[] = [];
  for (const name of names) ids.push((await requireStream(name, group, context)).id);
  const [only] = ids;
  if (ids.length === 1 && only !== undefined) return { line: only };
  const wanted = new Set(names);
  return { line: WHOLE_GROUP, isWanted: (name) => wanted.has(name) };
}

interface Search {
  readonly pattern: Pattern;
  readonly limit: number;
}

interface Searched {
  readonly events: readonly StoredEvent[];
  /** What was looked at last, where there may be more. */
  readonly last?: Place;
}

async function search(asked: Walk, { pattern, limit }: Search, context: Context): Promise<Searched> {
  const events: StoredEvent[] = [];
  let [looked, bytes] = [0, 0];
  let last: Place | undefined;
  for await (const event of walk(asked, new ChunkReader(asked.group, context), context)) {
    if (last !== undefined && (looked >= LOOKED_AT_MAX || events.length === limit || bytes > PAGE_BYTES_MAX)) {
      return { events, last };
    }
    looked += 1;
    last = event;
    if (!matches(pattern, event.message)) continue;
    events.push(event);
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
  }
  return { events };
}

interface Token {
  readonly direction: Walk["direction"];
  readonly place: Place;
}

const writeToken = ({ direction, place: { atMs, sequence, stream, index } }: Token): string =>
  encodeToken([direction, atMs, sequence, stream, index]);

/** @throws {AwsError} `InvalidParameterException` */
function readToken(text: string): Token {
  const [direction, atMs, sequence, stream, index] = decodeToken(text, invalidToken);
  const isPlace = typeof atMs === "number" && typeof sequence === "number" && typeof index === "number";
  if (!isPlace || typeof stream !== "string" || (direction !== "forward" && direction !== "backward")) {
    throw invalidToken();
  }
  return { direction, place: { atMs, sequence, stream, index } };
}

const show = (event: StoredEvent): FilteredLogEvent => ({
  logStreamName: event.streamName,
  timestamp: event.atMs,
  message: event.message,
  ingestionTime: event.ingestedMs,
  eventId: eventId(event),
});
