/** The value of a metric math expression. */
import { findOwn } from "../../../kernel/lookup.ts";
import type { Expression, Operator } from "./expression.ts";
import { FUNCTIONS, UNBUILT_FUNCTIONS } from "./functions.ts";
import { SyntaxFault, UnbuiltFault } from "./token.ts";
import { combined, listOf, mapped, scalarOf, type Series, type Value } from "./value.ts";

/** What an expression is evaluated in. */
export interface Surroundings {
  /** The value of the query with that id; `undefined`: there is none. */
  readonly query: (id: string) => Value | undefined;
  /** The metrics, not the expressions, among the queries. */
  readonly metrics: () => readonly { readonly id: string; readonly series: Series }[];
  /** What a search has found. */
  readonly found: (search: Expression) => readonly Series[] | undefined;
  /** The periods that are asked for. */
  readonly grid: { readonly fromMs: number; readonly toMs: number; readonly periodMs: number };
  /** To be asked before points are made of nothing. @throws {SyntaxFault} where there come to be too many */
  readonly afford: (points: number) => void;
}

const OPERATIONS: Readonly<Record<Operator, (one: number, other: number) => number>> = {
  "+": (one, other) => one + other,
  "-": (one, other) => one - other,
  "*": (one, other) => one * other,
  "/": (one, other) => one / other,
  "^": (one, other) => one ** other,
  "==": (one, other) => Number(one === other),
  "!=": (one, other) => Number(one !== other),
  "<": (one, other) => Number(one < other),
  "<=": (one, other) => Number(one <= other),
  ">": (one, other) => Number(one > other),
  ">=": (one, other) => Number(one >= other),
  AND: (one, other) => Number(one !== 0 && other !== 0),
  OR: (one, other) => Number(one !== 0 || other !== 0),
};

/** @throws {SyntaxFault} where a name is unknown, or a function is given what it does not take. */
export function evaluate(expression: Expression, around: Surroundings): Value {
  switch (expression.kind) {
    case "number":
      return scalarOf(expression.value);
    case "text":
      throw new SyntaxFault(`Unexpected text '${expression.value}'`);
    case "name":
      return valueOfQuery(expression.name, around);
    case "list":
      return listOf(expression.elements.flatMap((element) => flat(evaluate(element, around))));
    case "negation":
      return mapped(evaluate(expression.of, around), (value) => -value);
    case "operation": {
      const [left, right] = [evaluate(expression.left, around), evaluate(expression.right, around)];
      return combined(left, right, OPERATIONS[expression.operator]);
    }
    case "call":
      return call(expression, around);
  }
}

function valueOfQuery(id: string, around: Surroundings): Value {
  const value = around.query(id);
  if (value === undefined) throw new SyntaxFault(`Undefined variable '${id}'`);
  return value;
}

function flat(value: Value): readonly Series[] {
  if (value.type === "scalar") throw new SyntaxFault("An array has no place for a scalar");
  return value.type === "series" ? [value.series] : value.list;
}

function call(expression: Expression & { readonly kind: "call" }, around: Surroundings): Value {
  const { name, given } = expression;
  if (name === "SEARCH") {
    const found = around.found(expression);
    if (found === undefined) throw new SyntaxFault("SEARCH is not supported here");
    return listOf(found);
  }
  if (UNBUILT_FUNCTIONS.has(name)) throw new UnbuiltFault(`the function ${name}`);
  const known = findOwn(FUNCTIONS, name);
  if (known === undefined) throw new SyntaxFault(`Undefined function: ${name}`);
  const [least, most] = known.takes;
  if (given.length < least || given.length > most) {
    throw new SyntaxFault(`Incorrect number of arguments for ${name}: ${given.length}`);
  }
  return known.of({
    name,
    given,
    value: (index) => evaluate(argument(given, index, name), around),
    word: (index) => wordOf(argument(given, index, name)),
    around,
  });
}

function argument(given: readonly Expression[], index: number, name: string): Expression {
  const found = given[index];
  if (found === undefined) throw new SyntaxFault(`Incorrect number of arguments for ${name}: ${given.length}`);
  return found;
}

function wordOf(expression: Expression): string | undefined {
  if (expression.kind === "text") return expression.value;
  return expression.kind === "name" ? expression.name : undefined;
}
