import { pauseAbout } from "../clock/pause.ts";
import { NOWHERE, type Scope, type Table, type Transaction } from "../kernel/table.ts";
import { Conflict, type Entry, type StoreDriver } from "./driver.ts";
import { requireFormat } from "./format.ts";
import { RowReader } from "./row.ts";
import type { Store } from "./store.ts";
import { OpenTransaction, ScopedTransaction } from "./transaction.ts";
import { endOfPrefix, successor } from "./tuple.ts";

/** How often one transaction is tried before its conflict is given to the caller. */
const ATTEMPTS_MAX = 60;
/** So many attempts follow each other at once; from then on each waits, longer and longer. */
const ATTEMPTS_AT_ONCE = 4;
const PAUSE_MS_MAX = 64;
const ENTRIES_PER_PAGE = 1000;

/** The store, over any driver. */
export class DrivenStore implements Store {
  readonly #driver: StoreDriver;
  readonly #reader = new RowReader();
  readonly #listeners = new Map<string, Set<() => void>>();

  private constructor(driver: StoreDriver) {
    this.#driver = driver;
  }

  /** @throws {NewerStoreError} where a later version wrote it; the driver is closed then. */
  static async over(driver: StoreDriver): Promise<DrivenStore> {
    const store = new DrivenStore(driver);
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

  async transact<Result>(scope: Scope, body: (tx: Transaction) => Promise<Result>): Promise<Result> {
    for (let attempts = 1; ; attempts++) {
      const open = new OpenTransaction(await this.#driver.begin(), this.#reader);
      try {
        const outcome = await body(new ScopedTransaction(open, scope));
        await open.commit();
        this.#announce(open.tables);
        return outcome;
      } catch (error) {
        await open.abandon();
        if (!(error instanceof Conflict) || attempts === ATTEMPTS_MAX) throw error;
      }
      if (attempts >= ATTEMPTS_AT_ONCE) await pauseAbout(Math.min(2 ** (attempts - ATTEMPTS_AT_ONCE), PAUSE_MS_MAX));
    }
  }

  watch<Row>(table: Table<Row>, listener: () => void): () => void {
    const listeners = this.#listeners.get(table.name) ?? new Set();
    this.#listeners.set(table.name, listeners.add(listener));
    return () => listeners.delete(listener);
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
    await this.#driver.clear();
    await this.#mark();
    this.#announce(this.#listeners.keys());
  }

  async close(): Promise<void> {
    await this.#driver.close();
  }

  #announce(tables: Iterable<string>): void {
    if (this.#listeners.size === 0) return;
    for (const table of tables) for (const listener of this.#listeners.get(table) ?? []) listener();
  }

  /** Sees that the store's format is ours, and notes it in an empty store. */
  async #mark(): Promise<void> {
    await this.transact(NOWHERE, requireFormat);
  }
}
