/** Ranges of numbers: `{"numeric": [">", 0, "<=", 5]}`. */
import type { JsonTokens } from "./json-tokens.ts";
import type { Alternative } from "./value-test.ts";

type Compare = (value: number, bound: number) => boolean;

const COMPARISONS: ReadonlyMap<string, Compare> = new Map([
  ["=", (value: number, bound: number) => value === bound],
  ["<", (value: number, bound: number) => value < bound],
  ["<=", (value: number, bound: number) => value <= bound],
  [">", (value: number, bound: number) => value > bound],
  [">=", (value: number, bound: number) => value >= bound],
]);
const TOO_MANY = "Too many elements in numeric expression";

/** @throws {PatternError} */
export function parseNumeric(tokens: JsonTokens): Alternative {
  if (tokens.next() !== "[") tokens.refuse("Value of numeric must be an array.");
  const terms = parseTerms(tokens).map(({ compare, text }) => {
    const bound = comparable(text) ?? tokens.refuse(incomparable(text));
    return { bound, holds: (value: number) => compare(value, bound) };
  });
  const [bottom, top] = terms;
  if (bottom !== undefined && top !== undefined && bottom.bound >= top.bound) {
    tokens.refuse("Bottom must be less than top");
  }
  if (tokens.next() !== "}") tokens.refuse(TOO_MANY);
  return { test: (value) => typeof value === "number" && terms.every(({ holds }) => holds(value)) };
}

interface Term {
  readonly compare: Compare;
  /** The bound as it is written. */
  readonly text: string;
}

/** Up to the end of the list. */
function parseTerms(tokens: JsonTokens): readonly Term[] {
  const kind = tokens.next();
  if (kind !== "string") tokens.refuse(`Invalid member in numeric match: ${kind === "]" ? kind : tokens.text}`);
  const name = tokens.string();
  const text = boundOf(tokens, name);
  const compare = COMPARISONS.get(name) ?? tokens.refuse(`Unrecognized numeric range operator: ${name}`);
  if (name.startsWith(">")) return [{ compare, text }, ...parseTop(tokens)];
  if (tokens.next() !== "]") tokens.refuse(TOO_MANY);
  return [{ compare, text }];
}

/** What may follow a lower bound. */
function parseTop(tokens: JsonTokens): readonly Term[] {
  const kind = tokens.next();
  if (kind === "]") return [];
  if (kind !== "string") tokens.refuse(`Bad value in numeric range: ${tokens.text}`);
  const name = tokens.string();
  const compare = name.startsWith("<") ? COMPARISONS.get(name) : undefined;
  if (compare === undefined) return tokens.refuse(`Bad numeric range operator: ${name}`);
  const text = boundOf(tokens, name);
  if (tokens.next() !== "]") tokens.refuse("Too many terms in numeric range expression");
  return [{ compare, text }];
}

function boundOf(tokens: JsonTokens, name: string): string {
  const isNumber = tokens.next() === "number";
  if (!isNumber && COMPARISONS.has(name)) tokens.refuse(`Value of ${name === "=" ? "equals" : name} must be numeric`);
  return tokens.text;
}

export const incomparable = (text: string): string => `Cannot compare number : ${text}`;

/**
 * `undefined`: there is no such number among those of 64 bits.
 * Source: https://github.com/aws/event-ruler (ComparableNumber)
 */
export function comparable(text: string): number | undefined {
  const value = Number(text);
  return Number.isFinite(value) && digitsOf(String(value)) === digitsOf(text) ? value : undefined;
}

/** The digits of a number without zeros around them, and where its point is: `17e3`. */
function digitsOf(text: string): string {
  const [, whole = "", part = "", exponent = "0"] = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const significant = (whole + part).replace(/^0+/, "");
  const digits = significant.replace(/(?<!0)0+$/, "");
  return `${digits}e${digits === "" ? 0 : Number(exponent) - part.length + significant.length - digits.length}`;
}
