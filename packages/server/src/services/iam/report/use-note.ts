/** Notes of uses in one table, which are written once in a while, however busy what is used. */
import { BoundedCache } from "../../../kernel/bounded-cache.ts";
import type { Soon } from "../../../kernel/soon.ts";
import type { Table, Transaction } from "../../../kernel/table.ts";

/** What was noted so recently is not noted again: a busy key would write with every call. */
const UNNOTED_MS = 60_000;
/** So many notes, at the least, are remembered to be fresh. */
const FRESH_MAX = 5000;

interface Noted {
  readonly atMs: number;
  readonly region: string;
  readonly service?: string;
}

type IsNews = (before: Noted | undefined, now: Noted) => boolean;

export const isLater: IsNews = (before, { atMs }) => before === undefined || Math.abs(atMs - before.atMs) >= UNNOTED_MS;

/** Later, or elsewhere. */
export const isOther: IsNews = (before, now) =>
  before?.region !== now.region || before.service !== now.service || isLater(before, now);

export class UseNotes<Row extends Noted> {
  readonly #table: Table<Row>;
  readonly #isNews: IsNews;
  /** What is known to be written: such a use costs no look at the store. */
  #fresh = new BoundedCache<string, Noted>(FRESH_MAX);

  constructor(table: Table<Row>, isNews: IsNews) {
    this.#table = table;
    this.#isNews = isNews;
  }

  /** Whether a use has to be noted, as far as is known without a look. `place`: what is used, among all accounts. */
  areNews(place: string, use: Noted): boolean {
    return this.#isNews(this.#fresh.get(place), use);
  }

  /** Where it is news. */
  add(place: string, use: Row, tx: Transaction): Soon<void> {
    return this.areNews(place, use) ? this.#look(place, use, tx) : undefined;
  }

  async #look(place: string, use: Row, tx: Transaction): Promise<void> {
    const found = await tx.get(this.#table, ...this.#table.keyOf(use));
    // only what is committed counts: this transaction may yet fail
    if (found === undefined || this.#isNews(found, use)) tx.put(this.#table, use);
    else this.#fresh.set(place, found);
  }

  /** The store was emptied. */
  forget(): void {
    this.#fresh = new BoundedCache(FRESH_MAX);
  }
}
