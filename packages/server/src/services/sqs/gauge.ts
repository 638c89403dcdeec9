/**
 * What CloudWatch can be told of a queue whenever somebody looks.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
import { MINUTE_MS, SECOND_MS } from "../../kernel/duration.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Context } from "../../service/context.ts";
import type { FindGauge } from "../../service/measure.ts";
import { messages, type Message } from "./message/row.ts";
import { groupsInFlightOf, lengthOf } from "./queue/length.ts";
import { oldestQuiet, quietOf } from "./tenant/quiet.ts";
import { isFifo, queues, type Queue } from "./queue/row.ts";

type Reading = (queue: Queue, context: Context) => Promise<number | undefined>;

const READINGS: Readonly<Record<string, Reading>> = {
  ApproximateNumberOfMessagesVisible: async (queue, context) => (await lengthOf(queue, context)).visible,
  ApproximateNumberOfMessagesNotVisible: async (queue, context) => (await lengthOf(queue, context)).inFlight,
  ApproximateNumberOfMessagesDelayed: async (queue, context) => (await lengthOf(queue, context)).delayed,
  ApproximateAgeOfOldestMessage: ageOfOldest,
};

/** Of each queue. */
export const GAUGES: readonly string[] = Object.keys(READINGS);

/** Of FIFO queues, and of those whose messages have tenants. */
const MORE_READINGS: Readonly<Record<string, Reading>> = {
  ApproximateNumberOfGroupsWithInflightMessages: async (queue, context) =>
    isFifo(queue) ? groupsInFlightOf(queue, context) : undefined,
  ApproximateNumberOfNoisyGroups: async (queue, context) => (await quietOf(queue, context))?.noisyGroups,
  ApproximateNumberOfMessagesVisibleInQuietGroups: async (queue, context) => (await quietOf(queue, context))?.visible,
  ApproximateNumberOfMessagesNotVisibleInQuietGroups: async (queue, context) =>
    (await quietOf(queue, context))?.inFlight,
  ApproximateNumberOfMessagesDelayedInQuietGroups: async (queue, context) => (await quietOf(queue, context))?.delayed,
  ApproximateAgeOfOldestMessageInQuietGroups: ageOfOldestQuiet,
};

export const gauge: FindGauge = ({ name, dimensions }, context) => {
  const reading = findOwn(READINGS, name) ?? findOwn(MORE_READINGS, name);
  if (reading === undefined || Object.keys(dimensions).length !== 1) return undefined;
  return {
    unit: name.startsWith("ApproximateAge") ? "Seconds" : "Count",
    everyMs: MINUTE_MS,
    async read() {
      const queue = await context.tx.get(queues, dimensions["QueueName"] ?? "");
      return queue && reading(queue, context);
    },
  };
};

async function ageOfOldest({ id }: Queue, context: Context): Promise<number> {
  const [oldest] = await context.tx.scan(messages, { prefix: [id], limit: 1 });
  return oldest === undefined ? 0 : ageOf(oldest, context);
}

async function ageOfOldestQuiet(queue: Queue, context: Context): Promise<number | undefined> {
  const oldest = await oldestQuiet(queue, context);
  return oldest === "none" ? 0 : oldest && ageOf(oldest, context);
}

const ageOf = ({ sentAtMs }: Message, context: Context): number =>
  Math.floor((context.now().getTime() - sentAtMs) / SECOND_MS);
