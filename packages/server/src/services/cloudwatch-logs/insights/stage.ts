/** The commands of a query at work: rows go through one stage after the other. */
import { assert } from "../../../kernel/assert.ts";
import { newAggregate, type Aggregate } from "./aggregate.ts";
import { evaluate, isTime, type Around } from "./evaluate.ts";
import type { LookedUp } from "./lookup.ts";
import { Patterns } from "./pattern.ts";
import { Row } from "./row.ts";
import { running } from "./running.ts";
import { itemsOf } from "./structure.ts";
import {
  isBin,
  type Command,
  type Expression,
  type Named,
  type ParseRule,
  type RunningRule,
  type Value,
} from "./syntax.ts";
import { compareNaturally, isTrue, numberOf, textOf } from "./value.ts";

export interface Stage {
  take(rows: readonly Row[]): readonly Row[];
  /** What is left when all rows were taken. */
  finish(): readonly Row[];
  /** It has all that it wants. */
  readonly isFull: boolean;
}

const passing = (take: Stage["take"]): Stage => ({ take, finish: () => [], isFull: false });

function stepping(rule: RunningRule, columns: readonly string[]): Stage {
  const { step, finish = () => [] } = running(rule, columns);
  return {
    take(rows) {
      for (const row of rows) step(row);
      return rows;
    },
    finish,
    isFull: false,
  };
}

const gathering = (patterns: Patterns): Stage => ({
  take(rows) {
    for (const row of rows) patterns.add(row);
    return [];
  },
  finish: () => patterns.finish(),
  isFull: false,
});

type Of<Kind extends Command["kind"]> = Extract<Command, { readonly kind: Kind }>;

interface Place {
  readonly around: Around;
  /** How many rows anybody will ever see. */
  readonly rowsMax: number;
  /** What the commands before have named. */
  readonly columns: readonly string[];
  readonly lookups: LookedUp;
}

/** Where a query looks is no stage of it. */
type Worked = Exclude<Command, { readonly kind: "source" }>;

export function stageOf(command: Worked, place: Place): Stage {
  const { around } = place;
  if (isPassing(command)) return passing((rows) => passedBy(rows, command, place));
  switch (command.kind) {
    case "stats":
      return new Statistics(command, around);
    case "sort":
      return new Sorting(command, around, place.rowsMax);
    case "limit":
      return new Limit(command.count);
    case "dedup":
      return deduplication(command, around);
    case "pattern":
      return gathering(new Patterns(command.of, around));
    case "running":
      return stepping(command.rule, place.columns);
  }
}

/** Those that look at a row alone. */
type Passing = Of<"fields" | "display" | "filter" | "parse" | "unnest" | "lookup">;

const PASSING: ReadonlySet<string> = new Set<Passing["kind"]>([
  "fields",
  "display",
  "filter",
  "parse",
  "unnest",
  "lookup",
]);

const isPassing = (command: Worked): command is Passing => PASSING.has(command.kind);

function passedBy(rows: readonly Row[], command: Passing, { around, lookups }: Place): readonly Row[] {
  switch (command.kind) {
    case "fields":
    case "display":
      return named(rows, command.columns, around);
    case "filter":
      return rows.filter((row) => isTrue(evaluate(command.condition, row, around)));
    case "parse":
      return parsed(rows, command, around);
    case "unnest":
      return rows.flatMap((row) => unnested(row, command, around));
    case "lookup":
      return lookedUp(rows, lookups.get(command));
  }
}

function named(rows: readonly Row[], columns: readonly Named[], around: Around): readonly Row[] {
  for (const row of rows) {
    for (const { expression, name } of columns) {
      if (expression.kind === "field" && expression.name === name) continue;
      row.set(name, evaluate(expression, row, around), isTime(expression, row));
    }
  }
  return rows;
}

function lookedUp(rows: readonly Row[], look: ((row: Row) => void) | undefined): readonly Row[] {
  assert(look !== undefined, "the tables of a query's lookups are open");
  for (const row of rows) look(row);
  return rows;
}

function parsed(rows: readonly Row[], { of, rule }: Of<"parse">, around: Around): readonly Row[] {
  for (const row of rows) {
    const value = evaluate(of, row, around);
    if (value !== undefined) for (const [name, text] of taken(textOf(value), rule)) row.set(name, text);
  }
  return rows;
}

function taken(text: string, rule: ParseRule): readonly (readonly [string, Value])[] {
  if (rule.kind === "glob") return takenByGlob(text, rule.parts, rule.names);
  const match = rule.regex.find(text);
  return match === undefined ? [] : rule.regex.names.map((name, at) => [name, match.groups[at]] as const);
}

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Unnest.html */
const unnested = (row: Row, { of, into }: Of<"unnest">, around: Around): readonly Row[] =>
  itemsOf(evaluate(of, row, around)).map((item) => {
    const one = row.copy();
    one.set(into, item);
    return one;
  });

/** What stands between the parts, each at its first place behind the one before; nothing where one is missing. */
function takenByGlob(text: string, [head = "", ...parts]: readonly string[], names: readonly string[]) {
  const found: (readonly [string, Value])[] = [];
  let at = text.indexOf(head);
  if (at === -1) return [];
  at += head.length;
  for (const [index, part] of parts.entries()) {
    const isLast = index === parts.length - 1;
    const end = isLast && part === "" ? text.length : text.indexOf(part, at);
    if (end === -1) return [];
    found.push([names[index] ?? "", text.slice(at, end)]);
    at = end + part.length;
  }
  return found;
}

