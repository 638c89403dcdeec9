/** What services count and measure of themselves: CloudWatch's metrics of them. */
import type { Distribution } from "../kernel/distribution.ts";
import type { Context } from "./context.ts";

/** Which metric of CloudWatch: one of a service of AWS's, in a namespace such as `AWS/Lambda`. */
export interface MeasuredMetric {
  readonly namespace: string;
  readonly name: string;
  /** By name: `{ FunctionName: "resize" }`. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly unit: MeasureUnit;
}

type Amount = "Bytes" | "Kilobytes" | "Megabytes" | "Gigabytes" | "Terabytes" | "Bits" | "Kilobits" | "Megabits";
type Quantity = Amount | "Gigabits" | "Terabits" | "Count";

/** CloudWatch's units. */
export type MeasureUnit =
  | Quantity
  | `${Quantity}/Second`
  | "Seconds"
  | "Milliseconds"
  | "Microseconds"
  | "Percent"
  | "None";

/** One value of a metric. */
export interface Measure extends MeasuredMetric {
  readonly value: number;
  /** When it was, in virtual epoch milliseconds: now where left out. */
  readonly atMs?: number;
}

/** All values of a metric within one minute, as far as they were not handed on before. */
export interface MeasuredMinute extends MeasuredMetric {
  /** When the minute began; virtual epoch milliseconds. */
  readonly atMs: number;
  readonly values: Distribution;
}

/** A metric of a service, as CloudWatch is asked for it. */
export type AskedMetric = Pick<MeasuredMetric, "namespace" | "name" | "dimensions">;

/** A metric that a service knows the value of at any time, such as how long a queue is. */
export interface Gauge {
  readonly unit: MeasureUnit;
  /** One value is measured for each such stretch of time, in milliseconds. */
  readonly everyMs: number;
  /** `undefined`: there is nothing to measure. For use outside of transactions: what it reads may be large, and busy. */
  read(): Promise<number | undefined>;
}

/** `undefined`: the metric is none of those. */
export type FindGauge = (metric: AskedMetric, context: Context) => Gauge | undefined;
