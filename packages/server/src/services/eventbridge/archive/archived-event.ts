/**
 * The events in archives: by the time that they tell of themselves, by which they are replayed, and by the days on which
 * they came, each of which goes when it is over.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_StartReplay.html ("the time in the event")
 */
import { parseAccountId } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { DAY_MS, SECOND_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { table, type Key, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { archives, shelfOf, type Archive } from "./row.ts";
import type { BusPlace } from "../bus/row.ts";
import type { SentEvent } from "../event/event.ts";
import { TIME_BYTES } from "../limits.ts";

interface ArchivedEvent {
  /** The shelf of it. */
  readonly archive: string;
  /** The event's own time. */
  readonly atMs: number;
  readonly id: string;
  /** The event's text. */
  readonly sealed: string;
}

/** On which day an event came. */
interface Arrival extends Pick<ArchivedEvent, "archive" | "atMs" | "id"> {
  readonly day: number;
}

/** How much of a day there is. Several rows, so that events that come at once do not wait for each other. */
interface DaySum {
  readonly archive: string;
  readonly day: number;
  readonly part: number;
  readonly events: number;
  readonly bytes: number;
}

export const archivedEvents = table<ArchivedEvent>("eventbridge.archived-event", "region", ({ archive, atMs, id }) => [
  archive,
  atMs,
  id,
]);
const arrivals = table<Arrival>("eventbridge.archived-arrival", "region", ({ archive, day, atMs, id }) => [
  archive,
  day,
  atMs,
  id,
]);
const sums = table<DaySum>("eventbridge.archived-sum", "region", ({ archive, day, part }) => [archive, day, part]);

const PARTS = 8;
const CLEARED_AT_ONCE = 1000;
const SUMS_AT_ONCE = 1000;
const FORGET = "forget";
const PURPOSE = "eventbridge.archived-event";

const dayOf = (atMs: number): number => Math.floor(atMs / DAY_MS);
const partOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % PARTS;

export async function keepInArchive(name: string, sent: SentEvent, { tx }: BusPlace, context: Context): Promise<void> {
  const archive = await tx.get(archives, name);
  if (archive === undefined) return;
  const { id, time } = sent.event;
  const shelf = shelfOf(archive);
  const atMs = Date.parse(time);
  const [day, part] = [dayOf(context.now().getTime()), partOf(id)];
  const sum = (await tx.get(sums, shelf, day, part)) ?? { archive: shelf, day, part, events: 0, bytes: 0 };
  const bytes = sum.bytes + sizeOf(sent);
  tx.put(archivedEvents, { archive: shelf, atMs, id, sealed: context.keys.seal(sent.text, PURPOSE) });
  tx.put(arrivals, { archive: shelf, day, atMs, id });
  tx.put(sums, { ...sum, events: sum.events + 1, bytes });
  if (sum.events === 0) forgetLater(archive, day, context);
}

/**
 * What is counted of an event: its time as `PutEvents` counts it, its account, source, type, resources and detail.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_archive_and_replay.snapshot.json
 * (test_list_archive_with_events: 159 bytes, of which 12, 27, 27, 0 and 79 are these)
 */
function sizeOf({ event, text }: SentEvent): number {
  const { account, source, "detail-type": type, resources } = event;
  const frame = JSON.stringify({ ...event, detail: "" });
  const detailBytes = Buffer.byteLength(text, "utf8") - Buffer.byteLength(frame, "utf8") + '""'.length;
  const counted = [account, source, type, ...resources];
  return counted.reduce((sum, one) => sum + Buffer.byteLength(one, "utf8"), TIME_BYTES + detailBytes);
}

export function textOf({ sealed }: ArchivedEvent, { keys }: Pick<Context, "keys">): string {
  const bytes = keys.open(sealed, PURPOSE);
  assert(bytes !== undefined, "an archived event opens");
  return Buffer.from(bytes).toString("utf8");
}

/** The key says whose archive it is: another account may have put the event. */
function forgetLater({ account, name, retentionDays }: Archive, day: number, context: Context): void {
  if (retentionDays > 0) context.at((day + 1 + retentionDays) * DAY_MS, FORGET, `${account}/${name}/${day}`);
}

/** The job: a day of an archive is over. What one held that is deleted goes with `emptyArchive`. */
export async function forget(context: Context, key: string): Promise<void> {
  const [account = "", name = "", day = ""] = key.split("/");
  const tx = context.tx.in({ account: parseAccountId(account) ?? context.account });
  const archive = await tx.get(archives, name);
  if (archive === undefined || archive.retentionDays === 0) return;
  const dueMs = (Number(day) + 1 + archive.retentionDays) * DAY_MS;
  if (dueMs > context.now().getTime()) {
    context.at(dueMs, FORGET, key);
    return;
  }
  const isOver = await clearUntil({ shelf: shelfOf(archive), day: Number(day) }, tx);
  if (!isOver) context.at(context.now().getTime(), FORGET, key);
}

interface Day {
  readonly shelf: string;
  readonly day: number;
}

/** Takes away what came until the end of a day, a part at a time. Whether that was all. */
async function clearUntil({ shelf, day }: Day, tx: Transaction): Promise<boolean> {
  const until = { prefix: [shelf], before: [shelf, day + 1] };
  const over = await tx.scan(arrivals, { ...until, limit: CLEARED_AT_ONCE });
  for (const { atMs, id } of over) tx.delete(archivedEvents, shelf, atMs, id);
  await tx.clear(arrivals, { ...until, limit: CLEARED_AT_ONCE });
  if (over.length === CLEARED_AT_ONCE) return false;
  if (!(await clearFormer({ shelf, day }, tx))) return false;
  await tx.clear(sums, { ...until, limit: SUMS_AT_ONCE });
  return true;
}

/**
 * Earlier versions kept events by the millisecond at which they came, and nothing else of that. The time of an event itself
 * is in whole seconds; so of the former ones, those that came at one stay.
 */
async function clearFormer({ shelf, day }: Day, tx: Transaction): Promise<boolean> {
  const ofDay = { prefix: [shelf], from: [shelf, day * DAY_MS], before: [shelf, (day + 1) * DAY_MS] };
  for (let after: Key | undefined; ;) {
    const some = await tx.scan(archivedEvents, { ...ofDay, after, limit: CLEARED_AT_ONCE });
    const former = some.filter(({ atMs }) => atMs % SECOND_MS !== 0);
    for (const { atMs, id } of former) tx.delete(archivedEvents, shelf, atMs, id);
    const last = some.at(-1);
    if (last === undefined || some.length < CLEARED_AT_ONCE) return true;
    if (former.length > 0) return false;
    after = archivedEvents.keyOf(last);
  }
}

/** The job behind an archive that is deleted: takes away what its shelf held, a part at a time. */
export async function emptyArchive(context: Context, shelf: string): Promise<void> {
  // of earlier versions, an archive of the same name may be on it
  const there = await context.tx.get(archives, shelf);
  if (there !== undefined && shelfOf(there) === shelf) return;
  const cleared = await context.tx.clear(archivedEvents, { prefix: [shelf], limit: CLEARED_AT_ONCE });
  const came = await context.tx.clear(arrivals, { prefix: [shelf], limit: CLEARED_AT_ONCE });
  const days = await context.tx.clear(sums, { prefix: [shelf], limit: SUMS_AT_ONCE });
  if (cleared + came + days >= CLEARED_AT_ONCE) context.at(context.now().getTime(), EMPTY, shelf);
}

export const EMPTY = "emptyArchive";

/** After the days that an archive keeps were changed. */
export async function retentionChanged(archive: Archive, context: Context): Promise<void> {
  const days = new Set<number>();
  for await (const { day } of sumsOf(archive, context.tx)) days.add(day);
  for (const day of days) forgetLater(archive, day, context);
}

const sumsOf = (archive: Archive, tx: Transaction): AsyncGenerator<DaySum> =>
  everyRow(tx, sums, { prefix: [shelfOf(archive)] });

/** How many events an archive holds, and how large they are. */
export async function sumOf(archive: Archive, tx: Transaction): Promise<{ events: number; bytes: number }> {
  let [events, bytes] = [0, 0];
  for await (const row of sumsOf(archive, tx)) [events, bytes] = [events + row.events, bytes + row.bytes];
  return { events, bytes };
}
