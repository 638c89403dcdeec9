/** Operators and conditions, as functions of a row. */
import { castTo } from "./cast.ts";
import { applyArithmetic, compareBy, isArithmetic, isComparison, isLike } from "./compare.ts";
import type { Effort } from "./holding.ts";
import type { Evaluate } from "./scope.ts";
import type { BinaryOperator, Expression } from "./syntax.ts";
import { readInstant } from "./time.ts";
import { Instant, keyOf, QueryFailure, requireText, requireTruth } from "./value.ts";

interface Sides {
  readonly left: Evaluate;
  readonly right: Evaluate;
}

function compileBinary(operator: BinaryOperator, { left, right }: Sides, effort: Effort): Evaluate {
  if (isArithmetic(operator)) return (row) => applyArithmetic(operator, left(row), right(row));
  if (isComparison(operator)) {
    return (row) => {
      const [one, other] = [left(row), right(row)];
      effort.spendOn([one, other]);
      return compareBy(operator, one, other);
    };
  }
  switch (operator) {
    case "and":
      return (row) => isNot(either(isNot(requireTruth(left(row))), () => isNot(requireTruth(right(row)))));
    case "or":
      return (row) => either(requireTruth(left(row)), () => requireTruth(right(row)));
    case "is distinct from":
      return (row) => {
        const [one, other] = [left(row), right(row)];
        effort.spendOn([one, other]);
        return keyOf(one) !== keyOf(other);
      };
  }
}

/** What is compared with a text that is a time: it is read once. */
function compileTimed(
  { operator, left, right }: Extract<Expression, { kind: "binary" }>,
  sub: (of: Expression) => Evaluate,
): Evaluate | undefined {
  if (!isComparison(operator) || right.kind !== "literal" || typeof right.value !== "string") return undefined;
  const [of, text, time] = [sub(left), right.value, readInstant(right.value)];
  if (time === undefined) return undefined;
  return (row) => {
    const value = of(row);
    return compareBy(operator, value, value instanceof Instant ? time : text);
  };
}

const isNot = (truth: boolean | null): boolean | null => (truth === null ? null : !truth);

/** The other is not looked at where one is true. */
function either(one: boolean | null, other: () => boolean | null): boolean | null {
  if (one === true) return true;
  const second = other();
  return second === true ? true : one === null ? null : second;
}

type Simple = Exclude<
  Expression,
  { readonly kind: "name" | "field" | "subscript" | "call" | "lambda" | "case" | "among" | "exists" | "scalar" }
>;

/** What is made of other expressions and nothing else. */
export function compileSimple(expression: Simple, sub: (of: Expression) => Evaluate, effort: Effort): Evaluate {
  switch (expression.kind) {
    case "literal":
      return () => expression.value;
    case "binary":
      return (
        compileTimed(expression, sub) ??
        compileBinary(expression.operator, { left: sub(expression.left), right: sub(expression.right) }, effort)
      );
    case "not": {
      const of = sub(expression.of);
      return (row) => isNot(requireTruth(of(row)));
    }
    case "minus": {
      const of = sub(expression.of);
      return (row) => applyArithmetic("-", 0n, of(row));
    }
    case "is null": {
      const of = sub(expression.of);
      return (row) => of(row) === null;
    }
    case "in":
      return compileIn(sub(expression.of), expression.options.map(sub), effort);
    case "like":
      return compileLike(expression, sub, effort);
    case "cast":
      return compileCast(expression, sub(expression.of), effort);
    case "array": {
      const items = expression.items.map(sub);
      return (row) => items.map((item) => item(row));
    }
  }
}

/** Not known where one of them is not there and none of the others fits. */
function compileIn(of: Evaluate, options: readonly Evaluate[], effort: Effort): Evaluate {
  return (row) => {
    const value = of(row);
    let found: boolean | null = false;
    for (const option of options) {
      const other = option(row);
      effort.spendOn([value, other]);
      const same = compareBy("=", value, other);
      if (same === true) return true;
      if (same === null) found = null;
    }
    return found;
  };
}

function compileLike(
  expression: Extract<Expression, { kind: "like" }>,
  sub: (of: Expression) => Evaluate,
  effort: Effort,
): Evaluate {
  const [of, wanted] = [sub(expression.of), sub(expression.pattern)];
  const escaped = expression.escape && sub(expression.escape);
  return (row) => {
    const [text, pattern] = [of(row), wanted(row)];
    if (text === null || pattern === null) return null;
    const escape = escaped === undefined ? undefined : requireText(escaped(row));
    return isLike(requireText(text), { pattern: requireText(pattern), escape }, effort);
  };
}

function compileCast({ type, isSafe }: Extract<Expression, { kind: "cast" }>, of: Evaluate, effort: Effort): Evaluate {
  const cast = castTo(type);
  const evaluate: Evaluate = (row) => {
    const value = of(row);
    effort.spendOn([value]);
    return cast(value);
  };
  return isSafe ? tried(evaluate) : evaluate;
}

/** What fails is not there. */
export const tried =
  (evaluate: Evaluate): Evaluate =>
  (row) => {
    try {
      return evaluate(row);
    } catch (error) {
      if (error instanceof QueryFailure) return null;
      throw error;
    }
  };
