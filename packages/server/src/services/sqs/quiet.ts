/**
 * The tenants of a standard queue that are noisy, and what the queue holds of the others.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
import type { Context } from "../../service/context.ts";
import { messages, type Message, type Place } from "./message-row.ts";
import { absentPlaces, lengthOf, type Length } from "./queue-length.ts";
import { homeOf, isFifo, type Queue } from "./queue-row.ts";
import { hasTenants, waitingOf } from "./tenant.ts";

/** So many in flight are noise where they are more than that share of all that are. */
const NOISY_MESSAGES_MIN = 30;
const NOISY_SHARE = 0.1;

export interface Quiet extends Length {
  readonly noisyGroups: number;
}

/** Differs: the share of processing time is not measured. */
async function noisyIn(queue: Queue, context: Context): Promise<Noisy> {
  const absent = await absentPlaces(queue, context);
  const inFlight = absent.filter(({ isNew }) => !isNew);
  const held = Map.groupBy(inFlight, ({ group }) => group);
  const groups = [...held].flatMap(([group, { length }]) =>
    group !== undefined && length >= NOISY_MESSAGES_MIN && length > inFlight.length * NOISY_SHARE ? [group] : [],
  );
  return { groups: new Set(groups), absent };
}

interface Noisy {
  readonly groups: ReadonlySet<string>;
  readonly absent: readonly Place[];
}

/** `undefined`: no message of the queue has a tenant. */
export async function quietOf(queue: Queue, context: Context): Promise<Quiet | undefined> {
  if (!(await isFair(queue, context))) return undefined;
  const { visible, inFlight, delayed } = await lengthOf(queue, context);
  const { groups, absent } = await noisyIn(queue, context);
  const noise = absent.filter(({ group }) => group !== undefined && groups.has(group));
  const noisyDelayed = noise.filter(({ isNew }) => isNew).length;
  let waiting = 0;
  for (const group of groups) waiting += await waitingOf({ queue: queue.id, group }, lookingAt(queue, context));
  return {
    noisyGroups: groups.size,
    visible: Math.max(0, visible - waiting),
    inFlight: inFlight - (noise.length - noisyDelayed),
    delayed: delayed - noisyDelayed,
  };
}

const lookingAt = (queue: Queue, context: Context) => ({
  tx: homeOf(queue, context.tx),
  nowMs: context.now().getTime(),
});

const isFair = async (queue: Queue, { tx }: Context): Promise<boolean> =>
  !isFifo(queue) && (await hasTenants(queue, homeOf(queue, tx)));

const LOOKED_AT_ONCE = 1000;

/** The oldest message that is of no noisy tenant. */
export async function oldestQuiet(queue: Queue, context: Context): Promise<Message | "none" | undefined> {
  if (!(await isFair(queue, context))) return undefined;
  const { groups } = await noisyIn(queue, context);
  const { tx } = lookingAt(queue, context);
  for (let after: Message | undefined; ;) {
    const range = { prefix: [queue.id], after: after && messages.keyOf(after), limit: LOOKED_AT_ONCE };
    const some = await tx.scan(messages, range);
    const found = some.find(({ group }) => group === undefined || !groups.has(group));
    if (found !== undefined || some.length < LOOKED_AT_ONCE) return found ?? "none";
    after = some.at(-1);
  }
}
