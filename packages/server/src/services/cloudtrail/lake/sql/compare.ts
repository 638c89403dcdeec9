/** How values compare, and what operators make of them. */
import type { BinaryOperator } from "./syntax.ts";
import { addMonths, readInstant } from "./time.ts";
import { formatValue } from "./format.ts";
import { requireSize, type Effort } from "./holding.ts";
import {
  Instant,
  Interval,
  isList,
  isNumber,
  keyOf,
  QueryFailure,
  requireText,
  typeNameOf,
  type Value,
} from "./value.ts";

/** @throws {QueryFailure} where they do not compare */
export function compareValues(one: Value, other: Value): number {
  if (isNumber(one) && isNumber(other)) return orderOf(one, other);
  if (typeof one === "string" && typeof other === "string") return orderOf(one, other);
  if (one instanceof Instant || other instanceof Instant) return instantOf(one).ms - instantOf(other).ms;
  if (typeof one === "boolean" || typeof other === "boolean") return Number(truthOf(one)) - Number(truthOf(other));
  if (typeNameOf(one) !== typeNameOf(other)) throw cannotApply(one, "=", other);
  return orderOf(keyOf(one), keyOf(other));
}

const orderOf = <Plain extends string | number | bigint>(one: Plain, other: Plain): number =>
  one < other ? -1 : Number(one > other);

/** A text stands for a time where it is compared with one. */
export function instantOf(value: Value): Instant {
  if (value instanceof Instant) return value;
  const read = typeof value === "string" ? readInstant(value) : undefined;
  if (read === undefined) throw new QueryFailure(`Value cannot be cast to timestamp: ${formatValue(value)}`);
  return read;
}

function truthOf(value: Value): boolean {
  if (typeof value === "boolean") return value;
  if (value === "true" || value === "false") return value === "true";
  throw cannotApply(value, "=", true);
}

const cannotApply = (one: Value, operator: string, other: Value): QueryFailure =>
  new QueryFailure(`Cannot apply operator: ${typeNameOf(one)} ${operator} ${typeNameOf(other)}`);

const COMPARISONS = ["=", "<>", "<", "<=", ">", ">="] as const;
type Comparison = (typeof COMPARISONS)[number];

export const isComparison = (operator: BinaryOperator): operator is Comparison =>
  COMPARISONS.some((one) => one === operator);

/** What is not there compares with nothing. */
export function compareBy(operator: Comparison, one: Value, other: Value): boolean | null {
  if (one === null || other === null) return null;
  const order = compareValues(one, other);
  switch (operator) {
    case "=":
      return order === 0;
    case "<>":
      return order !== 0;
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

const ARITHMETIC = ["+", "-", "*", "/", "%", "||"] as const;
type Arithmetic = (typeof ARITHMETIC)[number];

export const isArithmetic = (operator: BinaryOperator): operator is Arithmetic =>
  ARITHMETIC.some((one) => one === operator);

export function applyArithmetic(operator: Arithmetic, one: Value, other: Value): Value {
  if (one === null || other === null) return null;
  if (operator === "||") return concatenated(one, other);
  if (typeof one === "bigint" && typeof other === "bigint") return whole(operator, one, other);
  if (isNumber(one) && isNumber(other)) return fractional(operator, Number(one), Number(other));
  return shifted(operator, one, other);
}

function concatenated(one: Value, other: Value): Value {
  if (isList(one) && isList(other)) return requireSize([...one, ...other]);
  return requireSize(requireText(one) + requireText(other));
}

const BIGINT_BITS = 64;

type Reckoning = Exclude<Arithmetic, "||">;

function whole(operator: Reckoning, one: bigint, other: bigint): bigint {
  if (other === 0n && (operator === "/" || operator === "%")) throw new QueryFailure("Division by zero");
  const made = wholeOf(operator, one, other);
  if (BigInt.asIntN(BIGINT_BITS, made) !== made) throw new QueryFailure(`bigint overflow: ${one} ${operator} ${other}`);
  return made;
}

function wholeOf(operator: Reckoning, one: bigint, other: bigint): bigint {
  switch (operator) {
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return one / other;
    case "%":
      return one % other;
  }
}

function fractional(operator: Reckoning, one: number, other: number): number {
  switch (operator) {
    case "+":
      return one + other;
    case "-":
      return one - other;
    case "*":
      return one * other;
    case "/":
      return one / other;
    case "%":
      return one % other;
  }
}

/** Times and intervals. */
function shifted(operator: Arithmetic, one: Value, other: Value): Value {
  if (operator === "+" && one instanceof Interval) return shifted("+", other, one);
  const sign = operator === "-" ? -1 : 1;
  if ((operator !== "+" && operator !== "-") || !(one instanceof Instant)) throw cannotApply(one, operator, other);
  if (other instanceof Interval) {
    return new Instant(addMonths(one.ms, sign * other.months) + sign * other.ms, one.kind);
  }
  if (operator === "-" && other instanceof Instant) return new Interval({ ms: one.ms - other.ms, months: 0 });
  throw cannotApply(one, operator, other);
}

export interface LikePattern {
  readonly pattern: string;
  readonly escape?: string | undefined;
}

const [ANY, ONE] = [Symbol("%"), Symbol("_")];

/** How many characters are compared in the time of a step. */
const COMPARED_PER_STEP = 16;

/** `%` is any text, and `_` any character. @throws {QueryFailure} where one looks for too long */
export function isLike(text: string, given: LikePattern, effort: Effort): boolean {
  effort.spendOn([text, given.pattern]);
  const wanted = wantedOf(given);
  const characters = Array.from(text);
  let [at, from, star, mark] = [0, 0, -1, 0];
  for (let compared = 1; at < characters.length; compared++) {
    if (compared % COMPARED_PER_STEP === 0) effort.spend();
    const want = wanted[from];
    if (want === ANY) [star, mark, from] = [from, at, from + 1];
    else if (want !== undefined && (want === ONE || want === characters[at])) [at, from] = [at + 1, from + 1];
    else if (star === -1) return false;
    else [mark, at, from] = [mark + 1, mark + 1, star + 1];
  }
  return wanted.slice(from).every((want) => want === ANY);
}

function wantedOf({ pattern, escape }: LikePattern): readonly (string | symbol)[] {
  const wanted: (string | symbol)[] = [];
  let isEscaped = false;
  for (const character of pattern) {
    if (!isEscaped && character === escape) {
      isEscaped = true;
      continue;
    }
    if (isEscaped) wanted.push(character);
    else wanted.push(character === "%" ? ANY : character === "_" ? ONE : character);
    isEscaped = false;
  }
  return wanted;
}
