/** Makes a relation of a query: everything that can be found out without looking at events is found out here. */
import { statementInvalid } from "../errors.ts";
import { SOURCES_MAX } from "../limits.ts";
import type { Around } from "./function/kind.ts";
import { joinRelations } from "./join.ts";
import {
  collect,
  EventRelation,
  NOTHING,
  renamed,
  type Batches,
  type EventTable,
  type Relation,
  type Tally,
} from "./relation.ts";
import { Scope } from "./scope.ts";
import { distinctRows, planSelect, type Selected } from "./select.ts";
import { paged, sorted } from "./sort.ts";
import type { Alias, Body, Order, Query, Select, Source } from "./syntax.ts";
import { said } from "./token.ts";
import { timeRangeOf } from "./time-range.ts";
import { unnested } from "./unnest.ts";
import { rowKey } from "./value.ts";

export interface Planning {
  readonly around: Around;
  readonly tally: Tally;
  /** A store by its id. */
  readonly table: (id: string) => EventTable | undefined;
}

type Named = ReadonlyMap<string, Query>;

/** @throws {AwsError} `InvalidQueryStatementException` */
export function planQuery(query: Query, planning: Planning): Relation {
  return new Planner(planning).query(query, new Map());
}

class Planner {
  readonly #planning: Planning;
  #sources = 0;

  constructor(planning: Planning) {
    this.#planning = planning;
  }

  query(query: Query, named: Named): Relation {
    const { body, orderBy, offset, limit } = query;
    const inner = new Map(named);
    for (const { name, query: first } of query.with) inner.set(name, first);
    const { relation, keys } =
      body.kind === "select" ? this.#select(body, orderBy, inner) : this.#ordered(body, orderBy, inner);
    const most = limit === undefined ? undefined : limit + (offset ?? 0);
    return trimmed(paged(sorted(relation, keys, most), { offset, limit }));
  }

  #select(select: Select, orders: readonly Order[], named: Named): Selected {
    const { around, tally } = this.#planning;
    const from = select.from === undefined ? NOTHING : this.#source(select.from, named);
    if (from instanceof EventRelation && select.where !== undefined) {
      from.range = timeRangeOf(select.where, { scope: new Scope(from.columns), around });
    }
    const isOfEvents = select.from !== undefined && hasTable(select.from, named);
    return planSelect(select, orders, {
      from,
      around,
      tally: isOfEvents ? tally : undefined,
      plan: this.#within(named),
    });
  }

  #within(named: Named): (query: Query) => Relation {
    return (query) => this.query(query, named);
  }

  /** By the columns of what is put in order alone. */
  #ordered(body: Exclude<Body, Select>, orders: readonly Order[], named: Named): Selected {
    const from = this.#body(body, named);
    const all: Select = { kind: "select", isDistinct: false, items: [{ kind: "all" }] };
    return planSelect(all, orders, { from, around: this.#planning.around, plan: this.#within(named) });
  }

  #body(body: Body, named: Named): Relation {
    switch (body.kind) {
      case "select":
        return trimmed(this.#select(body, [], named).relation);
      case "nested":
        return this.query(body.query, named);
      case "set":
        return this.#set(body, named);
    }
  }

  #set({ operator, isAll, left, right }: Extract<Body, { kind: "set" }>, named: Named): Relation {
    const [one, other] = [this.#body(left, named), this.#body(right, named)];
    const [width, against] = [one.columns.length, other.columns.length];
    if (width !== against) {
      throw statementInvalid(`${operator.toUpperCase()} query has different number of fields: ${width}, ${against}`);
    }
    if (operator === "union") {
      const both = { columns: one.columns, rows: () => inTurn(one, other) };
      return isAll ? both : distinctRows(both, width);
    }
    if (isAll) throw statementInvalid(`${operator.toUpperCase()} ALL is not supported`);
    return distinctRows(compared(one, other, operator === "intersect"), width);
  }

  #source(source: Source, named: Named): Relation {
    this.#sources += 1;
    if (this.#sources > SOURCES_MAX) throw statementInvalid("The query is too complex.");
    switch (source.kind) {
      case "table":
        return this.#table(source, named);
      case "query":
        return aliased(this.query(source.query, named), source.alias);
      case "unnest":
        return unnested(NOTHING, source, this.#planning.around);
      case "join":
        return this.#join(source, named);
    }
  }

  #table(source: Extract<Source, { kind: "table" }>, named: Named): Relation {
    const id = source.name.text;
    const query = named.get(id.toLowerCase());
    const { table, tally, around } = this.#planning;
    // a query does not see itself, nor those behind it
    if (query !== undefined)
      return aliased(this.query(query, before(named, id.toLowerCase())), source.alias ?? aliasOf(id));
    const events = table(id);
    if (events === undefined) throw said(source, `Table '${id}' does not exist`);
    const relation = new EventRelation(events, {
      tally,
      effort: around.effort,
      qualifier: source.alias?.name ?? id.toLowerCase(),
    });
    return source.alias === undefined || source.alias.columns.length === 0 ? relation : aliased(relation, source.alias);
  }

  #join(source: Extract<Source, { kind: "join" }>, named: Named): Relation {
    const { around } = this.#planning;
    const left = this.#source(source.left, named);
    if (source.right.kind === "unnest") {
      if (source.on !== undefined && source.how !== "inner")
        throw statementInvalid("outer joins with UNNEST are not supported");
      return unnested(left, source.right, around);
    }
    const right = this.#source(source.right, named);
    const { how, on } = source;
    if (how !== "right") return joinRelations({ how, left, right, on }, around);
    const turned = joinRelations({ how: "left", left: right, right: left, on }, around);
    return turnedBack(turned, right.columns.length);
  }
}

