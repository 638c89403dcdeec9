/**
 * What CloudWatch is told of schedules, by group.
 * Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
 */
import type { Context } from "../../service/context.ts";

type Metric =
  | "InvocationAttemptCount"
  | "TargetErrorCount"
  | "InvocationDroppedCount"
  | "InvocationsSentToDeadLetterCount"
  | "InvocationsSentToDeadLetterCount_Truncated_MessageSizeExceeded";

export function measure(name: Metric, group: string, context: Context): void {
  const dimensions = { ScheduleGroup: group };
  context.measure({ namespace: "AWS/Scheduler", name, dimensions, unit: "Count", value: 1 });
}
