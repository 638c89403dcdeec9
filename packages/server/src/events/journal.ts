/**
 * The record of calls. A call that changed something is recorded in its own transaction; the others,
 * refusals included, are written behind in batches, so that a read stays a read. A crash may lose
 * the last batch of those, never the record of a change.
 */
import { wakeAfter } from "../clock/pause.ts";
import { setTimer } from "../clock/timer.ts";
import type { Underway } from "../clock/timers.ts";
import { asRegion, parseAccountId } from "../kernel/arn.ts";
import { DAY_MS, HOUR_MS } from "../kernel/duration.ts";
import { newUuid, timeOfRequestId } from "../kernel/ids.ts";
import { onlyReads } from "../kernel/read-only.ts";
import { NOWHERE, table, type Gathering, type Key, type Range, type Scope, type Transaction } from "../kernel/table.ts";
import type { Audience } from "../service/audience.ts";
import type { RecordedPage, RecordedQuery } from "../service/recorded-calls.ts";
import type { Store } from "../store/store.ts";
import type { CallRecord } from "./call-record.ts";
import { isDataCall } from "./call-kind.ts";
import { batches, batchesIn, batchOf, keyOfText, keyText } from "./journal-batch.ts";
import { RecordedTexts } from "./recorded-text.ts";
import { isRepeat, laidRecords, withRepeats, type LaidRecord } from "./repeated-record.ts";
import { RecordReader } from "./stored-record.ts";

/** A place in the order of batches, set each time so many records have come: the oldest kept mark is where trimming ends. */
interface Mark {
  readonly atMs: number;
  readonly id: string;
}

const marks = table<Mark>("journal.mark", "global", ({ atMs, id }) => [atMs, id]);

/** As long as CloudTrail's event history. Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html */
const RETENTION_DAYS = 90;
/** About how many records are kept where nothing else is said; beyond it the oldest go first. */
const RECORDS_MAX = 200_000;
/** So many marks lie between the oldest record that is kept and the latest. */
const MARKS = 20;
const BATCH_RECORDS_MAX = 256;
const TRIM_ROWS = 500;
const PAGE_RECORDS = 1000;
/** So many records are looked at for one page. */
const PAGE_RECORDS_SEEN_MAX = 20_000;
/** Real time that the records of calls which changed nothing wait for others, and how many wait at the most. */
const TOGETHER_MS = 2;
const WAITING_MAX = 64;
/** Calls that take longer, in virtual time, are left out where an end of time is asked for. */
const CALL_HOURS_MAX = 1;

export interface JournalQuery {
  /** The most records to give, newest first. */
  readonly limit: number;
  /** Only records for which this holds. */
  readonly matches: (record: CallRecord) => boolean;
  /** Only calls begun at this virtual time or later. */
  readonly sinceMs?: number;
}

export interface JournalParts {
  readonly store: Store;
  readonly scope: Scope;
  readonly now: () => number;
  /** Who wants to hear of calls. */
  readonly audiences?: Pick<Audience, "has">;
  /** Hears of what could not be written. */
  readonly onLoss: (cause: unknown) => void;
  /** About how many records are kept. */
  readonly recordsMax?: number | undefined;
}

export class Journal implements Underway {
  /** The texts that records speak of. */
  readonly texts: RecordedTexts;
  readonly #parts: JournalParts;
  readonly #recordsPerMark: number;
  readonly #reader: RecordReader;
  /** The records of changes that end in one moment, in one row. */
  readonly #changes: Gathering = { keep: (tx) => this.#keepChanges(tx) };
  #changed: CallRecord[] = [];
  #order = 0;
  #waiting: CallRecord[] = [];
  /** While batches are written, one after another. */
  #writing: Promise<void> | undefined;
  #stopWaiting: (() => void) | undefined;
  #unmarked = 0;

