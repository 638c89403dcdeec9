/** A query is asked of the events of groups. */
import type { Context } from "../../../service/context.ts";
import { WHOLE_GROUP } from "../event/chunk.ts";
import { ChunkReader } from "../event/chunk-reader.ts";
import { walk } from "../event/walk.ts";
import type { LogGroup } from "../group-row.ts";
import { EVENT_OVERHEAD_BYTES, QUERY_RESULTS_MAX, QUERY_RESULTS_USUAL } from "../limits.ts";
import { oldestShownMs } from "../retention.ts";
import { versionsOf } from "../transformer/version.ts";
import { columnsNamed, columnsOf } from "./columns.ts";
import type { Around } from "./evaluate.ts";
import { openLookups, type LookedUp } from "./lookup.ts";
import { Row } from "./row.ts";
import { stageOf, type Stage } from "./stage.ts";
import type { Query } from "./syntax.ts";
import { formatTime, formatValue } from "./value.ts";

export interface Asked {
  readonly query: Query;
  readonly groups: readonly LogGroup[];
  readonly fromMs: number;
  readonly beforeMs: number;
  /** Where the query sets none. */
  readonly limit: number;
}

export type ResultRow = readonly (readonly [field: string, value: string])[];

export interface Results {
  readonly rows: readonly ResultRow[];
  readonly recordsMatched: number;
  readonly recordsScanned: number;
  readonly bytesScanned: number;
}

const ROWS_AT_ONCE = 1000;
/** Where one may become very many. */
const rowsAtOnce = (query: Query): number => (query.some(({ kind }) => kind === "unnest") ? 1 : ROWS_AT_ONCE);

/** The newest events come first, group after group, where the query sorts by nothing. */
export async function runQuery(asked: Asked, context: Context): Promise<Results> {
  const around = { nowMs: context.now().getTime(), fromMs: asked.fromMs, untilMs: asked.beforeMs };
  const line = new Line(asked, around, await openLookups(asked.query, context));
  let [recordsScanned, bytesScanned] = [0, 0];
  let waiting: Row[] = [];
  const most = rowsAtOnce(asked.query);
  for (const group of asked.groups) {
    const fromMs = Math.max(asked.fromMs, oldestShownMs(group, context));
    const versions = await versionsOf(group, context);
    const events = { group, line: WHOLE_GROUP, direction: "backward", fromMs, beforeMs: asked.beforeMs } as const;
    for await (const event of walk(events, new ChunkReader(group, context), context)) {
      recordsScanned += 1;
      bytesScanned += Buffer.byteLength(event.message) + EVENT_OVERHEAD_BYTES;
      if (waiting.push(new Row({ event, group, versions })) < most) continue;
      line.push(waiting);
      waiting = [];
      if (line.isFull) break;
    }
  }
  line.push(waiting);
  const rows = line.finish();
  return {
    rows: rows.map((row) => show(row, columnsOf(asked.query))),
    recordsMatched: line.matched,
    recordsScanned,
    bytesScanned,
  };
}

/** What makes other rows of those that it gets. */
const SUMMING: ReadonlySet<string> = new Set(["stats", "pattern"]);

/** What depends on the order in which rows come. */
const CHOOSING: ReadonlySet<string> = new Set(["limit", "dedup", "running"]);

/** The stages of a query, one behind the other. */
class Line {
  readonly #stages: readonly Stage[];
  readonly #given: Row[] = [];
  /** Behind which of them rows are what was asked for: the first that makes something else of them. */
  readonly #counted: number;
  matched = 0;

  constructor({ query, groups, limit }: Asked, around: Around, lookups: LookedUp) {
    // the newest of all groups come first
    const byTime = {
      kind: "sort",
      by: [{ expression: { kind: "field", name: "@timestamp" }, descending: true }],
    } as const;
    const choosing = query.findIndex(({ kind }) => CHOOSING.has(kind));
    const at = choosing === -1 ? query.length : choosing;
    const isOrdered = query.slice(0, at).some(({ kind }) => kind === "sort" || SUMMING.has(kind));
    const commands: Query = groups.length > 1 && !isOrdered ? query.toSpliced(at, 0, byTime) : query;
    const most = query.findLast((command) => command.kind === "limit");
    const count = most?.kind === "limit" ? Math.min(most.count, QUERY_RESULTS_MAX) : limit;
    const worked = commands.filter((command) => command.kind !== "source");
    const rowsMax = Math.max(count, QUERY_RESULTS_USUAL);
    this.#stages = [...worked, { kind: "limit", count } as const].map((command, place) =>
      stageOf(command, { around, rowsMax, columns: columnsNamed(worked.slice(0, place)), lookups }),
    );
    const first = worked.findIndex(({ kind }) => SUMMING.has(kind) || kind === "sort" || kind === "limit");
    this.#counted = first === -1 ? worked.length : first;
  }

  /** Nothing that is still to come would be shown. */
  get isFull(): boolean {
    return this.#stages.some(({ isFull }) => isFull);
  }

  push(rows: readonly Row[]): void {
    this.#pass(rows, 0);
  }

  finish(): readonly Row[] {
    for (const [at, stage] of this.#stages.entries()) this.#pass(stage.finish(), at + 1);
    return this.#given;
  }

  #pass(rows: readonly Row[], from: number): void {
    let passed = rows;
    for (const [at, stage] of this.#stages.entries()) {
      if (at < from) continue;
      if (at === this.#counted) this.matched += passed.length;
      passed = stage.take(passed);
    }
    this.#given.push(...passed);
  }
}

/** A field that the row has not is left out. */
function show(row: Row, columns: readonly string[]): ResultRow {
  const shown = columns.flatMap((name) => {
    const value = row.get(name);
    if (value === undefined) return [];
    const isTime = typeof value === "number" && row.times.has(name);
    return [[name, isTime ? formatTime(value) : formatValue(value)] as const];
  });
  const { pointer } = row;
  return pointer === undefined || columns.includes("@ptr") ? shown : [...shown, ["@ptr", pointer] as const];
}
