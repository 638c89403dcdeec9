/** What an expression is worth for a row. */
import { callFunction } from "./functions.ts";
import type { Row } from "./row.ts";
import type { BinaryOperator, Expression, Value } from "./syntax.ts";
import { compareValues, isTrue, numberOf, textOf, truth } from "./value.ts";

export interface Around {
  /** Virtual epoch milliseconds. */
  readonly nowMs: number;
  /** What the query looks at: virtual epoch milliseconds. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** What the aggregates of the row's group came to. */
  readonly aggregates?: readonly Value[];
}

export function evaluate(expression: Expression, row: Row, around: Around): Value {
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "field":
      return row.get(expression.name);
    case "binary":
      return binary(expression, row, around);
    case "call":
      return call(expression.name, expression.given, row, around);
    case "period":
      return expression.ms;
    case "aggregate":
      return aggregated(expression.at, around);
    case "not":
    case "minus":
    case "like":
    case "regex":
    case "in":
      return ofOne(expression, evaluate(expression.of, row, around), (one) => evaluate(one, row, around));
  }
}

const aggregated = (at: number, { aggregates = [] }: Around): Value => aggregates[at];

type OfOne = Extract<Expression, { readonly of: Expression }>;

/** What is asked about one value. */
function ofOne(expression: OfOne, value: Value, evaluated: (other: Expression) => Value): Value {
  switch (expression.kind) {
    case "not":
      return truth(!isTrue(value));
    case "minus": {
      const number = numberOf(value);
      return number === undefined ? undefined : -number;
    }
    case "like":
      return truth(value !== undefined && textOf(value).includes(textOf(evaluated(expression.text))));
    case "regex":
      return truth(value !== undefined && expression.regex.test(textOf(value)));
    case "in":
      return truth(expression.list.some((one) => compareValues(value, evaluated(one)) === 0));
  }
}

type Binary = Extract<Expression, { readonly kind: "binary" }>;

function binary({ operator, left, right }: Binary, row: Row, around: Around): Value {
  const one = evaluate(left, row, around);
  if (operator === "and") return truth(isTrue(one) && isTrue(evaluate(right, row, around)));
  if (operator === "or") return truth(isTrue(one) || isTrue(evaluate(right, row, around)));
  const other = evaluate(right, row, around);
  const compares = COMPARISONS[operator];
  if (compares !== undefined) {
    const order = compareValues(one, other);
    // what is not there differs from everything
    return truth(order === undefined ? operator === "!=" && one !== other : compares(order));
  }
  const [first, second] = [numberOf(one), numberOf(other)];
  const computes = SUMS[operator];
  if (first === undefined || second === undefined || computes === undefined) return undefined;
  const sum = computes(first, second);
  return Number.isFinite(sum) ? sum : undefined;
}

const COMPARISONS: Readonly<Partial<Record<BinaryOperator, (order: number) => boolean>>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const SUMS: Readonly<Partial<Record<BinaryOperator, (one: number, other: number) => number>>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
  "%": (one, other) => one % other,
  "^": (one, other) => one ** other,
};

function call(name: string, given: readonly Expression[], row: Row, around: Around): Value {
  const [first, second] = given;
  if (given.length === 0) return ofQuery(name, around);
  if (name === "bin") return begun(numberOf(row.get("@timestamp")), first);
  if (name === "datefloor" && first) return begun(numberOf(evaluate(first, row, around)), second);
  if (name === "dateceil" && first) return ended(numberOf(evaluate(first, row, around)), second);
  return callFunction(
    name,
    given.map((one) => evaluate(one, row, around)),
  );
}

function ofQuery(name: string, { nowMs, fromMs, untilMs }: Around): Value {
  if (name === "now") return Math.floor(nowMs / 1000);
  if (name === "querystarttime") return fromMs;
  return name === "queryendtime" ? untilMs : untilMs - fromMs;
}

/** When the period began that a time is in. */
function begun(atMs: number | undefined, period: Expression | undefined): Value {
  if (atMs === undefined || period?.kind !== "period") return undefined;
  if (period.months === 0) return period.ms === 0 ? undefined : Math.floor(atMs / period.ms) * period.ms;
  const at = new Date(atMs);
  const months = at.getUTCFullYear() * 12 + at.getUTCMonth();
  const first = Math.floor(months / period.months) * period.months;
  return Date.UTC(Math.floor(first / 12), first % 12);
}

function ended(atMs: number | undefined, period: Expression | undefined): Value {
  const start = begun(atMs, period);
  if (typeof start !== "number" || start === atMs || period?.kind !== "period") return start;
  if (period.months === 0) return start + period.ms;
  const at = new Date(start);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + period.months);
}

/** Whether what it is worth is a time. */
export function isTime(expression: Expression, row: Row): boolean {
  if (expression.kind === "field") return row.times.has(expression.name);
  return expression.kind === "call" && TIMES.has(expression.name);
}

const TIMES: ReadonlySet<string> = new Set(["bin", "datefloor", "dateceil", "frommillis"]);
