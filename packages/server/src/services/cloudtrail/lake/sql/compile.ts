/** Makes functions of a row out of expressions: what names, functions and fields there are is found out before a query runs. */
import { aggregateNamed, distinctly, type Sum } from "./aggregate.ts";
import { elementAt } from "./function/collection.ts";
import { functionNamed } from "./function/function.ts";
import type { Around } from "./function/kind.ts";
import { compileSimple, tried } from "./operator.ts";
import { fieldOf, type Compiled, type Evaluate, type Row, type Scope } from "./scope.ts";
import { compileSubquery, type Subqueries, type Within } from "./subquery.ts";
import type { Call, Expression, Window } from "./syntax.ts";
import { said } from "./token.ts";
import { UNKNOWN, type Type } from "./type.ts";
import { windowNamed, type WantedWindow } from "./window.ts";
import { Lambda, QueryFailure, requireNumber, requireTruth, type Value } from "./value.ts";

/** An aggregate that is wanted of each group. */
export interface WantedAggregate {
  readonly start: () => Sum;
  /** What is added of each row; `undefined`: it does not count. */
  readonly given: (row: Row) => readonly Value[] | undefined;
}

/** Where expressions are of groups of rows. */
export interface Grouping {
  /** What they are grouped by, by keys of expressions. */
  readonly keys: ReadonlyMap<string, { readonly at: number; readonly type: Type }>;
  /** The place in a group's row of what is wanted. */
  want(aggregate: WantedAggregate, key: string): number;
}

export interface Compiling {
  readonly scope: Scope;
  readonly around: Around;
  readonly grouping?: Grouping | undefined;
  /** Names that mean what is selected. */
  readonly alias?: ((name: string) => Compiled | undefined) | undefined;
  /** Queries within are asked before rows are; where there are none, they are refused. */
  readonly subqueries?: Subqueries | undefined;
  /** Where functions may be asked of the rows around; gives the place of what is wanted. */
  readonly wantWindow?: ((window: WantedWindow) => () => number) | undefined;
  /** The parameters of the lambdas around. */
  readonly locals?: ReadonlyMap<string, Evaluate>;
}

const plain = (evaluate: Evaluate): Compiled => ({ evaluate, type: UNKNOWN });

/** @throws {AwsError} `InvalidQueryStatementException` */
export function compile(expression: Expression, compiling: Compiling): Compiled {
  const grouped = compiling.grouping && groupedBy(expression, compiling, compiling.grouping);
  return grouped ?? compileOwn(expression, compiling);
}

function groupedBy(expression: Expression, compiling: Compiling, { keys }: Grouping): Compiled | undefined {
  if (expression.kind === "literal") return undefined;
  const key = keys.get(expressionKey(expression, compiling));
  if (key !== undefined) return { evaluate: (row) => row[key.at] ?? null, type: key.type };
  return undefined;
}

/** The same for expressions that mean the same. */
export function expressionKey(expression: Expression, { scope }: Compiling): string {
  return JSON.stringify(expression, (_, value: unknown) => {
    if (typeof value === "bigint") return `${value}n`;
    return isName(value) ? resolvedKey(value, scope) : withoutPlace(value);
  });
}

type NameExpression = Extract<Expression, { kind: "name" }>;

const isName = (value: unknown): value is NameExpression =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "name";

function resolvedKey(path: NameExpression, scope: Scope): string {
  try {
    return scope.resolve(path).key;
  } catch {
    // parameters of lambdas
    return path.parts.map(({ text }) => text.toLowerCase()).join(".");
  }
}

function withoutPlace(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("line" in value)) return value;
  const { line: _line, column: _column, ...rest } = { column: 0, ...value };
  return rest;
}

function compileOwn(expression: Expression, compiling: Compiling): Compiled {
  const sub = (of: Expression): Compiled => compile(of, compiling);
  const { kind } = expression;
  if (kind === "name") return compileName(expression, compiling);
  if (kind === "field") return compileField(expression, sub(expression.of));
  if (kind === "subscript") return compileSubscript(sub(expression.of), sub(expression.index));
  if (kind === "call") return compileCall(expression, compiling);
  if (kind === "lambda") return compileLambda(expression, compiling);
  if (kind === "case") return compileCase(expression, compiling);
  if (kind === "among" || kind === "exists" || kind === "scalar") return compileWithin(expression, compiling);
  return plain(compileSimple(expression, (of) => sub(of).evaluate, compiling.around.effort));
}

