/**
 * Events come in, and go on to those who asked for them.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
import { DAY_MS, HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { onStream } from "../access.ts";
import { batchSpanTooLong, batchTooLarge, notChronological } from "../errors.ts";
import { countBytes } from "../group-size.ts";
import { homeOf, requireOwnGroup, type LogGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { announceChunks } from "../live-tail/arrival.ts";
import {
  BATCH_BYTES_MAX,
  BATCH_SPAN_HOURS_MAX,
  EVENT_AGE_DAYS_MAX,
  EVENT_AHEAD_HOURS_MAX,
  EVENT_OVERHEAD_BYTES,
} from "../limits.ts";
import { countMetrics } from "../metric/count.ts";
import { expireLater } from "../retention.ts";
import {
  NEVER_MS,
  recencies,
  requireStream,
  tailOf,
  tails,
  uploadToken,
  type LogStream,
  type Tail,
} from "../stream-row.ts";
import { sendToSubscribers } from "../subscription/send.ts";
import { chunks, cut, putHeads, type Entry, type Head } from "./chunk.ts";
import { encryptContent } from "./encryption.ts";
import type { StoredEvent } from "./walk.ts";

export const putLogEvents = operation("PutLogEvents", {
  authorize: (input, context) => onStream("PutLogEvents", input, context),

  async handle({ logGroupName, logStreamName, logEvents }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    const stream = await requireStream(logStreamName, group, context);
    const entries = logEvents.map(({ timestamp, message }): Entry => [timestamp, message]);
    requireBatch(entries);
    const { taken, ...rejected } = sift(entries, group, context.now().getTime());
    if (taken.length > 0) await take(taken, { group, stream }, context);
    const { tooOld, expired, tooNew } = rejected;
    const rejectedLogEventsInfo = {
      ...(tooOld !== undefined && { tooOldLogEventEndIndex: tooOld }),
      ...(expired !== undefined && { expiredLogEventEndIndex: expired }),
      ...(tooNew !== undefined && { tooNewLogEventStartIndex: tooNew }),
    };
    const isWhole = Object.keys(rejectedLogEventsInfo).length === 0;
    return { nextSequenceToken: uploadToken(context.newId()), ...(!isWhole && { rejectedLogEventsInfo }) };
  },
});

const bytesOfEntry = ([, message]: Entry): number => Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES;

/** @throws {AwsError} `InvalidParameterException` */
function requireBatch(entries: readonly Entry[]): void {
  let bytes = 0;
  let lastMs = -Infinity;
  for (const entry of entries) {
    bytes += bytesOfEntry(entry);
    if (entry[0] < lastMs) throw notChronological();
    [lastMs] = entry;
  }
  if (bytes > BATCH_BYTES_MAX) throw batchTooLarge(bytes);
}

interface Sifted {
  readonly taken: readonly Entry[];
  /** Exclusive. */
  readonly tooOld: number | undefined;
  /** Exclusive. */
  readonly expired: number | undefined;
  /** Inclusive. */
  readonly tooNew: number | undefined;
}

/** @throws {AwsError} `InvalidParameterException` */
function sift(entries: readonly Entry[], { retentionDays }: LogGroup, nowMs: number): Sifted {
  const oldestMs = nowMs - EVENT_AGE_DAYS_MAX * DAY_MS;
  const keptMs = retentionDays === undefined ? oldestMs : Math.max(oldestMs, nowMs - retentionDays * DAY_MS);
  const newestMs = nowMs + EVENT_AHEAD_HOURS_MAX * HOUR_MS;
  const tooOld = firstWhere(entries, (atMs) => atMs >= oldestMs);
  const begin = firstWhere(entries, (atMs) => atMs >= keptMs);
  const newest = firstWhere(entries, (atMs) => atMs > newestMs);
  const taken = entries.slice(begin, newest);
  const spanMs = (taken.at(-1)?.[0] ?? 0) - (taken[0]?.[0] ?? 0);
  if (spanMs > BATCH_SPAN_HOURS_MAX * HOUR_MS) throw batchSpanTooLong();
  return {
    taken,
    tooOld: tooOld > 0 ? tooOld : undefined,
    expired: begin > tooOld ? begin : undefined,
    tooNew: newest < entries.length ? newest : undefined,
  };
}

/** The index of the first entry of which it holds; behind the last where there is none. */
function firstWhere(entries: readonly Entry[], holds: (atMs: number) => boolean): number {
  const at = entries.findIndex(([atMs]) => holds(atMs));
  return at === -1 ? entries.length : at;
}

interface Target {
  readonly group: LogGroup;
  readonly stream: LogStream;
}

/** Stores events, which are in the order of time, and tells those who want to hear of them. */
async function take(entries: readonly Entry[], target: Target, context: Context): Promise<void> {
  const { group, stream } = target;
  const tx = homeOf(group, context.tx);
  const tail = await tailOf(stream, tx);
  const events = await store(entries, target, { sequence: tail?.sequence ?? 0, context });
  const [first, last] = [events[0], events.at(-1)];
  if (first === undefined || last === undefined) return;
  putTail(stream, tail, { first, last }, context);
  const bytes = entries.reduce((sum, entry) => sum + bytesOfEntry(entry), 0);
  await countBytes(group, stream.id, bytes, context);
  await expireLater(group, first.atMs, context);
  await countMetrics(events, group, context);
  await sendToSubscribers(events, target, context);
}

interface Storing {
  /** Of the newest chunk so far. */
  readonly sequence: number;
  readonly context: Context;
}

async function store(entries: readonly Entry[], { group, stream }: Target, { sequence: before, context }: Storing) {
  const tx = homeOf(group, context.tx);
  const ingestedMs = context.now().getTime();
  const events: StoredEvent[] = [];
  const found: Head[] = [];
  let sequence = before;
  for (const piece of cut(entries, bytesOfEntry)) {
    sequence += 1;
    const place = { group: group.id, stream: stream.id, sequence };
    tx.put(chunks, { ...place, ...(await encryptContent(JSON.stringify(piece), group, context)) });
    const [firstMs = 0] = piece[0] ?? [];
    const [lastMs = 0] = piece.at(-1) ?? [];
    const bytes = piece.reduce((sum, entry) => sum + bytesOfEntry(entry), 0);
    const times = { firstMs, lastMs, ingestedMs };
    const head = { ...place, line: stream.id, streamName: stream.name, ...times, events: piece.length, bytes };
    putHeads(head, tx);
    found.push(head);
    const from = { stream: stream.id, streamName: stream.name, sequence, ingestedMs, firstMs };
    for (const [index, [atMs, message]] of piece.entries()) events.push({ ...from, atMs, message, index });
  }
  await announceChunks(found, group, context);
  return events;
}

interface Ends {
  readonly first: StoredEvent;
  readonly last: StoredEvent;
}

function putTail(stream: LogStream, was: Tail | undefined, { first, last }: Ends, { tx }: Context): void {
  const { group, id, name } = stream;
  const lastMs = Math.max(was?.lastMs ?? NEVER_MS, last.atMs);
  const firstMs = Math.min(was?.firstMs ?? Infinity, first.atMs);
  tx.put(tails, { group, stream: id, sequence: last.sequence, firstMs, lastMs, ingestedMs: last.ingestedMs });
  if (lastMs === was?.lastMs) return;
  tx.delete(recencies, group, was?.lastMs ?? NEVER_MS, name);
  tx.put(recencies, { group, lastMs, name });
}