/** Rows without a value are all kept. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Dedup.html */
function deduplication({ by }: Of<"dedup">, around: Around): Stage {
  const seen = new Set<string>();
  return passing((rows) =>
    rows.filter((row) => {
      const values = by.map((expression) => evaluate(expression, row, around));
      if (values.includes(undefined)) return true;
      const key = JSON.stringify(values);
      return !seen.has(key) && seen.add(key);
    }),
  );
}

class Limit implements Stage {
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  get isFull(): boolean {
    return this.#left === 0;
  }

  take(rows: readonly Row[]): readonly Row[] {
    const given = rows.slice(0, this.#left);
    this.#left -= given.length;
    return given;
  }

  finish(): readonly Row[] {
    return [];
  }
}

interface Sorted {
  readonly row: Row;
  readonly keys: readonly Value[];
  /** Where it came. */
  readonly at: number;
}

/** Only as many rows are held as anybody will see. */
class Sorting implements Stage {
  readonly isFull = false;
  readonly #command: Of<"sort">;
  readonly #around: Around;
  readonly #rowsMax: number;
  #rows: Sorted[] = [];
  #count = 0;

  constructor(command: Of<"sort">, around: Around, rowsMax: number) {
    this.#command = command;
    this.#around = around;
    this.#rowsMax = rowsMax;
  }

  take(rows: readonly Row[]): readonly Row[] {
    for (const row of rows) {
      const keys = this.#command.by.map(({ expression }) => evaluate(expression, row, this.#around));
      this.#rows.push({ row, keys, at: this.#count });
      this.#count += 1;
    }
    if (this.#rows.length > 2 * this.#rowsMax) this.#trim();
    return [];
  }

  finish(): readonly Row[] {
    this.#trim();
    return this.#rows.map(({ row }) => row);
  }

  #trim(): void {
    this.#rows = this.#rows.toSorted((one, other) => this.#compare(one, other)).slice(0, this.#rowsMax);
  }

  #compare(one: Sorted, other: Sorted): number {
    for (const [at, { descending }] of this.#command.by.entries()) {
      const order = compareNaturally(one.keys[at], other.keys[at]);
      if (order !== 0) return descending ? -order : order;
    }
    return one.at - other.at;
  }
}

interface Group {
  readonly row: Row;
  readonly aggregates: readonly Aggregate[];
}

class Statistics implements Stage {
  readonly isFull = false;
  readonly #command: Of<"stats">;
  readonly #around: Around;
  readonly #calls: readonly Extract<Expression, { readonly kind: "aggregate" }>[];
  readonly #groups = new Map<string, Group>();

  constructor(command: Of<"stats">, around: Around) {
    this.#command = command;
    this.#around = around;
    this.#calls = command.columns.flatMap(({ expression }) => [...aggregatesIn(expression)]);
  }

  take(rows: readonly Row[]): readonly Row[] {
    for (const row of rows) {
      const { aggregates } = this.#groupOf(row);
      const atMs = numberOf(row.get("@timestamp")) ?? 0;
      for (const [at, { name, given }] of this.#calls.entries()) {
        const isAll = name === "count" && given[0]?.kind === "literal";
        const values = isAll ? [] : given.map((one) => evaluate(one, row, this.#around));
        aggregates[at]?.add(values, atMs);
      }
    }
    return [];
  }

  #groupOf(row: Row): Group {
    const values = this.#command.by.map(({ expression }) => this.#shifted(expression, row));
    const key = JSON.stringify(values.map((value) => value ?? null));
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made = new Row();
    for (const [at, { expression, name }] of this.#command.by.entries()) {
      made.set(name, values[at], isTime(expression, row));
    }
    const group = { row: made, aggregates: this.#calls.map(({ name }) => newAggregate(name)) };
    this.#groups.set(key, group);
    return group;
  }

  /** Assumed: an offset says of a period how much later it is shown, beside the one that it is compared with. */
  #shifted(expression: Expression, row: Row): Value {
    const value = evaluate(expression, row, this.#around);
    return isBin(expression) && typeof value === "number" ? value + this.#command.offsetMs : value;
  }

  finish(): readonly Row[] {
    // without groups there is always an answer
    if (this.#command.by.length === 0) this.#groupOf(new Row());
    return [...this.#groups.values()].map(({ row, aggregates }) => {
      const around = { ...this.#around, aggregates: aggregates.map((one) => one.result()) };
      for (const { expression, name } of this.#command.columns) {
        row.set(name, evaluate(expression, row, around), isTimeOf(expression));
      }
      return row;
    });
  }
}

/** The first and last of times are times. */
const isTimeOf = (expression: Expression): boolean =>
  expression.kind === "aggregate" &&
  ["min", "max", "earliest", "latest"].includes(expression.name) &&
  expression.given[0]?.kind === "field" &&
  ["@timestamp", "@ingestionTime"].includes(expression.given[0].name);

/** In the order of their numbers. */
function* aggregatesIn(expression: Expression): Generator<Extract<Expression, { readonly kind: "aggregate" }>> {
  if (expression.kind === "aggregate") yield expression;
  else if (expression.kind === "binary") {
    yield* aggregatesIn(expression.left);
    yield* aggregatesIn(expression.right);
  } else if (expression.kind === "not" || expression.kind === "minus") yield* aggregatesIn(expression.of);
  else if (expression.kind === "call") for (const one of expression.given) yield* aggregatesIn(one);
}
