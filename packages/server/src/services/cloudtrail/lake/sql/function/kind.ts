/** What functions of queries are. */
import type { Effort } from "../holding.ts";
import type { Value } from "../value.ts";

/** What a query knows besides what it is asked of. */
export interface Around {
  readonly nowMs: number;
  readonly compileRegex: CompileRegex;
  readonly effort: Effort;
}

export interface Regex {
  test(text: string): boolean;
  /** The text of a group of the first place that matches; 0 is all of it. */
  find(text: string, group: number): string | undefined;
  replaceAll(text: string, replacement: string): string;
}

export type CompileRegex = (source: string) => Regex;

export interface SqlFunction {
  readonly min: number;
  readonly max: number;
  /** Is called where something is not there, too. */
  readonly takesNull?: true;
  readonly of: (given: readonly Value[], around: Around) => Value;
}

export type Functions = Readonly<Record<string, SqlFunction>>;

/** A function that takes so many values, and gives nothing where one of them is not there. */
export const taking = (count: number | readonly [number, number], of: SqlFunction["of"]): SqlFunction =>
  typeof count === "number" ? { min: count, max: count, of } : { min: count[0], max: count[1], of };

/** More than anybody writes. */
export const MANY = 127;
