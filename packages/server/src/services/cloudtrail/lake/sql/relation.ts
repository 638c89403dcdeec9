/** Where rows come from. */
import { Holding, type Effort } from "./holding.ts";
import type { TimeRange } from "../event/chunk.ts";
import type { Column, Row } from "./scope.ts";
import { EVENT_COLUMNS, readEvent } from "./schema.ts";

export type Batches = AsyncGenerator<readonly Row[], void, undefined>;

/** Rows, some at a time. */
export interface Relation {
  readonly columns: readonly Column[];
  rows(): Batches;
}

/** The events of a store, as texts. */
export interface EventTable {
  events(range: TimeRange): AsyncIterable<readonly string[]>;
}

/** What a query went through. */
export interface Tally {
  eventsScanned: number;
  eventsMatched: number;
  bytesScanned: number;
}

const ALWAYS: TimeRange = { fromMs: 0, beforeMs: Number.MAX_SAFE_INTEGER };

export class EventRelation implements Relation {
  readonly columns: readonly Column[];
  /** Events that are sought are of this time: set by those who know. */
  range: TimeRange = ALWAYS;
  readonly #table: EventTable;
  readonly #tally: Tally;
  readonly #effort: Effort;
  readonly #used = new Set<number>();

  constructor(table: EventTable, { tally, effort, qualifier }: Reading) {
    this.#table = table;
    this.#tally = tally;
    this.#effort = effort;
    this.columns = EVENT_COLUMNS.map(({ name, type }, at) => ({
      qualifier,
      name,
      shown: name,
      type,
      use: () => this.#used.add(at),
    }));
  }

  async *rows(): Batches {
    const readers = EVENT_COLUMNS.map(({ of }, at) => (this.#used.has(at) ? of : undefined));
    for await (const texts of this.#table.events(this.range)) {
      this.#tally.eventsScanned += texts.length;
      yield texts.map((text) => {
        this.#tally.bytesScanned += text.length;
        const event = readEvent(text);
        return readers.map((read) => read?.(event, text) ?? null);
      });
      await othersTurn(this.#effort);
    }
  }
}

interface Reading {
  readonly tally: Tally;
  readonly effort: Effort;
  readonly qualifier: string;
}

/** Whoever else has something to do does it: a query of many events takes long. */
export async function othersTurn(effort: Effort): Promise<void> {
  await new Promise((go) => setImmediate(go));
  effort.rest();
}

/** One row without columns: what a query without a table is asked of. */
export const NOTHING: Relation = {
  columns: [],
  async *rows() {
    yield await Promise.resolve([[]]);
  },
};

/** The same rows under other names. */
export function renamed(relation: Relation, rename: (column: Column, at: number) => Column): Relation {
  return { columns: relation.columns.map(rename), rows: () => relation.rows() };
}

/** All rows. @throws {QueryFailure} where they are too many */
export async function collect(relation: Relation): Promise<readonly Row[]> {
  const [all, holding]: [Row[], Holding] = [[], new Holding()];
  for await (const batch of relation.rows()) {
    for (const row of batch) {
      holding.add(row);
      all.push(row);
    }
  }
  return all;
}
