import { pauseAbout } from "../clock/pause.ts";
import { assert, InvariantError } from "../kernel/assert.ts";
import { NOWHERE, type Gathering, type Scope, type Table, type Transaction } from "../kernel/table.ts";
import { WorkCount } from "../kernel/work-count.ts";
import { Conflict, type Attempt, type Entry, type StoreDriver, type Write } from "./driver.ts";
import { requireFormat } from "./format.ts";
import { Outlooks } from "./key-space.ts";
import { Line } from "./line.ts";
import { RowReader } from "./row.ts";
import type { Sealer } from "./sealer.ts";
import type { Store } from "./store.ts";
import { OpenTransaction, ScopedTransaction, type Gathered, type Remembered } from "./transaction.ts";
import { endOfPrefix, successor } from "./tuple.ts";

/** How often one transaction is tried before its conflict is given to the caller. */
const ATTEMPTS_MAX = 30;
/** So many attempts follow each other at once; from then on each waits, twice as long as the one before. */
const ATTEMPTS_AT_ONCE = 3;
/** How often a wait doubles. */
const DOUBLINGS_MAX = 6;
/** A first wait is as long as the attempt was that conflicted: rivals that take long need long to be through. */
const FIRST_PAUSE_MS = { min: 1, max: 32 } as const;
const ENTRIES_PER_PAGE = 1000;

interface Waiting {
  readonly gatherings: Set<Gathering>;
  readonly kept: PromiseWithResolvers<void>;
}

/** Of a transaction that only writes. */
const UNREAD: Attempt = {
  get: () => neverRead(),
  range: () => neverRead(),
  commit: () => {},
  abandon: () => {},
};

function neverRead(): never {
  throw new InvariantError("what is gathered is kept without a look at the store");
}

function keep(gatherings: ReadonlySet<Gathering>, open: OpenTransaction): void {
  const tx = new ScopedTransaction(open, NOWHERE);
  for (const each of gatherings) each.keep(tx);
}

/** The store, over any driver. */
export class DrivenStore implements Store {
  readonly #driver: StoreDriver;
  readonly #sealer: Sealer;
  readonly #remembered: Remembered = { reader: new RowReader(), outlooks: new Outlooks() };
  readonly #listeners = new Map<string, Set<() => void>>();
  readonly #attempts = new WorkCount();
  /** By their names, of which there are as many as services. */
  readonly #lines = new Map<string, Line>();
  /** What was gathered in this moment. */
  #waiting: Waiting | undefined;
  #closing = false;

  private constructor(driver: StoreDriver, sealer: Sealer) {
    this.#driver = driver;
    this.#sealer = sealer;
  }

  /**
   * Takes `driver` over, and closes it where it throws.
   * @throws {NewerStoreError} where a later version wrote the store @throws {MasterKeyError} where another key's cloud did
   */
  static async over(driver: StoreDriver, sealer: Sealer): Promise<DrivenStore> {
    const store = new DrivenStore(driver, sealer);
    try {
      await store.#mark();
    } catch (error) {
      await driver.close();
      throw error;
    }
    return store;
  }

  get shared(): boolean {
    return this.#driver.shared;
  }

  async transact<Result>(scope: Scope, body: (tx: Transaction) => Promise<Result>, lineName?: string): Promise<Result> {
    const line = this.shared || lineName === undefined ? undefined : this.#line(lineName);
    for (let attempts = 1; ; attempts++) {
      const sinceMs = performance.now();
      try {
        return await this.#attempt(scope, body, line);
      } catch (error) {
        await beforeRetry(error, { attempts, sinceMs });
      }
    }
  }

  watch<Row>(table: Table<Row>, listener: () => void): () => void {
    const listeners = this.#listeners.get(table.name) ?? new Set();
    this.#listeners.set(table.name, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  async gathered(): Promise<void> {
    await this.#waiting?.kept.promise;
  }

  async *entries(): AsyncGenerator<readonly Entry[]> {
    const attempt = await this.#driver.begin();
    try {
      for (let from = ""; ;) {
        const page = await attempt.range({ from, to: endOfPrefix(""), limit: ENTRIES_PER_PAGE, reverse: false });
        if (page.length > 0) yield page;
        const last = page.at(-1);
        if (!last || page.length < ENTRIES_PER_PAGE) return;
        from = successor(last.key);
      }
    } finally {
      await attempt.abandon();
    }
  }