const compileField = (expression: Extract<Expression, { kind: "field" }>, of: Compiled): Compiled =>
  fieldOf(of, expression.name, () => said(expression, `Column '${expression.name}' cannot be resolved`));

function compileName(path: NameExpression, { scope, grouping, alias, locals }: Compiling): Compiled {
  const names = path.parts.map(({ text }) => text.toLowerCase());
  const [first = "", ...fields] = names;
  const local = locals?.get(first);
  if (local !== undefined) return withFields(plain(local), fields, path);
  const meant = fields.length === 0 ? alias?.(first) : undefined;
  if (meant !== undefined) return meant;
  const resolved = scope.resolve(path);
  if (grouping === undefined) return resolved;
  const whole = prefixKey(path, scope, grouping);
  if (whole !== undefined) return whole;
  const written = path.parts.map(({ text }) => text).join(".");
  throw said(path, `'${written}' must be an aggregate expression or appear in GROUP BY clause`);
}

const withFields = (start: Compiled, fields: readonly string[], path: NameExpression): Compiled =>
  fields.reduce((of, field) => fieldOf(of, field, () => said(path, `Column '${field}' cannot be resolved`)), start);

/** A field of what is grouped by. */
function prefixKey(path: NameExpression, scope: Scope, { keys }: Grouping): Compiled | undefined {
  for (let count = path.parts.length - 1; count > 0; count--) {
    const before = { ...path, parts: path.parts.slice(0, count) };
    const key = keys.get(JSON.stringify(resolvedKey(before, scope)));
    if (key === undefined) continue;
    const start: Compiled = { evaluate: (row) => row[key.at] ?? null, type: key.type };
    const fields = path.parts.slice(count).map(({ text }) => text.toLowerCase());
    return withFields(start, fields, path);
  }
  return undefined;
}

function compileSubscript(of: Compiled, index: Compiled): Compiled {
  const type = of.type.kind === "array" ? of.type.of : UNKNOWN;
  const evaluate: Evaluate = (row) => {
    const [value, at] = [of.evaluate(row), index.evaluate(row)];
    if (value === null || at === null) return null;
    if (Array.isArray(value) && requireNumber(at) > value.length) {
      throw new QueryFailure(
        `Array subscript must be less than or equal to array length: ${requireNumber(at)} > ${value.length}`,
      );
    }
    return elementAt(value, at);
  };
  return { evaluate, type };
}

function compileWithin(expression: Within, compiling: Compiling): Compiled {
  const { subqueries } = compiling;
  if (subqueries === undefined) throw said(expression, "subqueries here are not supported");
  const of = expression.kind === "among" ? compile(expression.of, compiling).evaluate : undefined;
  return compileSubquery(expression, of, subqueries);
}

function compileLambda(expression: Extract<Expression, { kind: "lambda" }>, compiling: Compiling): Compiled {
  const { parameters, body } = expression;
  let current: readonly Value[] = [];
  const own = parameters.map((name, at): [string, Evaluate] => [name, () => current[at] ?? null]);
  const locals = new Map([...(compiling.locals ?? []), ...own]);
  const { evaluate } = compile(body, { ...compiling, locals });
  const { effort } = compiling.around;
  const call = (row: Row, given: readonly Value[]): Value => {
    effort.spend();
    const before = current;
    current = given;
    const value = evaluate(row);
    current = before;
    return value;
  };
  return plain((row) => new Lambda((...given) => call(row, given)));
}

function compileCase(expression: Extract<Expression, { kind: "case" }>, compiling: Compiling): Compiled {
  const branches = expression.branches.map(({ when, value }) => ({
    when: compile(when, compiling).evaluate,
    value: compile(value, compiling),
  }));
  const otherwise = expression.otherwise && compile(expression.otherwise, compiling);
  return {
    type: branches[0]?.value.type ?? UNKNOWN,
    evaluate: (row) => {
      const taken = branches.find(({ when }) => requireTruth(when(row)) === true);
      return (taken?.value ?? otherwise)?.evaluate(row) ?? null;
    },
  };
}

