/** Functions of the rows around each row. Source: https://trino.io/docs/current/functions/window.html */
import { findOwn } from "../../../../kernel/lookup.ts";
import { aggregateNamed, type Aggregate } from "./aggregate.ts";
import { exhausted, Holding } from "./holding.ts";
import type { Batches, Relation } from "./relation.ts";
import type { Evaluate, Row } from "./scope.ts";
import { compareRows, type SortKey } from "./sort.ts";
import { isList, requireNumber, rowKey, type Value } from "./value.ts";

/** What is wanted of the rows around each row. */
export interface WantedWindow {
  readonly partitionBy: readonly Evaluate[];
  readonly orderBy: readonly Evaluate[];
  /** How they are put in order. */
  readonly keys: readonly SortKey[];
  readonly of: WindowFunction;
  /** What it is given of each row. */
  readonly given: readonly Evaluate[];
}

/** A partition in its order: what each of its rows gives, and where the rows begin that are equal to it in order. */
interface Partition {
  readonly given: readonly Row[];
  /** For each row the places of the first of its equals, and of the first behind them. */
  readonly peers: readonly (readonly [from: number, to: number])[];
  readonly isOrdered: boolean;
}

export interface WindowFunction {
  readonly min: number;
  readonly max: number;
  readonly of: (partition: Partition) => readonly Value[];
}

const ranking = (rank: (partition: Partition) => readonly bigint[]): WindowFunction => ({ min: 0, max: 0, of: rank });

function denseRanks({ peers }: Partition): readonly bigint[] {
  let [rank, last] = [0n, -1];
  return peers.map(([from]) => {
    if (from !== last) rank += 1n;
    last = from;
    return rank;
  });
}

/** The value of the row so many before or behind. */
const shifting = (side: 1 | -1): WindowFunction => ({
  min: 1,
  max: 3,
  of: ({ given }) =>
    given.map(([, by = 1n, otherwise = null], at) => {
      const there = given[at + side * requireNumber(by)];
      return there === undefined ? otherwise : (there[0] ?? null);
    }),
});

const FUNCTIONS: Readonly<Record<string, WindowFunction>> = {
  row_number: ranking(({ peers }) => peers.map((_, at) => BigInt(at + 1))),
  rank: ranking(({ peers }) => peers.map(([from]) => BigInt(from + 1))),
  dense_rank: ranking(denseRanks),
  lag: shifting(-1),
  lead: shifting(1),
  first_value: { min: 1, max: 1, of: ({ given }) => given.map(() => given[0]?.[0] ?? null) },
  // the frame ends with the last of the row's equals
  last_value: { min: 1, max: 1, of: ({ given, peers }) => peers.map(([, to]) => given[to - 1]?.[0] ?? null) },
};

/** Aggregates as well: of the rows up to each, where they are in order, and of all where they are not. */
export function windowNamed(name: string): WindowFunction | undefined {
  const own = findOwn(FUNCTIONS, name);
  if (own !== undefined) return own;
  const aggregate = aggregateNamed(name);
  return aggregate && { ...aggregate, of: (partition) => running(aggregate, partition) };
}

/** So many values are gone through, again and again. */
const VALUES_MAX = 20_000_000;

function running({ start, isLong }: Aggregate, { given, peers, isOrdered }: Partition): readonly Value[] {
  const sum = start();
  let [added, current, seen]: [number, Value, number] = [0, null, 0];
  return peers.map(([, to]) => {
    const end = isOrdered ? to : given.length;
    if (added < end) {
      for (; added < end; added += 1) sum.add(given[added] ?? []);
      seen += isLong === undefined ? 1 : added;
      if (seen > VALUES_MAX) throw exhausted();
      const found = sum.end();
      current = isList(found) ? [...found] : found;
    }
    return current;
  });
}

/** Rows with what was wanted of those around them behind them; all are held. */
export function withWindows(relation: Relation, wanted: readonly WantedWindow[]): Relation {
  if (wanted.length === 0) return relation;
  return {
    columns: relation.columns,
    async *rows(): Batches {
      const [rows, holding]: [Value[][], Holding] = [[], new Holding()];
      for await (const batch of relation.rows()) {
        for (const row of batch) {
          holding.add(row);
          rows.push([...row]);
        }
      }
      for (const window of wanted) addTo(rows, window);
      yield rows;
    },
  };
}

function addTo(rows: readonly Value[][], window: WantedWindow): void {
  const partitions = Map.groupBy(rows, (row) => rowKey(window.partitionBy.map((key) => key(row))));
  for (const partition of partitions.values()) {
    const placed = partition.map((row) => ({ row, by: window.orderBy.map((key) => key(row)) }));
    const inOrder = placed.toSorted((one, other) => compareRows(window.keys, one.by, other.by));
    const given = inOrder.map(({ row }) => window.given.map((value) => value(row)));
    const peers = peersOf(
      inOrder.map(({ by }) => by),
      window.keys,
    );
    const values = window.of.of({ given, peers, isOrdered: window.keys.length > 0 });
    for (const [at, { row }] of inOrder.entries()) row.push(values[at] ?? null);
  }
}

function peersOf(rows: readonly Row[], keys: readonly SortKey[]): Partition["peers"] {
  const peers: (readonly [from: number, to: number])[] = [];
  let from = 0;
  while (from < rows.length) {
    let to = from + 1;
    while (to < rows.length && compareRows(keys, rows[from] ?? [], rows[to] ?? []) === 0) to += 1;
    for (let at = from; at < to; at += 1) peers.push([from, to]);
    from = to;
  }
  return peers;
}
