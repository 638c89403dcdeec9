/** What a condition's values stand for as a set, so that sets can be compared. Comparisons that are too hard answer no. */
import type { LanguageVersion } from "../ast.ts";
import { parseDate } from "../date.ts";
import { parseDecimal } from "../../../kernel/decimal.ts";
import { contains, parseRange, type AddressRange } from "../../../kernel/ip-address.ts";
import type { OperatorName } from "../operator.ts";
import { parseBoolean } from "../scalar.ts";
import { areDisjoint, covers } from "./cells.ts";
import { arnPattern, exactPattern, textPattern, valuePattern, ANYTHING, type Pattern } from "./pattern.ts";

/** `folded`: texts count without regard to case, and the patterns are in lower case. */
interface Texts {
  readonly kind: "texts";
  readonly patterns: readonly Pattern[];
  readonly folded: boolean;
}

interface Interval {
  readonly from: number;
  readonly to: number;
  readonly fromIn: boolean;
  readonly toIn: boolean;
}

interface Ordered {
  readonly kind: "number" | "date";
  readonly intervals: readonly Interval[];
}

interface Addresses {
  readonly kind: "addresses";
  readonly ranges: readonly AddressRange[];
}

export type ValueSet = Texts | Ordered | Addresses;

export const EVERY_VALUE: ValueSet = { kind: "texts", patterns: [ANYTHING], folded: false };
export const NO_VALUE: ValueSet = { kind: "texts", patterns: [], folded: false };

/** The values that meet one of `expected` under the operator, its negation apart; `undefined`: that depends on the request. */
export function valueSetOf(
  name: Exclude<OperatorName, "Null">,
  expected: readonly string[],
  version: LanguageVersion,
): ValueSet | undefined {
  if (name.startsWith("Numeric")) return ordered("number", name, expected.map(parseDecimal));
  if (name.startsWith("Date")) return ordered("date", name, expected.map(parseDate));
  if (name.endsWith("IpAddress")) {
    return { kind: "addresses", ranges: expected.map(parseRange).filter((range) => range !== undefined) };
  }
  if (name === "BinaryEquals") return undefined;
  const folded = name.endsWith("IgnoreCase") || name === "Bool";
  const patterns = expected.flatMap((value) => patternOf(name, value, version) ?? []);
  return patterns.some(({ variable }) => variable) ? undefined : { kind: "texts", patterns, folded };
}

function patternOf(name: OperatorName, value: string, version: LanguageVersion): Pattern | undefined {
  if (name.startsWith("Arn")) return arnPattern(value, version);
  if (name === "StringLike" || name === "StringNotLike") return textPattern(value, version);
  if (name === "StringEquals" || name === "StringNotEquals") return valuePattern(value, version);
  const pattern = valuePattern(value.toLowerCase(), version);
  if (name !== "Bool" || pattern.variable) return pattern;
  const boolean = parseBoolean(value);
  return boolean === undefined ? undefined : exactPattern(String(boolean));
}

function ordered(kind: Ordered["kind"], name: OperatorName, values: readonly (number | undefined)[]): Ordered {
  const intervals = values.flatMap((value) => (value === undefined ? [] : [intervalOf(name, value)]));
  return { kind, intervals };
}

function intervalOf(name: OperatorName, value: number): Interval {
  const inclusive = name.endsWith("Equals");
  if (name.includes("LessThan")) return { from: -Infinity, to: value, fromIn: true, toIn: inclusive };
  if (name.includes("GreaterThan")) return { from: value, to: Infinity, fromIn: inclusive, toIn: true };
  return { from: value, to: value, fromIn: true, toIn: true };
}

const isEmpty = (set: ValueSet): boolean => countOf(set) === 0;

function countOf(set: ValueSet): number {
  if (set.kind === "texts") return set.patterns.length;
  return set.kind === "addresses" ? set.ranges.length : set.intervals.length;
}

