/** One `SELECT`: its columns, with what rows are chosen, grouped and put in order by. */
import type { Sum } from "./aggregate.ts";
import { Holding } from "./holding.ts";
import {
  compile,
  expressionKey,
  hasAggregate,
  type Compiling,
  type Grouping,
  type WantedAggregate,
} from "./compile.ts";
import type { Around } from "./function/kind.ts";
import type { Batches, Relation, Tally } from "./relation.ts";
import { Scope, type Column, type Compiled, type Evaluate, type Row } from "./scope.ts";
import type { Expression, Order, Query, Select } from "./syntax.ts";
import type { SortKey } from "./sort.ts";
import { statementInvalid } from "../errors.ts";
import { requireTruth, rowKey, type Value } from "./value.ts";
import { withWindows, type WantedWindow } from "./window.ts";

export interface Selecting {
  readonly from: Relation;
  readonly around: Around;
  /** Counts the rows that were chosen, where they are events. */
  readonly tally?: Tally | undefined;
  /** Makes relations of queries within expressions. */
  readonly plan: (query: Query) => Relation;
}

/** Rows of what is selected, with what they are put in order by behind it. */
export interface Selected {
  readonly relation: Relation;
  readonly keys: readonly SortKey[];
}

interface Output {
  readonly shown: string;
  readonly compiled: Compiled;
  /** Of what is written there. */
  readonly key: string;
}

/** @throws {AwsError} `InvalidQueryStatementException` */
export function planSelect(select: Select, orders: readonly Order[], selecting: Selecting): Selected {
  const { from, around, tally, plan } = selecting;
  const steps: (() => Promise<void>)[] = [];
  const subqueries = { plan, before: (step: () => Promise<void>) => steps.push(step) };
  const plain: Compiling = { scope: new Scope(from.columns), around, subqueries };
  const where = select.where && compile(select.where, plain).evaluate;
  const groups = groupsOf(select, orders, plain);
  const bare = groups === undefined ? plain : { ...plain, grouping: groups.grouping };
  const windows: WantedWindow[] = [];
  const width = () => (groups === undefined ? from.columns.length : groups.keys.length + groups.wanted.length);
  const wantWindow = (window: WantedWindow) => {
    const place = windows.push(window) - 1;
    return () => width() + place;
  };
  const compiling = { ...bare, wantWindow };
  const outputs = outputsOf(select, compiling);
  const having = select.having && compile(select.having, bare).evaluate;
  const by = orders.map(({ by: key }) => orderBy(key, outputs, compiling));
  if (select.isDistinct && by.some((key) => !outputs.some(({ compiled }) => compiled === key))) {
    throw statementInvalid("For SELECT DISTINCT, ORDER BY expressions must appear in select list");
  }
  const chosen = filtered(after(steps, from), where, tally);
  const grouped = groups === undefined ? chosen : groupRows(chosen, groups);
  const columns = outputs.map(({ shown, compiled }): Column => ({
    name: shown.toLowerCase(),
    shown,
    type: compiled.type,
  }));
  const all = [...outputs.map(({ compiled }) => compiled.evaluate), ...by.map(({ evaluate }) => evaluate)];
  const held = withWindows(filtered({ columns, rows: () => grouped.rows() }, having), windows);
  const relation = projected(held, all);
  const keys = orders.map(({ isDescending, isNullsFirst }, at) => ({
    at: columns.length + at,
    isDescending,
    isNullsFirst,
  }));
  return { relation: select.isDistinct ? distinctRows(relation, columns.length) : relation, keys };
}

function outputsOf({ items }: Select, compiling: Compiling): readonly Output[] {
  const outputs: Output[] = [];
  for (const item of items) {
    if (item.kind === "all") outputs.push(...allColumns(item.of?.text.toLowerCase(), compiling));
    else {
      const { expression, alias } = item;
      const shown = alias ?? shownName(expression) ?? `_col${outputs.length}`;
      outputs.push({ shown, compiled: compile(expression, compiling), key: expressionKey(expression, compiling) });
    }
  }
  return outputs;
}

function allColumns(of: string | undefined, compiling: Compiling): readonly Output[] {
  const { columns } = compiling.scope;
  const wanted = columns.filter(({ qualifier }) => of === undefined || qualifier === of);
  if (wanted.length === 0) throw statementInvalid(`Unable to resolve reference ${of ?? "*"}`);
  return wanted.map(({ qualifier, name, shown }) => {
    const parts = [qualifier, name].filter((part) => part !== undefined).map((text) => ({ text, isQuoted: true }));
    const path: Expression = { kind: "name", parts, line: 1, column: 1 };
    return { shown, compiled: compile(path, compiling), key: expressionKey(path, compiling) };
  });
}

/** As it was written. */
function shownName(expression: Expression): string | undefined {
  if (expression.kind === "name") return expression.parts.at(-1)?.text;
  return expression.kind === "field" ? expression.name : undefined;
}

/** By the number of a column, by its name, or by anything else. */
function orderBy(key: Expression, outputs: readonly Output[], compiling: Compiling): Compiled {
  if (key.kind === "literal" && typeof key.value === "bigint") return outputAt(key.value, outputs);
  const alias = (name: string): Compiled | undefined =>
    outputs.find(({ shown }) => shown.toLowerCase() === name)?.compiled;
  const named =
    key.kind === "name" && key.parts.length === 1 ? alias(key.parts[0]?.text.toLowerCase() ?? "") : undefined;
  if (named !== undefined) return named;
  const written = expressionKey(key, compiling);
  return outputs.find((output) => output.key === written)?.compiled ?? compile(key, { ...compiling, alias });
}

