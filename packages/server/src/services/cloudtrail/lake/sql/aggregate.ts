/** Functions of many rows. Source: https://trino.io/docs/current/functions/aggregate.html */
import { findOwn } from "../../../../kernel/lookup.ts";
import { applyArithmetic, compareValues } from "./compare.ts";
import { Holding } from "./holding.ts";
import { isNumber, keyOf, QueryFailure, requireNumber, requireTruth, typeNameOf, type Value } from "./value.ts";

/** What becomes of rows, one after the other. */
export interface Sum {
  add(given: readonly Value[]): void;
  end(): Value;
}

export interface Aggregate {
  readonly min: number;
  readonly max: number;
  readonly start: () => Sum;
  /** Its end goes through all that was added. */
  readonly isLong?: true;
}

/** Folds the first value of each row into one; what is not there does not count. */
const folding = (fold: (before: Value, value: Value) => Value): Aggregate => ({
  min: 1,
  max: 1,
  start: () => {
    let folded: Value = null;
    return {
      add: ([value = null]) => {
        if (value !== null) folded = folded === null ? value : fold(folded, value);
      },
      end: () => folded,
    };
  },
});

const counting = (counts: (given: readonly Value[]) => boolean, [min, max]: readonly [number, number]): Aggregate => ({
  min,
  max,
  start: () => {
    let count = 0n;
    return {
      add: (given) => {
        if (counts(given)) count += 1n;
      },
      end: () => count,
    };
  },
});

/** Of the numbers of a column. */
const numeric = (of: (values: readonly number[]) => number | null): Aggregate => ({
  min: 1,
  max: 1,
  isLong: true,
  start: () => {
    const [values, holding]: [number[], Holding] = [[], new Holding()];
    return {
      add: ([value = null]) => {
        if (value === null) return;
        values.push(requireNumber(value));
        holding.add([value]);
      },
      end: () => of(values),
    };
  },
});

const average: Aggregate = {
  min: 1,
  max: 1,
  start: () => {
    let [total, count] = [0, 0];
    return {
      add: ([value = null]) => {
        if (value === null) return;
        total += requireNumber(value);
        count += 1;
      },
      end: () => (count === 0 ? null : total / count),
    };
  },
};

const distinctCount: Aggregate = {
  min: 1,
  max: 2,
  start: () => {
    const [keys, holding] = [new Set<string>(), new Holding()];
    return {
      add: ([value = null]) => {
        const key = value === null ? undefined : keyOf(value);
        if (key === undefined || keys.has(key)) return;
        keys.add(key);
        holding.add([key]);
      },
      end: () => BigInt(keys.size),
    };
  },
};

const collecting: Aggregate = {
  min: 1,
  max: 1,
  isLong: true,
  start: () => {
    const [values, holding]: [Value[], Holding] = [[], new Holding()];
    return {
      add: ([value = null]) => {
        values.push(value);
        holding.add([value]);
      },
      end: () => (values.length === 0 ? null : values),
    };
  },
};

/** The value that stands beside the largest, or the smallest, of another column. */
const beside = (side: 1 | -1): Aggregate => ({
  min: 2,
  max: 2,
  start: () => {
    let [best, found]: [Value, Value] = [null, null];
    return {
      add: ([value = null, by = null]) => {
        if (by === null || (best !== null && compareValues(by, best) * side <= 0)) return;
        [best, found] = [by, value];
      },
      end: () => found,
    };
  },
});

function sum(before: Value, value: Value): Value {
  if (!isNumber(value)) throw new QueryFailure(`Unexpected parameters (${typeNameOf(value)}) for function sum`);
  return applyArithmetic("+", before, value);
}

const percentile: Aggregate = {
  min: 2,
  max: 2,
  isLong: true,
  start: () => {
    const [values, holding]: [number[], Holding] = [[], new Holding()];
    let part = 0;
    return {
      add: ([value = null, wanted = null]) => {
        if (value === null) return;
        values.push(requireNumber(value));
        part = requireNumber(wanted);
        holding.add([value]);
      },
      end: () =>
        values.toSorted((one, other) => one - other)[Math.min(Math.floor(part * values.length), values.length - 1)] ??
        null,
    };
  },
};

/** Over one less than there are, as samples have it. */
function variance(values: readonly number[]): number | null {
  if (values.length < 2) return null;
  const mean = values.reduce((total, value) => total + value, 0) / values.length;
  return values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1);
}

function deviation(values: readonly number[]): number | null {
  const of = variance(values);
  return of === null ? null : Math.sqrt(of);
}

const largest = (before: Value, value: Value): Value => (compareValues(value, before) > 0 ? value : before);
const smallest = (before: Value, value: Value): Value => (compareValues(value, before) < 0 ? value : before);
const both = (before: Value, value: Value): Value => requireTruth(before) === true && requireTruth(value) === true;
const either = (before: Value, value: Value): Value => requireTruth(before) === true || requireTruth(value) === true;
const first = (before: Value): Value => before;

const AGGREGATES: Readonly<Record<string, Aggregate>> = {
  count: counting(([value]) => value !== null, [0, 1]),
  count_if: counting(([value = null]) => requireTruth(value) === true, [1, 1]),
  sum: folding(sum),
  min: folding(smallest),
  max: folding(largest),
  avg: average,
  approx_distinct: distinctCount,
  approx_percentile: percentile,
  array_agg: collecting,
  min_by: beside(-1),
  max_by: beside(1),
  arbitrary: folding(first),
  any_value: folding(first),
  bool_and: folding(both),
  every: folding(both),
  bool_or: folding(either),
  stddev: numeric(deviation),
  stddev_samp: numeric(deviation),
  variance: numeric(variance),
  var_samp: numeric(variance),
};

export const aggregateNamed = (name: string): Aggregate | undefined => findOwn(AGGREGATES, name);

/** Each value of a row once. */
export function distinctly(of: Sum): Sum {
  const [seen, holding] = [new Set<string>(), new Holding()];
  return {
    add: (given) => {
      const key = given.map(keyOf).join("|");
      if (seen.has(key)) return;
      seen.add(key);
      holding.add([key]);
      of.add(given);
    },
    end: () => of.end(),
  };
}
