/**
 * The tenants of a standard queue that are noisy, and what the queue holds of the others.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues-detailed.html
 */
import type { Context } from "../../../service/context.ts";
import { countsOf } from "../message/count.ts";
import { messages, type Message, type Place } from "../message/row.ts";
import { absentPlaces, type Length } from "../queue/length.ts";
import { homeOf, isFifo, type Queue } from "../queue/row.ts";
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

const isQuiet =
  ({ groups }: Pick<Noisy, "groups">) =>
  ({ group }: Pick<Message, "group">): boolean =>
    group === undefined || !groups.has(group);

/** `undefined`: no message of the queue has a tenant. */
export async function quietOf(queue: Queue, context: Context): Promise<Quiet | undefined> {
  if (!(await isFair(queue, context))) return undefined;
  const noisy = await noisyIn(queue, context);
  const { groups, absent } = noisy;
  const looking = lookingAt(queue, context);
  const { messages: all } = await countsOf(queue, looking.tx);
  let waiting = 0;
  for (const group of groups) waiting += await waitingOf({ queue: queue.id, group }, looking);
  const quiet = absent.filter(isQuiet(noisy));
  const delayed = quiet.filter(({ isNew }) => isNew).length;
  return {
    noisyGroups: groups.size,
    visible: Math.max(0, all - absent.length - waiting),
    inFlight: quiet.length - delayed,
    delayed,
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
  const noisy = await noisyIn(queue, context);
  const tx = homeOf(queue, context.tx);
  for (let after: Message | undefined; ;) {
    const range = { prefix: [queue.id], after: after && messages.keyOf(after), limit: LOOKED_AT_ONCE };
    const some = await tx.scan(messages, range);
    const found = some.find(isQuiet(noisy));
    if (found !== undefined || some.length < LOOKED_AT_ONCE) return found ?? "none";
    after = some.at(-1);
  }
}