function outputAt(position: bigint, outputs: readonly Output[]): Compiled {
  const output = outputs[Number(position) - 1];
  if (output === undefined) throw statementInvalid(`ORDER BY position ${position} is not in select list`);
  return output.compiled;
}

interface Groups {
  readonly keys: readonly Evaluate[];
  readonly wanted: readonly WantedAggregate[];
  readonly grouping: Grouping;
  /** There is one of all rows, also where there are none. */
  readonly isOne: boolean;
}

/** `undefined`: rows stay by themselves. */
function groupsOf(select: Select, orders: readonly Order[], compiling: Compiling): Groups | undefined {
  const { items, groupBy, having } = select;
  const expressions = items.flatMap((item) => (item.kind === "column" ? [item.expression] : []));
  const asked = [...expressions, ...(having ? [having] : []), ...orders.map(({ by }) => by)];
  if (groupBy === undefined && having === undefined && !asked.some(hasAggregate)) return undefined;
  const keyExpressions = (groupBy ?? []).map((expression) => groupedExpression(expression, expressions));
  const keys = keyExpressions.map((expression) => compile(expression, compiling));
  const named = keyExpressions.map((expression, at) => {
    const type = keys[at]?.type ?? { kind: "unknown" as const };
    return [expressionKey(expression, compiling), { at, type }] as const;
  });
  const wanted: WantedAggregate[] = [];
  const places = new Map<string, number>();
  const want = (aggregate: WantedAggregate, key: string): number => {
    const there = places.get(key) ?? keys.length + wanted.push(aggregate) - 1;
    places.set(key, there);
    return there;
  };
  return {
    keys: keys.map(({ evaluate }) => evaluate),
    wanted,
    grouping: { keys: new Map(named), want },
    isOne: keys.length === 0,
  };
}

/** A number stands for what is selected there. */
function groupedExpression(expression: Expression, selected: readonly Expression[]): Expression {
  if (expression.kind !== "literal" || typeof expression.value !== "bigint") return expression;
  const meant = selected[Number(expression.value) - 1];
  if (meant === undefined) throw statementInvalid(`GROUP BY position ${expression.value} is not in select list`);
  return meant;
}

interface Group {
  readonly key: Row;
  readonly sums: readonly Sum[];
}

const GROUPS_AT_ONCE = 1000;

/** A row for each group: what it is grouped by, and what was wanted of it. */
function groupRows(from: Relation, { keys, wanted, isOne }: Groups): Relation {
  const start = (key: Row): Group => ({ key, sums: wanted.map((one) => one.start()) });
  return {
    columns: [],
    async *rows(): Batches {
      const [groups, holding] = [new Map<string, Group>(isOne ? [["", start([])]] : []), new Holding()];
      for await (const batch of from.rows()) for (const row of batch) addTo(groups, row, holding);
      const all = [...groups.values()].map(({ key, sums }) => [...key, ...sums.map((sum) => sum.end())]);
      for (let at = 0; at < all.length; at += GROUPS_AT_ONCE) yield all.slice(at, at + GROUPS_AT_ONCE);
    },
  };

  function addTo(groups: Map<string, Group>, row: Row, holding: Holding): void {
    const values = keys.map((key) => key(row));
    const key = rowKey(values);
    const there = groups.get(key);
    if (there === undefined) holding.add([key, ...values]);
    const group = there ?? start(values);
    groups.set(key, group);
    for (const [at, sum] of group.sums.entries()) {
      const given: readonly Value[] | undefined = wanted[at]?.given(row);
      if (given !== undefined) sum.add(given);
    }
  }
}

/** Rows, once some steps are done. */
function after(steps: readonly (() => Promise<void>)[], relation: Relation): Relation {
  if (steps.length === 0) return relation;
  return {
    columns: relation.columns,
    async *rows(): Batches {
      for (const step of steps) await step();
      yield* relation.rows();
    },
  };
}

function filtered(relation: Relation, condition: Evaluate | undefined, tally?: Tally): Relation {
  return {
    columns: relation.columns,
    async *rows(): Batches {
      for await (const batch of relation.rows()) {
        const found = condition === undefined ? batch : batch.filter((row) => requireTruth(condition(row)) === true);
        if (tally !== undefined) tally.eventsMatched += found.length;
        yield found;
      }
    },
  };
}

function projected(relation: Relation, outputs: readonly Evaluate[]): Relation {
  return {
    columns: relation.columns,
    async *rows(): Batches {
      for await (const batch of relation.rows()) yield batch.map((row) => outputs.map((output) => output(row)));
    },
  };
}

/** Each row once, by its first columns. */
export function distinctRows(relation: Relation, width: number): Relation {
  return {
    columns: relation.columns,
    async *rows(): Batches {
      const [seen, holding] = [new Set<string>(), new Holding()];
      const isNew = (row: Row): boolean => {
        const key = rowKey(row.slice(0, width));
        if (seen.has(key)) return false;
        seen.add(key);
        holding.add([key]);
        return true;
      };
      for await (const batch of relation.rows()) yield batch.filter(isNew);
    },
  };
}
