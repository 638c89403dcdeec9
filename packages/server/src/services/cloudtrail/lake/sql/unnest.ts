/** Items of arrays and maps as rows. Source: https://trino.io/docs/current/sql/select.html#unnest */
import { compile, type Compiling } from "./compile.ts";
import type { Batches, Relation } from "./relation.ts";
import { Scope, type Column, type Compiled, type Row } from "./scope.ts";
import type { Alias, Source } from "./syntax.ts";
import { isList, isMap, QueryFailure, Struct, typeNameOf, type Value } from "./value.ts";
import { UNKNOWN, type Type } from "./type.ts";

type Unnest = Extract<Source, { kind: "unnest" }>;

/** Each row with each of its items. */
export function unnested(left: Relation, source: Unnest, around: Compiling["around"]): Relation {
  const scope = new Scope(left.columns);
  const given = source.given.map((expression) => compile(expression, { scope, around }));
  const parts = given.map(({ type }) => partsOf(type, source.alias));
  const added = [...parts.flatMap(({ columns }) => columns), ...(source.isNumbered ? [columnOf("ordinality")] : [])];
  const named = added.map((column, at) => aliased(column, at, source.alias));
  return {
    columns: [...left.columns, ...named],
    async *rows(): Batches {
      for await (const batch of left.rows()) {
        for (const row of batch) yield rowsOf(row, given, parts, source.isNumbered);
      }
    },
  };
}

interface Part {
  readonly columns: readonly Column[];
  readonly spread: (item: Item | undefined) => Row;
}

/** A key and its value; the items of arrays have the number of their place for a key. */
type Item = readonly [key: Value, value: Value];

const columnOf = (name: string, type: Type = UNKNOWN): Column => ({ name, shown: name, type });

/** Rows within arrays become columns, unless there is one name for all of them. */
function partsOf(type: Type, alias: Alias | undefined): Part {
  if (type.kind === "map") {
    return { columns: [columnOf("key"), columnOf("value")], spread: (item) => item ?? [null, null] };
  }
  const of = type.kind === "array" ? type.of : UNKNOWN;
  if (of.kind !== "row" || alias?.columns.length === 1) {
    return { columns: [columnOf("item", of)], spread: (item) => [item?.[1] ?? null] };
  }
  const names = [...of.fields.keys()];
  return {
    columns: [...of.fields].map(([name, field]) => columnOf(name, field)),
    spread: (item) => {
      const value = item?.[1];
      return names.map((name) => (value instanceof Struct ? (value.fields.get(name) ?? null) : null));
    },
  };
}

function aliased(column: Column, at: number, alias: Alias | undefined): Column {
  const name = alias?.columns[at] ?? column.name;
  return { ...column, name, shown: name, qualifier: alias?.name };
}

function rowsOf(row: Row, given: readonly Compiled[], parts: readonly Part[], isNumbered: boolean): Row[] {
  const lists = given.map(({ evaluate }) => itemsOf(evaluate(row)));
  const count = Math.max(0, ...lists.map((list) => list.length));
  return Array.from({ length: count }, (_, at) => [
    ...row,
    ...parts.flatMap(({ spread }, index) => spread(lists[index]?.[at])),
    ...(isNumbered ? [BigInt(at + 1)] : []),
  ]);
}

function itemsOf(value: Value): readonly Item[] {
  if (value === null) return [];
  if (isMap(value)) return [...value];
  if (isList(value)) return value.map((item, at): Item => [BigInt(at + 1), item]);
  throw new QueryFailure(`Cannot unnest type: ${typeNameOf(value)}`);
}
