import { everyRow } from "./every-row.ts";
import { table, type Key, type KeyPart, type Table, type Transaction } from "./table.ts";

interface Passing {
  /** From when on the row does not count any more; epoch milliseconds. */
  readonly untilMs: number;
}

interface Form<Row extends End, End extends Passing> {
  /** What a row belongs to, and what it is found by beside that. */
  readonly keyOf: (row: End) => readonly [of: string, ...rest: KeyPart[]];
  /** What its key and its end are told by: the rest is not kept twice. */
  readonly endOf: (row: Row) => End;
}

interface Moment {
  /** Where the rows are. */
  readonly tx: Transaction;
  readonly nowMs: number;
}

/** Old ones go with new ones, two for each, so that they get fewer. */
const TRIMMED_AT_ONCE = 2;

/** Rows of a region that count until a time. Those that are over go when there are new ones of what they belong to. */
export class PassingRows<Row extends End, End extends Passing> {
  readonly #rows: Table<Row>;
  readonly #ends: Table<End>;
  readonly #form: Form<Row, End>;

  /** @param name of the table of the rows; that of their ends is called after it */
  constructor(name: string, form: Form<Row, End>) {
    this.#form = form;
    this.#rows = table(name, "region", form.keyOf);
    this.#ends = table(`${name}-end`, "region", (row) => {
      const [of, ...rest] = form.keyOf(row);
      return [of, row.untilMs, ...rest];
    });
  }

  /** `undefined` also where it is over. */
  async find(key: Key, { tx, nowMs }: Moment): Promise<Row | undefined> {
    const row = await tx.get(this.#rows, ...key);
    return row !== undefined && row.untilMs > nowMs ? row : undefined;
  }

  async put(row: Row, { tx, nowMs }: Moment): Promise<void> {
    const [of] = this.#form.keyOf(row);
    for (const old of await this.#oldest(of, tx)) {
      if (old.untilMs > nowMs) break;
      const key = this.#form.keyOf(old);
      tx.delete(this.#ends, ...this.#ends.keyOf(old));
      // it may have been put anew since
      if ((await this.find(key, { tx, nowMs })) === undefined) tx.delete(this.#rows, ...key);
    }
    tx.put(this.#rows, row);
    tx.put(this.#ends, this.#form.endOf(row));
  }

  /** Those that end first. Earlier versions have kept rows of which it does not stand when they end. */
  async #oldest(of: string, tx: Transaction): Promise<readonly End[]> {
    const first = { prefix: [of], limit: TRIMMED_AT_ONCE };
    const known = await tx.scan(this.#ends, first);
    if (known.length > 0) return known;
    for await (const row of everyRow(tx, this.#rows, { prefix: [of] })) tx.put(this.#ends, this.#form.endOf(row));
    return tx.scan(this.#ends, first);
  }

  /** Takes away at most `limit` of those that belong to it. How many there were, if not more. */
  async forget(of: string, limit: number, tx: Transaction): Promise<number> {
    const range = { prefix: [of], limit };
    return Math.max(await tx.clear(this.#rows, range), await tx.clear(this.#ends, range));
  }
}
