/** Many values as one: how many they are, their sum and extremes, and the values themselves as far as they are known. */

/** What is known of values together. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
  /** Each value with how often it came, in no order; absent where only the sums are known. */
  readonly values?: readonly ValueCount[];
}

/** A value, and how often it came. */
export type ValueCount = readonly [value: number, count: number];

/** So many values are told apart; of more, those that lie within a hundredth of each other count as one. */
const VALUES_MAX = 1000;
/** Logarithm of the width of a bin. */
const BIN_LOG = Math.log(1.01);

/** A distribution that grows. */
export class Tally {
  #count = 0;
  #sum = 0;
  #min = Infinity;
  #max = -Infinity;
  #values: Map<number, number> | undefined = new Map();

  add(value: number, count = 1): void {
    this.#total(count, value * count);
    this.#bound(value, value);
    this.#keep(value, count);
  }

  addAll({ count, sum, min, max, values }: Distribution): void {
    this.#total(count, sum);
    this.#bound(min, max);
    if (values === undefined) this.#values = undefined;
    else for (const [value, times] of values) this.#keep(value, times);
  }

  get isEmpty(): boolean {
    return this.#count === 0;
  }

  distribution(): Distribution {
    const sums = { count: this.#count, sum: this.#sum, min: this.#min, max: this.#max };
    return this.#values === undefined ? sums : { ...sums, values: [...this.#values] };
  }

  #total(count: number, sum: number): void {
    this.#count += count;
    this.#sum += sum;
  }

  #bound(min: number, max: number): void {
    if (min < this.#min) this.#min = min;
    if (max > this.#max) this.#max = max;
  }

  #keep(value: number, count: number): void {
    const values = this.#values;
    if (values === undefined) return;
    values.set(value, (values.get(value) ?? 0) + count);
    if (values.size > VALUES_MAX) this.#values = binned(values);
  }
}

/** Both together. The values are known where they are known of both. */
export function sumOf(one: Distribution | undefined, other: Distribution): Distribution {
  if (one === undefined) return other;
  const tally = new Tally();
  tally.addAll(one);
  tally.addAll(other);
  return tally.distribution();
}

/** What lies close together as one value, the mean of it. */
function binned(values: ReadonlyMap<number, number>): Map<number, number> {
  const bins = new Map<string, { sum: number; count: number }>();
  for (const [value, count] of values) {
    const name = binOf(value);
    const bin = bins.get(name) ?? { sum: 0, count: 0 };
    bins.set(name, { sum: bin.sum + value * count, count: bin.count + count });
  }
  const means = new Map<number, number>();
  for (const { sum, count } of bins.values()) means.set(sum / count, (means.get(sum / count) ?? 0) + count);
  return means;
}

function binOf(value: number): string {
  if (value === 0) return "0";
  return `${Math.sign(value)}:${Math.floor(Math.log(Math.abs(value)) / BIN_LOG)}`;
}
