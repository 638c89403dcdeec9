/**
 * The record of calls. A call that changed something is recorded in its own transaction; the others,
 * refusals included, are written behind in batches, so that a read stays a read. A crash may lose
 * the last batch of those, never the record of a change.
 */
import { DAY_MS } from "../kernel/duration.ts";
import { newUuid } from "../kernel/ids.ts";
import { table, type Key, type Scope, type Transaction } from "../kernel/table.ts";
import type { Store } from "../store/store.ts";
import type { CallRecord } from "./call-record.ts";

interface Batch {
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
const TRIM_ROWS = 500;

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
    tx.put(batches, { atMs: record.atMs, id: newUuid(), records: [record] });
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
        tx.scan(batches, { reverse: true, limit: 200, before }),
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

  async #writeBatch(records: readonly CallRecord[]): Promise<void> {
    const batch = { atMs: records[0]?.atMs ?? this.#now(), id: newUuid(), records };
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
