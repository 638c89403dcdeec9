/** What stands behind `numeric`: `["=", 5]`, `[">", 0, "<=", 150]`. */
import type { NumericRange } from "./filter.ts";
import type { Json } from "./json-reader.ts";
import { FilterProblem } from "./problem.ts";

const NUMBER_MAX = 1_000_000_000;

/** One behind another: past the last, where the list ends. */
type Token = Json | { readonly kind: "end"; readonly at: number; readonly end: number };

/** @throws {FilterProblem} */
export function readNumeric(json: Json): NumericRange {
  if (json.kind !== "array") throw new FilterProblem("Value of numeric must be an array.", json.at);
  const end = { kind: "end", at: json.end, end: json.end } as const;
  const token = (at: number): Token => json.items[at] ?? end;
  const first = token(0);
  if (first.kind !== "string") throw new FilterProblem(`Invalid member in numeric match: ${shown(first)}`, first.at);
  switch (first.text) {
    case "=": {
      const value = numberOf(token(1), "equals");
      if (token(2).kind !== "end") throw new FilterProblem("Too many elements in numeric expression", token(2).at);
      return { above: { value, isIncluded: true }, below: { value, isIncluded: true } };
    }
    case "<":
    case "<=": {
      const value = numberOf(token(1), first.text);
      if (token(2).kind !== "end") throw new FilterProblem("Too many elements in numeric expression", token(2).at);
      return { below: { value, isIncluded: first.text === "<=" } };
    }
    case ">":
    case ">=":
      return readRange(first.text, token);
    default:
      throw new FilterProblem(`Unrecognized numeric range operator: ${first.text}`, token(1).at);
  }
}

function readRange(operator: string, token: (at: number) => Token): NumericRange {
  const above = { value: numberOf(token(1), operator), isIncluded: operator === ">=" };
  const second = token(2);
  if (second.kind === "end") return { above };
  if (second.kind !== "string") throw new FilterProblem(`Bad value in numeric range: ${shown(second)}`, second.at);
  if (second.text !== "<" && second.text !== "<=") {
    throw new FilterProblem(`Bad numeric range operator: ${second.text}`, second.end);
  }
  const below = { value: numberOf(token(3), second.text), isIncluded: second.text === "<=" };
  const last = token(4);
  if (last.kind !== "end") throw new FilterProblem("Too many terms in numeric range expression", last.at);
  if (below.value <= above.value) throw new FilterProblem("Bottom must be less than top", last.at);
  return { above, below };
}

function numberOf(token: Token, operator: string): number {
  if (token.kind !== "number") throw new FilterProblem(`Value of ${operator} must be numeric`, token.at);
  if (Math.abs(token.value) > NUMBER_MAX) {
    throw new FilterProblem(`Value of ${operator} must be between -1.0E9 and 1.0E9, inclusive`, token.at);
  }
  return token.value;
}

/** A token as Jackson prints it. */
function shown(token: Token): string {
  switch (token.kind) {
    case "end":
      return "]";
    case "object":
      return "{";
    case "array":
      return "[";
    case "literal":
      return String(token.value);
    case "number":
    case "string":
      return token.text;
  }
}
