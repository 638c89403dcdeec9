/** How many messages a queue holds, and in which state. */
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { firstOf } from "../message/group.ts";
import { IN_FLIGHT_MAX } from "../limits.ts";
import { countsOf } from "../message/count.ts";
import { lineOf, type Place } from "../message/row.ts";
import { homeOf, isFifo, type Queue } from "./row.ts";

export interface Length {
  readonly visible: number;
  readonly inFlight: number;
  readonly delayed: number;
}

export async function lengthOf(queue: Queue, context: Context): Promise<Length> {
  const { messages } = await countsOf(queue, homeOf(queue, context.tx));
  const { inFlight, delayed } = await absentOf(queue, context);
  return { visible: Math.max(0, messages - inFlight - delayed), inFlight, delayed };
}

export const inFlightOf = async (queue: Queue, context: Context): Promise<number> =>
  (await absentOf(queue, context)).inFlight;

/**
 * Whether a queue says so when no more of its messages may be in flight: who waits for some hears of nothing, nor does who
 * asks a FIFO queue.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html (in-flight messages)
 */
export const tellsOfCrowd = (queue: Pick<Queue, "name">, { waits }: { readonly waits: boolean }): boolean =>
  !waits && !isFifo(queue);

/** More than that are never in flight, and those that wait for the end of a delay are few. */
const ABSENT_MAX = 2 * IN_FLIGHT_MAX;

/** Of a FIFO queue: the groups that wait for what was received of them. */
export const groupsInFlightOf = async (queue: Queue, context: Context): Promise<number> =>
  (await absentOf(queue, context)).groupsInFlight;

interface Absent extends Omit<Length, "visible"> {
  readonly groupsInFlight: number;
}

/** Of messages that cannot be received yet, or not again. */
export const absentPlaces = (queue: Queue, context: Context): Promise<readonly Place[]> =>
  homeOf(queue, context.tx).scan(lineOf(queue), { from: [context.now().getTime() + 1], limit: ABSENT_MAX });

async function absentOf(queue: Queue, context: Context): Promise<Absent> {
  const places = await absentPlaces(queue, context);
  if (isFifo(queue))
    return absentInGroups(queue, places, { tx: homeOf(queue, context.tx), nowMs: context.now().getTime() });
  const delayed = places.filter(({ isNew }) => isNew).length;
  return { inFlight: places.length - delayed, delayed, groupsInFlight: 0 };
}

/**
 * Differs: of a group whose messages are delayed, those behind the tenth count as visible; of a group whose first message
 * came back early, those that are still held.
 */
async function absentInGroups(
  queue: Queue,
  places: readonly Place[],
  { tx, nowMs }: { readonly tx: Transaction; readonly nowMs: number },
): Promise<Absent> {
  const absent = { inFlight: 0, delayed: 0, groupsInFlight: 0 };
  for (const { of: group } of places) {
    const before = absent.inFlight;
    for (const { dueMs, isHeld } of await firstOf(queue, group, tx)) {
      if (dueMs <= nowMs) continue;
      if (isHeld) absent.inFlight++;
      else absent.delayed++;
    }
    if (absent.inFlight > before) absent.groupsInFlight++;
  }
  return absent;
}
