/**
 * The record of calls. A call that changed something is recorded in its own transaction; the others,
 * refusals included, are written behind in batches, so that a read stays a read. A crash may lose
 * the last batch of those, never the record of a change.
 */
import { DAY_MS, HOUR_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table, type Key, type Scope, type Transaction } from "../kernel/table.ts";
import type { RecordedPage, RecordedQuery } from "../service/recorded-calls.ts";
import type { Store } from "../store/store.ts";
import type { CallRecord } from "./call-record.ts";

interface Batch {
  /** When the last of its calls began. */
  readonly atMs: number;
  readonly id: string;
  readonly records: readonly CallRecord[];
}

const batches = table<Batch>("journal.batch", "global", ({ atMs, id }) => [atMs, id]);

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
const ORDER_DIGITS = 12;
const TRIM_ROWS = 500;
const SCAN_ROWS = 200;
const PAGE_RECORDS = 1000;
/** So many records are looked at for one page. */
const PAGE_RECORDS_SEEN_MAX = 20_000;
/** Calls that take longer, in virtual time, are left out where an end of time is asked for. */
const CALL_HOURS_MAX = 1;

export interface JournalQuery {
  /** The most records to give, newest first. */
  readonly limit: number;
  /** Only records for which this holds. */
  readonly matches: (record: CallRecord) => boolean;
}

export interface JournalParts {
  readonly store: Store;
  readonly scope: Scope;
  readonly now: () => number;
  readonly onLoss: (cause: unknown) => void;
  /** About how many records are kept. */
  readonly recordsMax?: number;
}

export class Journal {
  readonly #store: Store;
  readonly #scope: Scope;
  readonly #now: () => number;
  readonly #onLoss: (cause: unknown) => void;
  readonly #recordsPerMark: number;
  #batches = 0;
  #waiting: CallRecord[] = [];
  /** While batches are written, one after another. */
  #writing: Promise<void> | undefined;
  #scheduled = false;
  #unmarked = 0;

  /** `onLoss` hears of a batch that could not be written. */
  constructor({ store, scope, now, onLoss, recordsMax = RECORDS_MAX }: JournalParts) {
    this.#store = store;
    this.#scope = scope;
    this.#now = now;
    this.#onLoss = onLoss;
    this.#recordsPerMark = Math.ceil(recordsMax / MARKS);
  }

  /** Records a call in the transaction of what it changed. */
  write(record: CallRecord, tx: Transaction): void {
    tx.put(batches, this.#batchOf([record]));
    this.#unmarked++;
    if (this.#unmarked >= this.#recordsPerMark) this.#schedule();
  }

  /** Records a call that changed nothing. */
  append(record: CallRecord): void {
    this.#waiting.push(record);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#begin());
  }

  /** Everything appended so far is in the store afterwards. */
  async flush(): Promise<void> {
    this.#begin();
    await this.#writing;
  }

  /** The newest records that match, newest first. */
  async find({ limit, matches }: JournalQuery): Promise<CallRecord[]> {
    await this.flush();
    const found: CallRecord[] = [];
    let before: Key | undefined;
    for (;;) {
      const rows = await this.#store.transact(this.#scope, (tx) =>
        tx.scan(batches, { reverse: true, limit: SCAN_ROWS, before }),
      );
      for (const row of rows) {
        for (const record of row.records.toReversed()) {
          if (matches(record)) found.push(record);
          if (found.length >= limit) return found;
        }
      }
      const last = rows.at(-1);
      if (last === undefined) return found;
      before = batches.keyOf(last);
    }
  }

  /** A page of the records that `query` asks for, the oldest first. */
  async page({ after, limit = PAGE_RECORDS, ...query }: RecordedQuery): Promise<RecordedPage> {
    await this.flush();
    const calls: CallRecord[] = [];
    const before: Key = [query.untilMs + CALL_HOURS_MAX * HOUR_MS];
    let place: RecordedPage["next"] = after;
    for (let seen = 0; seen < PAGE_RECORDS_SEEN_MAX;) {
      const start = place === undefined ? { from: [query.sinceMs] } : { after: place };
      const rows = await this.#store.transact(this.#scope, (tx) =>
        tx.scan(batches, { ...start, before, limit: SCAN_ROWS }),
      );
      for (const { atMs, id, records } of rows) {
        calls.push(...records.filter((record) => isAskedFor(record, query)));
        seen += records.length;
        place = [atMs, id];
        if (calls.length >= limit) return { calls, next: place };
      }
      if (rows.length < SCAN_ROWS) return { calls };
    }
    return { calls, ...(place && { next: place }) };
  }

  #begin(): void {
    this.#scheduled = false;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const records = this.#waiting;
      // a new array each time: what is spliced out of an old one is kept by it from the young generation's collector
      this.#waiting = [];
      for (let at = 0; at < records.length; at += BATCH_RECORDS_MAX) {
        await this.#writeBatch(records.slice(at, at + BATCH_RECORDS_MAX)).catch(this.#onLoss);
      }
    }
    if (this.#unmarked < this.#recordsPerMark) return;
    this.#unmarked = 0;
    await this.#trim().catch(this.#onLoss);
  }

  /** Where time stands still, batches keep the order in which they were made. */
  #batchOf(records: readonly CallRecord[]): Batch {
    const place = String(this.#batches++).padStart(ORDER_DIGITS, "0");
    const atMs = Math.max(...records.map((record) => record.atMs));
    return { atMs, id: `${place}-${newUuid()}`, records };
  }

  async #writeBatch(records: readonly CallRecord[]): Promise<void> {
    const batch = this.#batchOf(records);
    await this.#store.transact(this.#scope, async (tx) => tx.put(batches, batch));
    this.#unmarked += records.length;
  }

  /** Sets a mark and deletes what lies before the oldest mark that counts, or is too old. */
  async #trim(): Promise<void> {
    const before = await this.#store.transact(this.#scope, async (tx) => {
      tx.put(marks, { atMs: this.#now(), id: newUuid() });
      const latest = await tx.scan(marks, { reverse: true, limit: MARKS });
      const oldest = latest.length < MARKS ? undefined : latest.at(-1);
      const tooOldMs = this.#now() - RETENTION_DAYS * DAY_MS;
      const end: Key = oldest === undefined || oldest.atMs < tooOldMs ? [tooOldMs] : marks.keyOf(oldest);
      await tx.clear(marks, { before: end, limit: TRIM_ROWS });
      return end;
    });
    const clear = (tx: Transaction): Promise<number> => tx.clear(batches, { before, limit: TRIM_ROWS });
    while ((await this.#store.transact(this.#scope, clear)) === TRIM_ROWS);
  }
}

type Asked = Omit<RecordedQuery, "after" | "limit">;

function isAskedFor(record: CallRecord, { sinceMs, untilMs, account, principalArn }: Asked): boolean {
  const { arn, sessionIssuer } = record.userIdentity;
  return (
    record.atMs >= sinceMs &&
    record.atMs < untilMs &&
    (account === undefined || record.account === account) &&
    (principalArn === undefined || arn === principalArn || sessionIssuer?.arn === principalArn)
  );
}
