/**
 * The events of one stream, page by page in both directions.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
 */
import type { Context } from "../../../service/context.ts";
import { onStream, unmasking } from "../access.ts";
import { invalidToken } from "../errors.ts";
import { namedGroup, requireGroup, type LogGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { EVENT_OVERHEAD_BYTES, EVENTS_PER_PAGE_MAX, PAGE_BYTES_MAX } from "../limits.ts";
import { oldestShownMs } from "../retention.ts";
import { requireStream } from "../stream-row.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { placeDigits, placeOfDigits, walk, type Place, type StoredEvent, type Walk } from "./walk.ts";

export const getLogEvents = operation("GetLogEvents", {
  authorize: async (input, context) => unmasking(input.unmask, await onStream("GetLogEvents", input, context)),

  async handle(input, context) {
    const { startTime = 0, endTime = Number.MAX_SAFE_INTEGER, limit = EVENTS_PER_PAGE_MAX } = input;
    const group = await requireGroup(namedGroup(input, context), context);
    const stream = await requireStream(input.logStreamName, group, context);
    const token = input.nextToken === undefined ? undefined : readToken(input.nextToken, stream.id);
    const direction = token?.direction ?? (input.startFromHead === true ? "forward" : "backward");
    const fromMs = Math.max(startTime, oldestShownMs(group, context));
    const asked = { group, line: stream.id, direction, fromMs, beforeMs: endTime, after: token?.place } as const;
    const events = await pageOf(asked, limit, context);
    return {
      events: events.map(({ atMs, message, ingestedMs }) => ({ timestamp: atMs, message, ingestionTime: ingestedMs })),
      ...tokensAround(events, token, { stream: stream.id, fromMs: Math.max(0, fromMs) }),
    };
  },
});

/** In the order of time, whichever the direction. */
async function pageOf(asked: Walk & { readonly group: LogGroup }, limit: number, context: Context) {
  const events: StoredEvent[] = [];
  let bytes = 0;
  for await (const event of walk(asked, new ChunkReader(asked.group, context), context)) {
    bytes += Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
    if (events.length > 0 && bytes > PAGE_BYTES_MAX) break;
    events.push(event);
    if (events.length === limit) break;
  }
  return asked.direction === "forward" ? events : events.toReversed();
}

interface Token {
  readonly direction: Walk["direction"];
  readonly place: Place;
}

const TOKEN_DIGITS = 56;

const writeToken = (letter: "f" | "b", place: Place): string =>
  `${letter}/${placeDigits(place).padStart(TOKEN_DIGITS, "0")}`;

/** @throws {AwsError} `InvalidParameterException` */
function readToken(text: string, stream: string): Token {
  const [, letter, digits = ""] = /^([fb])\/(\d{56})$/.exec(text) ?? [];
  const place = placeOfDigits(digits, stream);
  if (letter === undefined || place === undefined) throw invalidToken();
  return { direction: letter === "f" ? "forward" : "backward", place };
}

/** A page that is empty gives the token back that it was asked with: there is nothing more that way, for now. */
function tokensAround(
  events: readonly StoredEvent[],
  token: Token | undefined,
  { stream, fromMs }: { readonly stream: string; readonly fromMs: number },
) {
  const [first, last] = [events[0], events.at(-1)];
  if (first !== undefined && last !== undefined) {
    return { nextForwardToken: writeToken("f", last), nextBackwardToken: writeToken("b", first) };
  }
  if (token === undefined) {
    const start = { atMs: fromMs, sequence: 0, stream, index: 0 };
    return { nextForwardToken: writeToken("f", start), nextBackwardToken: writeToken("b", start) };
  }
  const { direction, place } = token;
  // what lies at the end itself is on the way back
  const beyond =
    direction === "forward"
      ? { ...place, index: place.index + 1 }
      : { ...place, sequence: Math.max(0, place.sequence - 1) };
  const [forward, backward] = direction === "forward" ? [place, beyond] : [beyond, place];
  return { nextForwardToken: writeToken("f", forward), nextBackwardToken: writeToken("b", backward) };
}
