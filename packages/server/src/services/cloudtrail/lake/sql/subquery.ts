/** Queries within expressions. */
import { collect, type Relation } from "./relation.ts";
import type { Compiled, Evaluate } from "./scope.ts";
import type { Expression, Query } from "./syntax.ts";
import { said } from "./token.ts";
import { UNKNOWN } from "./type.ts";
import { keyOf, QueryFailure, type Value } from "./value.ts";

/** What is done about them. */
export interface Subqueries {
  readonly plan: (query: Query) => Relation;
  /** Is done before the first row. */
  before(step: () => Promise<void>): void;
}

export type Within = Extract<Expression, { kind: "among" | "exists" | "scalar" }>;

/** The rows of a query within are found once, before those of the query around it. */
export function compileSubquery(expression: Within, of: Evaluate | undefined, subqueries: Subqueries): Compiled {
  const relation = subqueries.plan(expression.query);
  if (expression.kind !== "exists" && relation.columns.length !== 1) {
    throw said(expression, `Subquery must return one column, and returns ${relation.columns.length}`);
  }
  let values: readonly Value[] = [];
  subqueries.before(async () => {
    values = (await collect(relation)).map(([value = null]) => value);
  });
  if (of !== undefined) return { evaluate: among(of, () => values), type: UNKNOWN };
  if (expression.kind === "exists") return { evaluate: () => values.length > 0, type: UNKNOWN };
  return { evaluate: () => onlyOf(values), type: relation.columns[0]?.type ?? UNKNOWN };
}

function onlyOf(values: readonly Value[]): Value {
  if (values.length > 1) throw new QueryFailure("Scalar sub-query has returned multiple rows");
  return values[0] ?? null;
}

/** Values are looked up by their keys, those that stand for times as times. */
function among(of: Evaluate, all: () => readonly Value[]): Evaluate {
  let known: { readonly of: readonly Value[]; readonly keys: ReadonlySet<string> } | undefined;
  return (row) => {
    const [value, values] = [of(row), all()];
    if (values.length === 0) return false;
    if (value === null) return null;
    if (known?.of !== values) known = { of: values, keys: new Set(values.map(keyOf)) };
    if (known.keys.has(keyOf(value))) return true;
    return values.includes(null) ? null : false;
  };
}
