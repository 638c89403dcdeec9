/**
 * What CloudWatch can be told of a queue whenever somebody looks.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
import { MINUTE_MS, SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { FindGauge } from "../../service/measure.ts";
import { messages } from "./message-row.ts";
import { groupsInFlightOf, lengthOf } from "./queue-length.ts";
import { isFifo, queues, type Queue } from "./queue-row.ts";

type Reading = (queue: Queue, context: Context) => Promise<number | undefined>;

const READINGS: Readonly<Record<string, Reading>> = {
  ApproximateNumberOfMessagesVisible: async (queue, context) => (await lengthOf(queue, context)).visible,
  ApproximateNumberOfMessagesNotVisible: async (queue, context) => (await lengthOf(queue, context)).inFlight,
  ApproximateNumberOfMessagesDelayed: async (queue, context) => (await lengthOf(queue, context)).delayed,
  ApproximateAgeOfOldestMessage: ageOfOldest,
};

/** Of each queue. */
export const GAUGES: readonly string[] = Object.keys(READINGS);

/** Of FIFO queues besides. */
const OF_GROUPS = "ApproximateNumberOfGroupsWithInflightMessages";

export const gauge: FindGauge = ({ name, dimensions }, context) => {
  const reading = readingOf(name);
  if (reading === undefined || Object.keys(dimensions).length !== 1) return undefined;
  return {
    unit: name === "ApproximateAgeOfOldestMessage" ? "Seconds" : "Count",
    everyMs: MINUTE_MS,
    async read() {
      const queue = await context.tx.get(queues, dimensions["QueueName"] ?? "");
      return queue && reading(queue, context);
    },
  };
};

function readingOf(name: string): Reading | undefined {
  if (name === OF_GROUPS)
    return async (queue, context) => (isFifo(queue) ? groupsInFlightOf(queue, context) : undefined);
  return Object.hasOwn(READINGS, name) ? READINGS[name] : undefined;
}

async function ageOfOldest({ id }: Queue, context: Context): Promise<number> {
  const [oldest] = await context.tx.scan(messages, { prefix: [id], limit: 1 });
  if (oldest === undefined) return 0;
  return Math.floor((context.now().getTime() - oldest.sentAtMs) / SECOND_MS);
}
