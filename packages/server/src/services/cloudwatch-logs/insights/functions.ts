/** Functions of queries. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
import { findOwn } from "../../../kernel/lookup.ts";
import { ADDRESS_FUNCTIONS } from "./address-functions.ts";
import type { Function } from "./function-form.ts";
import { NUMBER_FUNCTIONS } from "./number-functions.ts";
import type { Value } from "./syntax.ts";
import { TEXT_FUNCTIONS } from "./text-functions.ts";
import { isTrue, numberOf, truth } from "./value.ts";

/** Conditions and what is for each; what stands alone at the end is for all others. */
function chosen(given: readonly Value[]): Value {
  for (let at = 0; at + 1 < given.length; at += 2) if (isTrue(given[at])) return given[at + 1];
  return given.length % 2 === 1 ? given.at(-1) : undefined;
}

/** Conditions of `case`, each with its value, and one value more. */
const BRANCHES_MAX = 10;

const FUNCTIONS: Readonly<Record<string, Function>> = {
  ...NUMBER_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...ADDRESS_FUNCTIONS,
  ispresent: { min: 1, max: 1, of: ([value]) => truth(value !== undefined) },
  isnumeric: { min: 1, max: 1, of: ([value]) => truth(numberOf(value) !== undefined) },
  coalesce: { min: 1, max: 100, of: (given) => given.find((value) => value !== undefined) },
  case: { min: 2, max: 2 * BRANCHES_MAX + 1, of: chosen },
  if: { min: 3, max: 3, of: chosen },
};

/** Those that look at more than values: they are done where expressions are. */
const SPECIAL: Readonly<Record<string, readonly [min: number, max: number]>> = {
  bin: [1, 1],
  datefloor: [2, 2],
  dateceil: [2, 2],
  now: [0, 0],
  querystarttime: [0, 0],
  queryendtime: [0, 0],
  querytimerange: [0, 0],
};

const UNBUILT: ReadonlySet<string> = new Set(["regexreplace", "parsedate", "formatdate", "strftime"]);

/** Documented, and not here. */
export const isUnbuilt = (name: string): boolean => UNBUILT.has(name);

export function isFunction(name: string, given: number): boolean {
  const [min, max] = boundsOf(name) ?? [1, 0];
  return given >= min && given <= max;
}

function boundsOf(name: string): readonly [number, number] | undefined {
  const known = findOwn(FUNCTIONS, name);
  if (known !== undefined) return [known.min, known.max];
  return findOwn(SPECIAL, name);
}

export const callFunction = (name: string, given: readonly Value[]): Value => findOwn(FUNCTIONS, name)?.of(given);
