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
  if (tokens.next() !== "string") tokens.refuse(`Invalid member in numeric match: ${tokens.text}`);
  const name = tokens.string();
  const first = COMPARISONS.get(name) ?? tokens.refuse(`Unrecognized numeric range operator: ${name}`);
  const bottom = boundOf(tokens, name === "=" ? "equals" : name);
  const second = name.startsWith(">") ? parseTop(tokens) : undefined;
  if (second === undefined && !name.startsWith(">") && tokens.next() !== "]") tokens.refuse(TOO_MANY);
  if (tokens.next() !== "}") tokens.refuse(TOO_MANY);
  return {
    test: (value) =>
      typeof value === "number" &&
      first(value, bottom) &&
      (second === undefined || second.compare(value, second.bound)),
  };
}

/** What follows the lower bound, up to the end of the list. */
function parseTop(tokens: JsonTokens): { readonly compare: Compare; readonly bound: number } | undefined {
  const kind = tokens.next();
  if (kind === "]") return undefined;
  if (kind !== "string") tokens.refuse(`Bad value in numeric range: ${tokens.text}`);
  const name = tokens.string();
  const compare = name.startsWith("<") ? COMPARISONS.get(name) : undefined;
  if (compare === undefined) return tokens.refuse(`Bad numeric range operator: ${name}`);
  const bound = boundOf(tokens, name);
  if (tokens.next() !== "]") tokens.refuse("Too many terms in numeric range expression");
  return { compare, bound };
}

function boundOf(tokens: JsonTokens, name: string): number {
  if (tokens.next() !== "number") tokens.refuse(`Value of ${name} must be numeric`);
  return Number(tokens.text);
}