/** Those that stand before one. */
function before(named: Named, name: string): Named {
  const all = [...named];
  return new Map(
    all.slice(
      0,
      all.findIndex(([one]) => one === name),
    ),
  );
}

const aliasOf = (name: string): Alias => ({ name: name.toLowerCase(), columns: [] });

const aliased = (relation: Relation, alias: Alias | undefined): Relation =>
  renamed(relation, (column, at) => {
    const name = alias?.columns[at];
    const renaming = name === undefined ? {} : { name, shown: name };
    return { ...column, ...renaming, qualifier: alias?.name };
  });

/** Whether rows are events, and not of a query within. */
function hasTable(source: Source, named: Named): boolean {
  if (source.kind === "join") return hasTable(source.left, named) || hasTable(source.right, named);
  return source.kind === "table" && !named.has(source.name.text.toLowerCase());
}

/** Without what rows were put in order by. */
function trimmed(relation: Relation): Relation {
  const width = relation.columns.length;
  return {
    columns: relation.columns,
    async *rows(): Batches {
      for await (const batch of relation.rows()) {
        yield batch.map((row) => (row.length > width ? row.slice(0, width) : row));
      }
    },
  };
}

async function* inTurn(one: Relation, other: Relation): Batches {
  yield* one.rows();
  yield* other.rows();
}

/** Those that the other has, or those that it has not. */
function compared(one: Relation, other: Relation, isThere: boolean): Relation {
  return {
    columns: one.columns,
    async *rows(): Batches {
      const keys = new Set((await collect(other)).map(rowKey));
      for await (const batch of one.rows()) yield batch.filter((row) => keys.has(rowKey(row)) === isThere);
    },
  };
}

/** The first columns behind the others. */
function turnedBack(relation: Relation, width: number): Relation {
  return {
    columns: [...relation.columns.slice(width), ...relation.columns.slice(0, width)],
    async *rows(): Batches {
      for await (const batch of relation.rows()) {
        yield batch.map((row) => [...row.slice(width), ...row.slice(0, width)]);
      }
    },
  };
}
