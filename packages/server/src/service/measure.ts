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

/** One value of a metric, now. */
export interface Measure extends MeasuredMetric {
  readonly value: number;
}

/** All values of a metric within one minute, as far as they were not handed on before. */
export interface MeasuredMinute extends MeasuredMetric {
  /** When the minute began; virtual epoch milliseconds. */
  readonly atMs: number;
  readonly values: Distribution;
}

/** A metric of a service, as CloudWatch is asked for it. */
export type AskedMetric = Pick<MeasuredMetric, "namespace" | "name" | "dimensions">;

/** What a service can say of itself whenever somebody looks, such as how long a queue is; `undefined`: nothing. */
export type Gauge = (
  metric: AskedMetric,
  context: Context,
) => Promise<{ readonly value: number; readonly unit: MeasureUnit } | undefined>;