  constructor(parts: JournalParts) {
    this.#parts = parts;
    this.#recordsPerMark = Math.ceil((parts.recordsMax ?? RECORDS_MAX) / MARKS);
    this.texts = new RecordedTexts({ ...parts, onNew: () => this.#schedule() });
    this.#reader = new RecordReader((name, atMs) => this.texts.find(name, atMs));
  }

  /** Records a call in the transaction of what it changed. */
  write(record: CallRecord, tx: Transaction): void {
    tx.gather(this.#changes, () => this.#changed.push(record));
  }

  /** Records a call that changed nothing. */
  append(record: CallRecord): void {
    this.#waiting.push(record);
    this.#schedule();
  }

  /** A batch costs more than what is in it: records wait a moment for others. */
  #schedule(): void {
    if (this.#waiting.length >= WAITING_MAX) this.#begin();
    else this.#stopWaiting ??= wakeAfter(TOGETHER_MS, () => this.#begin());
  }

  /** Whether there are records of calls that ended which nobody can hear of yet. */
  get busy(): boolean {
    return this.#somethingWaits || this.#writing !== undefined;
  }

  get #somethingWaits(): boolean {
    return this.#waiting.length > 0 || this.texts.areWaiting;
  }

  /** Where time is moved, what was called belongs to the time before. Nobody waits for records that are yet to come. */
  change(): Promise<void> {
    return this.busy ? this.flush() : new Promise(() => {});
  }

  /** Everything appended so far is in the store afterwards. */
  async flush(): Promise<void> {
    // what is gathered may speak of texts that are new
    await this.#parts.store.gathered();
    do {
      this.#begin();
      await this.#writing;
    } while (this.busy);
  }

  /** What was written is gone: the store was emptied. */
  forget(): void {
    this.texts.forget();
  }

  /** The newest records that match, newest first. */
  async find({ limit, matches, sinceMs = 0 }: JournalQuery): Promise<CallRecord[]> {
    await this.flush();
    const found: CallRecord[] = [];
    for await (const { records } of batchesIn(this.#parts, { from: [sinceMs], reverse: true })) {
      for (const record of (await this.#read(records)).toReversed()) {
        if (record.atMs >= sinceMs && matches(record)) found.push(record);
        if (found.length >= limit) return found;
      }
    }
    return found;
  }

  /** The record of one call, found by the time that its id carries. */
  async findCall(requestId: string): Promise<CallRecord | undefined> {
    const wanted = requestId.toLowerCase();
    const atMs = timeOfRequestId(wanted, this.#parts.now());
    if (atMs === undefined) return undefined;
    for await (const { records } of this.batches({ sinceMs: atMs, untilMs: atMs + 1 })) {
      const found = records.find((record) => record.requestId.toLowerCase() === wanted);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A page of the records that `query` asks for. */
  async page({ after, newestFirst, limit = PAGE_RECORDS, ...query }: RecordedQuery): Promise<RecordedPage> {
    const calls: CallRecord[] = [];
    let seen = 0;
    for await (const { atMs, id, records } of this.batches({ ...query, after, newestFirst })) {
      const asked = records.filter((record) => isAskedFor(record, query));
      calls.push(...(newestFirst ? asked.toReversed() : asked));
      seen += records.length;
      if (calls.length >= limit || seen >= PAGE_RECORDS_SEEN_MAX) return { calls, next: [atMs, id] };
    }
    return { calls };
  }

  /** Those that were written together, by what CloudTrail heard of them. */
  async batch(key: string): Promise<readonly CallRecord[]> {
    const { store, scope } = this.#parts;
    const found = await store.transact(scope, (tx) => tx.get(batches, ...keyOfText(key)));
    return found === undefined ? [] : this.#read(found.records);
  }

  /** All batches that may hold calls of that time, the oldest first where nothing else is said. */
  async *batches(query: Pick<RecordedQuery, "sinceMs" | "untilMs" | "after" | "newestFirst">) {
    await this.flush();
    for await (const batch of batchesIn(this.#parts, rangeOf(query))) {
      yield { ...batch, records: await this.#read(batch.records) };
    }
  }

  #read(laid: readonly LaidRecord[]): Promise<readonly CallRecord[]> {
    return this.#reader.read(withRepeats(laid));
  }

  #keepChanges(tx: Transaction): void {
    const records = this.#changed;
    this.#changed = [];
    for (const some of inBatches(records)) this.#tellRecorders(some, this.#put(some, tx), tx);
    this.#unmarked += records.length;
    if (this.#unmarked >= this.#recordsPerMark) this.#schedule();
  }

  /** Where a trail is logging, it hears of them. The key of the batch. */
  #put(records: readonly CallRecord[], tx: Transaction): string {
    const laid = laidRecords(records, (decidedAtMs) => this.texts.on(decidedAtMs));
    const batch = batchOf(records, laid, this.#order++);
    tx.put(batches, batch);
    const key = keyText(batch);
    // who hears of a call hears of what repeats it
    const heard = records.find((record, index) => !isRepeat(laid[index]) && this.#isHeard(record));
    if (heard !== undefined) setTimer(tx, { ...placeOf(heard), ...HEARD_BY_TRAILS, key, dueMs: this.#parts.now() });
    return key;
  }

  /** Where AWS Config records, it hears of what was changed: once in each account. */
  #tellRecorders(records: readonly CallRecord[], key: string, tx: Transaction): void {
    const { audiences } = this.#parts;
    if (audiences === undefined) return;
    const heard = records.filter((record) => mayConfigure(record) && audiences.has("configuration", record));
    for (const record of new Map(heard.map((one) => [one.account, one])).values()) {
      setTimer(tx, { ...placeOf(record), ...HEARD_BY_RECORDERS, key, dueMs: this.#parts.now() });
    }
  }

  #isHeard(record: CallRecord): boolean {
    const { audiences } = this.#parts;
    if (audiences === undefined) return false;
    const kind = isDataCall(record) ? "data-calls" : "calls";
    const { region, questions } = record;
    return (
      audiences.has(kind, record) ||
      questions.some(
        ({ access: { owner: account } }) => account !== record.account && audiences.has(kind, { account, region }),
      )
    );
  }

  #begin(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#somethingWaits) this.#schedule();
    });
  }

  async #writeAll(): Promise<void> {
    const { onLoss } = this.#parts;
    // first what records speak of: one that is found has its texts
    while (this.#somethingWaits) {
      await this.texts.writeWaiting();
      const records = this.#waiting;
      // a new array each time: what is spliced out of an old one is kept by it from the young generation's collector
      this.#waiting = [];
      for (const some of inBatches(records)) await this.#writeBatch(some).catch(onLoss);
    }
    if (this.#unmarked < this.#recordsPerMark) return;
    this.#unmarked = 0;
    await this.#trim().catch(onLoss);
  }

  async #writeBatch(records: readonly CallRecord[]): Promise<void> {
    const { store, scope } = this.#parts;
    await store.transact(scope, async (tx) => this.#put(records, tx));
    this.#unmarked += records.length;
  }

  /** Sets a mark and deletes what lies before the oldest mark that counts, or is too old. */
  async #trim(): Promise<void> {
    const { store, scope, now } = this.#parts;
    const before = await store.transact(scope, async (tx) => {
      tx.put(marks, { atMs: now(), id: newUuid() });
      const latest = await tx.scan(marks, { reverse: true, limit: MARKS });
      const oldest = latest.length < MARKS ? undefined : latest.at(-1);
      const tooOldMs = now() - RETENTION_DAYS * DAY_MS;
      const end: Key = oldest === undefined || oldest.atMs < tooOldMs ? [tooOldMs] : marks.keyOf(oldest);
      await tx.clear(marks, { before: end, limit: TRIM_ROWS });
      return end;
    });
    const clear = (tx: Transaction): Promise<number> => tx.clear(batches, { before, limit: TRIM_ROWS });
    while ((await store.transact(scope, clear)) === TRIM_ROWS);
    await this.texts.trim(Number(before[0]) - CALL_HOURS_MAX * HOUR_MS);
  }
}

const HEARD_BY_TRAILS = { service: "cloudtrail", job: "heard" } as const;
/** What only reads is recorded with changes where a service does it on the way to one. */
const mayConfigure = (record: CallRecord): boolean => !isDataCall(record) && !onlyReads(record);

const HEARD_BY_RECORDERS = { service: "config-service", job: "heard" } as const;

const placeOf = ({ account, region }: CallRecord): Scope => ({
  account: parseAccountId(account) ?? NOWHERE.account,
  region: region === "" ? NOWHERE.region : asRegion(region),
});

/** Calls of one time: where the clock was moved between two, another batch begins. */
function* inBatches(records: readonly CallRecord[]): Generator<readonly CallRecord[]> {
  let from = 0;
  for (let at = 1; at <= records.length; at++) {
    const apartMs = Math.abs((records[at]?.atMs ?? 0) - (records[from]?.atMs ?? 0));
    if (at < records.length && at - from < BATCH_RECORDS_MAX && apartMs < CALL_HOURS_MAX * HOUR_MS) continue;
    yield records.slice(from, at);
    from = at;
  }
}

function rangeOf({
  sinceMs,
  untilMs,
  after,
  newestFirst,
}: Pick<RecordedQuery, "sinceMs" | "untilMs" | "after" | "newestFirst">): Omit<Range, "limit"> {
  const end: Key = [untilMs + CALL_HOURS_MAX * HOUR_MS];
  if (newestFirst) return { from: [sinceMs], before: after ?? end, reverse: true };
  return { ...(after === undefined ? { from: [sinceMs] } : { after }), before: end };
}

type Asked = Omit<RecordedQuery, "after" | "limit" | "newestFirst">;

function isAskedFor(record: CallRecord, { sinceMs, untilMs, account, concerning, principalArn }: Asked): boolean {
  const { arn, sessionIssuer } = record.userIdentity;
  return (
    record.atMs >= sinceMs &&
    record.atMs < untilMs &&
    (account === undefined || record.account === account) &&
    (concerning === undefined || concerns(record, concerning)) &&
    (principalArn === undefined || arn === principalArn || isRole(sessionIssuer, principalArn))
  );
}

const isRole = (issuer: CallRecord["userIdentity"]["sessionIssuer"], arn: string): boolean =>
  issuer?.type === "Role" && issuer.arn === arn;

const concerns = ({ account, questions }: CallRecord, asked: string): boolean =>
  account === asked || questions.some(({ access }) => access.owner === asked);
