/** Rows in order, and some of them. */
import { Holding } from "./holding.ts";
import { compareValues } from "./compare.ts";
import type { Batches, Relation } from "./relation.ts";
import type { Row } from "./scope.ts";

export interface SortKey {
  readonly at: number;
  readonly isDescending: boolean;
  readonly isNullsFirst: boolean;
}

const ROWS_AT_ONCE = 1000;

/** Rows of which nobody asks are not kept: at most `limit` are given. */
export function sorted(relation: Relation, keys: readonly SortKey[], limit: number | undefined): Relation {
  if (keys.length === 0) return relation;
  const compare = (one: Row, other: Row): number => compareRows(keys, one, other);
  return {
    columns: relation.columns,
    async *rows(): Batches {
      let [held, holding]: [Row[], Holding] = [[], new Holding()];
      for await (const batch of relation.rows()) {
        for (const row of batch) {
          held.push(row);
          holding.add(row);
        }
        if (limit === undefined || held.length <= 2 * limit + ROWS_AT_ONCE) continue;
        [held, holding] = [held.toSorted(compare).slice(0, limit), new Holding()];
        for (const row of held) holding.add(row);
      }
      const all = held.toSorted(compare).slice(0, limit);
      for (let at = 0; at < all.length; at += ROWS_AT_ONCE) yield all.slice(at, at + ROWS_AT_ONCE);
    },
  };
}

/** What is not there is last, unless it is said to be first. */
export function compareRows(keys: readonly SortKey[], one: Row, other: Row): number {
  for (const { at, isDescending, isNullsFirst } of keys) {
    const [left = null, right = null] = [one[at], other[at]];
    if (left === null && right === null) continue;
    if (left === null || right === null) return (left === null) === isNullsFirst ? -1 : 1;
    const order = compareValues(left, right);
    if (order !== 0) return isDescending ? -order : order;
  }
  return 0;
}

/** Those of a page; whoever gives rows is asked for no more than are wanted. */
export function paged(
  relation: Relation,
  { offset = 0, limit }: { offset?: number | undefined; limit?: number | undefined },
): Relation {
  if (offset === 0 && limit === undefined) return relation;
  return {
    columns: relation.columns,
    async *rows(): Batches {
      let [skipped, given] = [0, 0];
      if (limit === 0) return;
      for await (const batch of relation.rows()) {
        const skip = Math.min(offset - skipped, batch.length);
        skipped += skip;
        const some = batch.slice(skip, limit === undefined ? undefined : skip + limit - given);
        given += some.length;
        yield some;
        if (limit !== undefined && given >= limit) return;
      }
    },
  };
}
