/**
 * What CloudWatch is told of queues.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
import type { Context } from "../../service/context.ts";
import type { MeasureUnit } from "../../service/measure.ts";
import type { Queue } from "./queue/row.ts";

type Counted =
  | "NumberOfMessagesSent"
  | "NumberOfMessagesReceived"
  | "NumberOfMessagesDeleted"
  | "NumberOfEmptyReceives"
  | "NumberOfDeduplicatedSentMessages";

function measure(queue: Queue, measured: { name: string; value: number; unit: MeasureUnit }, context: Context): void {
  context.measure({ namespace: "AWS/SQS", dimensions: { QueueName: queue.name }, ...measured }, queue);
}

export const measureCount = (queue: Queue, name: Counted, value: number, context: Context): void =>
  measure(queue, { name, value, unit: "Count" }, context);

export function measureSent(queue: Queue, bytes: number, context: Context): void {
  measureCount(queue, "NumberOfMessagesSent", 1, context);
  measure(queue, { name: "SentMessageSize", value: bytes, unit: "Bytes" }, context);
}