function compileCall(call: Call, compiling: Compiling): Compiled {
  if (call.over !== undefined) return compileWindow(call, call.over, compiling);
  const aggregate = aggregateNamed(call.name);
  if (aggregate !== undefined) return compileAggregate(call, compiling);
  const given = call.given.map((one) => compile(one, compiling));
  const special = specialCall(call, given);
  if (special !== undefined) return special;
  const known = functionNamed(call.name);
  if (known === undefined || call.isStar) throw said(call, `Function '${call.name}' not registered`);
  requireCount(call, known);
  const [first] = given;
  const type = call.name === "element_at" && first?.type.kind === "array" ? first.type.of : UNKNOWN;
  const values = given.map(({ evaluate }) => evaluate);
  const { around } = compiling;
  const evaluate: Evaluate = (row) => {
    around.effort.spend();
    const all = values.map((value) => value(row));
    if (known.takesNull !== true && all.includes(null)) return null;
    around.effort.spendOn(all);
    const made = known.of(all, around);
    around.effort.spendOn([made]);
    return made;
  };
  return { evaluate, type };
}

function requireCount(call: Call, { min, max }: { readonly min: number; readonly max: number }): void {
  const count = call.isStar ? 0 : call.given.length;
  if (count < min || count > max) throw said(call, `Unexpected parameters for function ${call.name}`);
}

/** Those that look at what is given one after the other. */
function specialCall(call: Call, given: readonly Compiled[]): Compiled | undefined {
  const [first, second, third] = given;
  switch (call.name) {
    case "coalesce":
      requireCount(call, { min: 2, max: given.length });
      return { evaluate: (row) => firstPresent(given, row), type: first?.type ?? UNKNOWN };
    case "if":
      requireCount(call, { min: 2, max: 3 });
      return {
        evaluate: (row) =>
          (requireTruth(first?.evaluate(row) ?? null) === true ? second : third)?.evaluate(row) ?? null,
        type: second?.type ?? UNKNOWN,
      };
    case "try":
      requireCount(call, { min: 1, max: 1 });
      return first && { evaluate: tried(first.evaluate), type: first.type };
    default:
      return undefined;
  }
}

function firstPresent(given: readonly Compiled[], row: Row): Value {
  for (const { evaluate } of given) {
    const value = evaluate(row);
    if (value !== null) return value;
  }
  return null;
}

function compileAggregate(call: Call, compiling: Compiling): Compiled {
  const { grouping, ...ungrouped } = compiling;
  if (grouping === undefined) throw said(call, `Cannot use aggregate function ${call.name} here`);
  const aggregate = aggregateNamed(call.name);
  if (aggregate === undefined) throw said(call, `Function '${call.name}' not registered`);
  requireCount(call, aggregate);
  const inner = { ...ungrouped, alias: undefined };
  const given = call.given.map((one) => compile(one, inner).evaluate);
  const filter = call.filter && compile(call.filter, inner).evaluate;
  const at = grouping.want(
    {
      start: () => (call.isDistinct ? distinctly(aggregate.start()) : aggregate.start()),
      given: (row) => {
        if (filter !== undefined && requireTruth(filter(row)) !== true) return undefined;
        return given.map((value) => value(row));
      },
    },
    expressionKey(call, compiling),
  );
  return plain((row) => row[at] ?? null);
}

function compileWindow(call: Call, over: Window, compiling: Compiling): Compiled {
  const { wantWindow, ...others } = compiling;
  if (wantWindow === undefined) throw said(call, "Window functions are not allowed here");
  const of = windowNamed(call.name);
  if (of === undefined || call.isDistinct || call.filter !== undefined) {
    throw said(call, `Window function '${call.name}' not registered`);
  }
  requireCount(call, of);
  const sub = (expression: Expression): Evaluate => compile(expression, others).evaluate;
  const placeIn = wantWindow({
    of,
    given: call.given.map(sub),
    partitionBy: over.partitionBy.map(sub),
    orderBy: over.orderBy.map(({ by }) => sub(by)),
    keys: over.orderBy.map(({ isDescending, isNullsFirst }, at) => ({ at, isDescending, isNullsFirst })),
  });
  return plain((row) => row[placeIn()] ?? null);
}

/** Whether there is an aggregate in it, and not in a query within. */
export function hasAggregate(expression: Expression): boolean {
  let found = false;
  JSON.stringify(expression, (name, value: unknown) => {
    if (name === "query") return undefined;
    if (isCall(value) && value.over === undefined && aggregateNamed(value.name) !== undefined) found = true;
    return typeof value === "bigint" ? String(value) : value;
  });
  return found;
}

const isCall = (value: unknown): value is Call =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "call";