/** Answers that were given: the same sets are compared in scene after scene. */
class Memory {
  readonly #answers = new WeakMap<ValueSet, WeakMap<ValueSet, boolean>>();

  answer(one: ValueSet, other: ValueSet, work: () => boolean): boolean {
    let ofOne = this.#answers.get(one);
    if (ofOne === undefined) this.#answers.set(one, (ofOne = new WeakMap()));
    let answer = ofOne.get(other);
    if (answer === undefined) ofOne.set(other, (answer = work()));
    return answer;
  }
}

const subsets = new Memory();
const apart = new Memory();

/** Whether everything in `inner` is in `outer`. */
export const isSubset = (inner: ValueSet, outer: ValueSet): boolean =>
  subsets.answer(inner, outer, () => liesWithin(inner, outer));

/** Whether nothing is in both. */
export const isApart = (one: ValueSet, other: ValueSet): boolean =>
  apart.answer(one, other, () => liesApart(one, other));

function liesWithin(inner: ValueSet, outer: ValueSet): boolean {
  if (isEmpty(inner)) return true;
  if (outer === EVERY_VALUE) return true;
  if (inner.kind === "texts" && outer.kind === "texts") return areTextsWithin(inner, outer);
  if (inner.kind === "addresses" && outer.kind === "addresses") {
    return inner.ranges.every((range) => outer.ranges.some((wide) => holds(wide, range)));
  }
  if (!isOrdered(inner) || !isOrdered(outer) || inner.kind !== outer.kind) return false;
  return inner.intervals.every((interval) => outer.intervals.some((wide) => isWithin(interval, wide)));
}

function liesApart(one: ValueSet, other: ValueSet): boolean {
  if (isEmpty(one) || isEmpty(other)) return true;
  if (one.kind === "texts" && other.kind === "texts") return areTextsApart(one, other);
  if (one.kind === "addresses" && other.kind === "addresses") {
    return !one.ranges.some((range) => other.ranges.some((wide) => holds(wide, range) || holds(range, wide)));
  }
  if (!isOrdered(one) || !isOrdered(other) || one.kind !== other.kind) return false;
  return !one.intervals.some((interval) => other.intervals.some((wide) => overlap(interval, wide)));
}

function areTextsApart(one: Texts, other: Texts): boolean {
  const folds = one.folded || other.folded;
  return folds
    ? areDisjoint(lowered(one.patterns), lowered(other.patterns))
    : areDisjoint(one.patterns, other.patterns);
}

const isOrdered = (set: ValueSet): set is Ordered => set.kind === "number" || set.kind === "date";

function areTextsWithin(inner: Texts, outer: Texts): boolean {
  if (outer.folded) return covers(outer.patterns, inner.folded ? inner.patterns : lowered(inner.patterns));
  return !inner.folded && covers(outer.patterns, inner.patterns);
}

const lowered = (patterns: readonly Pattern[]): readonly Pattern[] =>
  patterns.map(({ units, variable }) => ({
    units: units.map(lowerUnit),
    variable,
  }));

/** A character whose lower case is longer stays what it is. */
function lowerUnit(unit: number): number {
  if (unit < 0) return unit;
  const lower = String.fromCharCode(unit).toLowerCase();
  return lower.length === 1 ? lower.charCodeAt(0) : unit;
}

const holds = (wide: AddressRange, { base, prefixBits }: AddressRange): boolean =>
  wide.prefixBits <= prefixBits && contains(wide, base);

const isWithin = (inner: Interval, outer: Interval): boolean =>
  (inner.from > outer.from || (inner.from === outer.from && (outer.fromIn || !inner.fromIn))) &&
  (inner.to < outer.to || (inner.to === outer.to && (outer.toIn || !inner.toIn)));

function overlap(one: Interval, other: Interval): boolean {
  const before = (first: Interval, second: Interval): boolean =>
    first.to < second.from || (first.to === second.from && !(first.toIn && second.fromIn));
  return !before(one, other) && !before(other, one);
}
