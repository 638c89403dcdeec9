/**
 * A query of Logs Insights, understood.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import type { Regex } from "../regex.ts";

/** A map or a list. */
export interface Structure {
  readonly json: object;
}

/** What is neither. */
export type Plain = string | number | undefined;

export type Value = Plain | Structure;

export type BinaryOperator = "+" | "-" | "*" | "/" | "%" | "^" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "and" | "or";

export type Expression =
  | { readonly kind: "literal"; readonly value: Value }
  | { readonly kind: "field"; readonly name: string }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
    }
  | { readonly kind: "not"; readonly of: Expression }
  | { readonly kind: "minus"; readonly of: Expression }
  | { readonly kind: "like"; readonly of: Expression; readonly text: Expression }
  | { readonly kind: "regex"; readonly of: Expression; readonly regex: Regex }
  | { readonly kind: "in"; readonly of: Expression; readonly list: readonly Expression[] }
  | { readonly kind: "call"; readonly name: string; readonly given: readonly Expression[] }
  | { readonly kind: "period"; readonly ms: number; readonly months: number }
  | { readonly kind: "aggregate"; readonly name: string; readonly given: readonly Expression[]; readonly at: number };

/** The period that an event is in. */
export const isBin = (expression: Expression): boolean => expression.kind === "call" && expression.name === "bin";

/** An expression and what its column is called. */
export interface Named {
  readonly expression: Expression;
  readonly name: string;
}

export type ParseRule =
  | { readonly kind: "glob"; readonly parts: readonly string[]; readonly names: readonly string[] }
  | { readonly kind: "regex"; readonly regex: Regex };

export type Command =
  | { readonly kind: "fields"; readonly columns: readonly Named[] }
  | { readonly kind: "display"; readonly columns: readonly Named[] }
  | { readonly kind: "filter"; readonly condition: Expression }
  | {
      readonly kind: "stats";
      readonly columns: readonly Named[];
      readonly by: readonly Named[];
      /** How much later the periods are said to be that events are grouped by. */
      readonly offsetMs: number;
      readonly aggregates: number;
    }
  | { readonly kind: "sort"; readonly by: readonly { readonly expression: Expression; readonly descending: boolean }[] }
  | { readonly kind: "limit"; readonly count: number }
  | { readonly kind: "parse"; readonly of: Expression; readonly rule: ParseRule }
  | { readonly kind: "dedup"; readonly by: readonly Expression[] }
  | { readonly kind: "unnest"; readonly of: Expression; readonly into: string }
  | { readonly kind: "pattern"; readonly of: Expression }
  | {
      readonly kind: "lookup";
      readonly table: string;
      /** Which columns of the table have to be like which fields: all of them. */
      readonly matched: readonly { readonly column: string; readonly field: string }[];
      /** What a row has already it keeps. */
      readonly onlyNew: boolean;
      readonly output: readonly string[];
      /** Where the table is named. */
      readonly at: number;
      readonly end: number;
    }
  | { readonly kind: "running"; readonly rule: RunningRule }
  | { readonly kind: "source"; readonly groups: GroupChoice };

/** What is done with each row as those before it say. */
export type RunningRule =
  | { readonly kind: "accum"; readonly field: string; readonly as: string }
  | {
      readonly kind: "autoregress";
      readonly field: string;
      readonly lags: readonly { readonly rows: number; readonly as: string }[];
    }
  | { readonly kind: "filldown"; readonly fields: readonly string[] }
  | {
      readonly kind: "addtotals";
      readonly as: string;
      readonly ofRows: boolean;
      readonly ofColumns: boolean;
      readonly fields: readonly string[];
    };

/** The groups that a query names itself. */
export interface GroupChoice {
  /** What their names begin with; all where there is none. */
  readonly prefixes: readonly string[];
  readonly classes: readonly string[];
  /** Whose they are; anybody's where there is none. */
  readonly accounts: readonly string[];
}

export type Query = readonly Command[];
