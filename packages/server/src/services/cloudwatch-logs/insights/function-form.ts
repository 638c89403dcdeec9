/** What functions of queries are made of. */
import type { Value } from "./syntax.ts";
import { numberOf, textOf, truth } from "./value.ts";

export interface Function {
  /** How many values it takes. */
  readonly min: number;
  readonly max: number;
  readonly of: (given: readonly Value[]) => Value;
}

type Bounds = readonly [min: number, max: number];

const ONE: Bounds = [1, 1];

/** Of numbers alone; of anything else it has no value. */
export const numeric = (of: (value: number, ...more: readonly number[]) => number, bounds = ONE): Function => ({
  min: bounds[0],
  max: bounds[1],
  of: (given) => {
    const numbers = numbersOf(given);
    const [first, ...more] = numbers;
    return first === undefined || numbers.length < given.length ? undefined : finite(of(first, ...more));
  },
});

export const finite = (value: number): Value => (Number.isFinite(value) ? value : undefined);

export const numbersOf = (given: readonly Value[]): readonly number[] =>
  given.flatMap((value) => {
    const number = numberOf(value);
    return number === undefined ? [] : [number];
  });

export const textual = (of: (text: string, more: readonly Value[]) => Value, [min, max] = ONE): Function => ({
  min,
  max,
  of: ([first, ...more]) => (first === undefined ? undefined : of(textOf(first), more)),
});

export const test = (of: (text: string, more: readonly Value[]) => boolean, bounds = ONE): Function =>
  textual((text, more) => truth(of(text, more)), bounds);