  async reset(): Promise<void> {
    await this.#clear();
    await this.#mark();
    this.#announce(this.#listeners.keys());
  }

  /** New transactions are refused; those under way end first. */
  async close(): Promise<void> {
    this.#closing = true;
    await this.#attempts.none();
    await this.#driver.close();
  }

  async #clear(): Promise<void> {
    for (let attempts = 1; ; attempts++) {
      const sinceMs = performance.now();
      try {
        return await this.#driver.clear();
      } catch (error) {
        await beforeRetry(error, { attempts, sinceMs });
      }
    }
  }

  /** What a driver gives at once is not waited for: a wait costs more than the work of most transactions. */
  async #attempt<Result>(
    scope: Scope,
    body: (tx: Transaction) => Promise<Result>,
    line: Line | undefined,
  ): Promise<Result> {
    assert(!this.#closing || this.#attempts.underWay > 0, "the store is closed");
    this.#attempts.begin();
    let open: OpenTransaction | undefined;
    let inLine = line;
    try {
      const turn = line?.enter();
      if (turn !== undefined) await turn;
      const begun = this.#driver.begin();
      open = new OpenTransaction(begun instanceof Promise ? await begun : begun, this.#remembered);
      const outcome = await body(new ScopedTransaction(open, scope));
      const committed = this.#commit(open);
      inLine?.leave();
      inLine = undefined;
      if (committed !== undefined) await committed;
      open.settle();
      if (open.tables.size > 0) this.#announce(open.tables);
      return outcome;
    } catch (error) {
      await open?.abandon();
      throw error;
    } finally {
      inLine?.leave();
      this.#attempts.end();
    }
  }

  #line(name: string): Line {
    let line = this.#lines.get(name);
    if (line === undefined) this.#lines.set(name, (line = new Line()));
    return line;
  }

  #commit(open: OpenTransaction): Promise<void> | undefined {
    const { gathered } = open;
    if (gathered.length === 0) return open.commit();
    if (this.#driver.late === undefined) {
      for (const { add } of gathered) add();
      keep(new Set(gathered.map(({ into }) => into)), open);
      return open.commit();
    }
    const committed = open.commit();
    for (const each of gathered) this.#gather(each);
    return committed;
  }

  /** Until the moment ends. */
  #gather({ into, add }: Gathered): void {
    if (this.#waiting === undefined) {
      this.#waiting = { gatherings: new Set(), kept: Promise.withResolvers() };
      this.#driver.late?.(() => this.#lastWords());
    }
    this.#waiting.gatherings.add(into);
    add();
  }

  #lastWords(): readonly Write[] {
    const waiting = this.#waiting;
    if (waiting === undefined) return [];
    this.#waiting = undefined;
    const open = new OpenTransaction(UNREAD, this.#remembered);
    keep(waiting.gatherings, open);
    setImmediate(() => {
      this.#announce(open.tables);
      waiting.kept.resolve();
    });
    return open.writes;
  }

  #announce(tables: Iterable<string>): void {
    if (this.#listeners.size === 0) return;
    for (const table of tables) for (const listener of this.#listeners.get(table) ?? []) listener();
  }

  async #mark(): Promise<void> {
    await this.transact(NOWHERE, (tx) => requireFormat(tx, this.#sealer));
  }
}

interface Tried {
  readonly attempts: number;
  /** When the last of them began. */
  readonly sinceMs: number;
}

/**
 * Ends when the next attempt may begin.
 * @throws `error` where it is no conflict, or too many attempts have conflicted.
 */
async function beforeRetry(error: unknown, { attempts, sinceMs }: Tried): Promise<void> {
  if (!(error instanceof Conflict) || attempts === ATTEMPTS_MAX) throw error;
  if (attempts < ATTEMPTS_AT_ONCE) return;
  const { min, max } = FIRST_PAUSE_MS;
  const first = Math.min(Math.max(performance.now() - sinceMs, min), max);
  await pauseAbout(first * 2 ** Math.min(attempts - ATTEMPTS_AT_ONCE, DOUBLINGS_MAX));
}
