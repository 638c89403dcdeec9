/** What an expression is worth for a record. Truth has three values: what cannot be said is `null`. */
import { unsupportedSyntax } from "./errors.ts";
import { callFunction } from "./functions.ts";
import { likePattern } from "./like.ts";
import { withoutRoot, type BinaryOperator, type Expression } from "./query.ts";
import { cast, compare, follow, numberIn, textOf, type Value } from "./value.ts";

export interface Around {
  readonly record: Value;
  /** What the record is called. */
  readonly root: ReadonlySet<string>;
  readonly now: Date;
}

/** @throws {AwsError} where a cast fails, or a function is given what it does not take */
export function evaluate(expression: Expression, around: Around): Value {
  if (isCondition(expression)) return truth(expression, around);
  switch (expression.kind) {
    case "literal":
      return expression.value;
    case "path":
      return follow(around.record, withoutRoot(expression.steps, around.root));
    case "binary":
      return binary(expression.operator, evaluate(expression.left, around), evaluate(expression.right, around));
    case "minus":
      return negative(evaluate(expression.of, around));
    case "cast":
      return cast(evaluate(expression.of, around), expression.type);
    case "call":
      return callFunction(
        expression.name,
        expression.arguments.map((one) => evaluate(one, around)),
        around,
      );
    case "case":
      return caseOf(expression, around);
    case "aggregate":
      throw unsupportedSyntax("an aggregate within an expression");
  }
}

type Condition = Extract<Expression, { readonly kind: "and" | "or" | "not" | "is" | "in" | "like" | "between" }>;

const CONDITIONS: ReadonlySet<string> = new Set(["and", "or", "not", "is", "in", "like", "between"]);

const isCondition = (expression: Expression): expression is Condition => CONDITIONS.has(expression.kind);

type Truth = boolean | null;

function truth(condition: Condition, around: Around): Truth {
  switch (condition.kind) {
    case "and":
      return both(truthOf(condition.left, around), () => truthOf(condition.right, around));
    case "or":
      return opposite(
        both(opposite(truthOf(condition.left, around)), () => opposite(truthOf(condition.right, around))),
      );
    case "not":
      return opposite(truthOf(condition.of, around));
    case "is": {
      const value = evaluate(condition.of, around);
      return condition.what === "MISSING" ? value === undefined : value === null || value === undefined;
    }
    case "in":
      return isAmong(condition, around);
    case "like":
      return isLike(condition, around);
    case "between": {
      const value = evaluate(condition.of, around);
      const above = judge(">=", compare(value, evaluate(condition.low, around)));
      return both(above, () => judge("<=", compare(value, evaluate(condition.high, around))));
    }
  }
}

/** A condition's answer: only what is true holds. */
export function truthOf(expression: Expression, around: Around): Truth {
  const value = evaluate(expression, around);
  return typeof value === "boolean" ? value : null;
}

function both(left: Truth, right: () => Truth): Truth {
  if (left === false) return false;
  const other = right();
  if (other === false) return false;
  return left === null || other === null ? null : true;
}

const opposite = (value: Truth): Truth => (value === null ? null : !value);

function isAmong({ of, list }: Extract<Condition, { readonly kind: "in" }>, around: Around): Truth {
  const value = evaluate(of, around);
  const answers = list.map((one) => judge("=", compare(value, evaluate(one, around))));
  if (answers.includes(true)) return true;
  return answers.includes(null) ? null : false;
}

function isLike({ of, pattern, escape }: Extract<Condition, { readonly kind: "like" }>, around: Around): Truth {
  const value = evaluate(of, around);
  if (value === null || value === undefined) return null;
  const sign = escape && textOf(evaluate(escape, around));
  return likePattern(textOf(evaluate(pattern, around)), sign).test(textOf(value));
}

const JUDGES: Partial<Readonly<Record<BinaryOperator, (order: number) => boolean>>> = {
  "=": (order) => order === 0,
  "<>": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const judge = (operator: BinaryOperator, order: number | undefined): Truth =>
  order === undefined ? null : (JUDGES[operator]?.(order) ?? null);

const SUMS: Partial<Readonly<Record<BinaryOperator, (left: number, right: number) => number>>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
};

function binary(operator: BinaryOperator, left: Value, right: Value): Value {
  if (left === null || left === undefined || right === null || right === undefined) return null;
  if (operator === "||") return textOf(left) + textOf(right);
  const sum = SUMS[operator];
  if (sum === undefined) return judge(operator, compare(left, right));
  const [one, other] = [numberIn(left), numberIn(right)];
  return one === undefined || other === undefined ? null : sum(one, other);
}

function negative(value: Value): Value {
  const number = numberIn(value);
  return number === undefined ? null : -number;
}

function caseOf({ of, whens, otherwise }: Extract<Expression, { readonly kind: "case" }>, around: Around): Value {
  const value = of && evaluate(of, around);
  const found = whens.find(({ when }) =>
    of ? compare(value, evaluate(when, around)) === 0 : truthOf(when, around) === true,
  );
  if (found) return evaluate(found.outcome, around);
  return otherwise ? evaluate(otherwise, around) : null;
}
