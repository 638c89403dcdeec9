/** Sums over all records. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference-aggregate.html */
import { evaluate, type Around } from "./evaluate.ts";
import type { AggregateName, Column, Expression } from "./query.ts";
import { compare, numberIn, type Value } from "./value.ts";

type AggregateExpression = Extract<Expression, { readonly kind: "aggregate" }>;

export class Aggregate {
  readonly #name: AggregateName;
  readonly #of: Expression | undefined;
  #count = 0;
  #sum = 0;
  #extreme: Value = null;

  constructor({ name, of }: AggregateExpression) {
    this.#name = name;
    this.#of = of;
  }

  add(around: Around): void {
    if (this.#of === undefined) {
      this.#count++;
      return;
    }
    const value = evaluate(this.#of, around);
    if (value === null || value === undefined) return;
    this.#count++;
    this.#sum += numberIn(value) ?? 0;
    if (this.#extreme === null || this.#isBeyond(value)) this.#extreme = numberIn(value) ?? value;
  }

  #isBeyond(value: Value): boolean {
    const order = compare(value, this.#extreme) ?? 0;
    return this.#name === "MIN" ? order < 0 : order > 0;
  }

  get value(): Value {
    switch (this.#name) {
      case "COUNT":
        return this.#count;
      case "SUM":
        return this.#count === 0 ? null : this.#sum;
      case "AVG":
        return this.#count === 0 ? null : this.#sum / this.#count;
      case "MIN":
      case "MAX":
        return this.#extreme;
    }
  }
}

/** Those of a query that has nothing else. */
export const aggregatesOf = (columns: readonly Column[]): readonly Aggregate[] =>
  columns.flatMap(({ expression }) => (expression.kind === "aggregate" ? [new Aggregate(expression)] : []));
