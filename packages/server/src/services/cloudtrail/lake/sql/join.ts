/** Rows of two relations together. */
import { AwsError } from "../../../../kernel/aws-error.ts";
import { exhausted } from "./holding.ts";
import { compile, type Compiling } from "./compile.ts";
import type { Around } from "./function/kind.ts";
import { collect, othersTurn, type Batches, type Relation } from "./relation.ts";
import { Scope, type Evaluate, type Row } from "./scope.ts";
import type { Expression } from "./syntax.ts";
import { keyOf, requireTruth } from "./value.ts";

export interface Joined {
  readonly how: "inner" | "left";
  readonly left: Relation;
  readonly right: Relation;
  readonly on?: Expression | undefined;
}

/** So many values of pairs of rows are looked at. */
const CELLS_MAX = 60_000_000;

/** Those of the right side are held. */
export function joinRelations({ how, left, right, on }: Joined, around: Around): Relation {
  const columns = [...left.columns, ...right.columns];
  const compiling = { scope: new Scope(columns), around };
  const conjuncts = on === undefined ? [] : conjunctsOf(on);
  const sides = {
    left: { scope: new Scope(left.columns), around },
    right: { scope: new Scope(right.columns), around },
  };
  const pairs = conjuncts.map((conjunct) => equalSides(conjunct, sides));
  const keys = pairs.filter((pair) => pair !== undefined);
  const others = conjuncts
    .filter((_, at) => pairs[at] === undefined)
    .map((conjunct) => compile(conjunct, compiling).evaluate);
  const holds = (row: Row): boolean => others.every((other) => requireTruth(other(row)) === true);
  const leftKey = keyOfRow(keys.map((key) => key.left));
  const rightKey = keyOfRow(keys.map((key) => key.right));
  const missing: Row = right.columns.map(() => null);
  return {
    columns,
    async *rows(): Batches {
      const held = Map.groupBy(await collect(right), (row) => rightKey(row) ?? "");
      let [found, looked]: [Row[], number] = [[], 0];
      for await (const batch of left.rows()) {
        for (const row of batch) {
          const key = leftKey(row);
          let isAlone = true;
          for (const other of (key === undefined ? undefined : held.get(key)) ?? []) {
            looked += columns.length;
            if (looked > CELLS_MAX) throw exhausted();
            const together = [...row, ...other];
            if (!holds(together)) continue;
            isAlone = false;
            if (found.push(together) < ROWS_AT_ONCE) continue;
            yield found;
            found = [];
            await othersTurn(around.effort);
          }
          if (isAlone && how === "left") found.push([...row, ...missing]);
        }
        yield found;
        found = [];
      }
    },
  };
}

const ROWS_AT_ONCE = 2000;

/** What has to hold together. */
export const conjunctsOf = (expression: Expression): readonly Expression[] =>
  expression.kind === "binary" && expression.operator === "and"
    ? [...conjunctsOf(expression.left), ...conjunctsOf(expression.right)]
    : [expression];

interface Sides<Of> {
  readonly left: Of;
  readonly right: Of;
}

/** Of a condition that says that something of one side equals something of the other. */
function equalSides(expression: Expression, { left, right }: Sides<Compiling>): Sides<Evaluate> | undefined {
  if (expression.kind !== "binary" || expression.operator !== "=") return undefined;
  const { left: one, right: other } = expression;
  const straight = tryBoth(() => ({ left: compile(one, left).evaluate, right: compile(other, right).evaluate }));
  return straight ?? tryBoth(() => ({ left: compile(other, left).evaluate, right: compile(one, right).evaluate }));
}

function tryBoth(make: () => Sides<Evaluate>): Sides<Evaluate> | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof AwsError) return undefined;
    throw error;
  }
}

/** `undefined`: something is not there, and so equals nothing. */
const keyOfRow =
  (parts: readonly Evaluate[]) =>
  (row: Row): string | undefined => {
    const values = parts.map((part) => part(row));
    return values.includes(null) ? undefined : values.map(keyOf).join("|");
  };
