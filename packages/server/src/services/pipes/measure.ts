/**
 * What CloudWatch is told of pipes.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-monitoring.html
 */
import type { Context } from "../../service/context.ts";
import type { Pipe } from "./pipe-row.ts";

type Metric = "Invocations" | "EventCount" | "ExecutionFailed" | "ExecutionPartiallyFailed";

export function measure(name: Metric, value: number, { pipe, context }: { pipe: Pipe; context: Context }): void {
  const dimensions = { AwsAccountId: pipe.account, PipeName: pipe.name };
  context.measure({ namespace: "AWS/EventBridge/Pipes", name, dimensions, unit: "Count", value });
}
