/** Invocations that nobody waits for, until they have succeeded or were given up. */
import { table, type Transaction } from "../../../kernel/table.ts";

export interface QueuedEvent {
  /** The id of the request that queued it: every attempt has it. */
  readonly id: string;
  /** With the qualifier that it was asked for with. */
  readonly functionArn: string;
  /** Sealed. */
  readonly payload: string;
  readonly clientContext?: string;
  readonly traceId: string;
  readonly queuedAtMs: number;
  /** Failures of the function; throttles do not count. */
  readonly failures: number;
  readonly throttles: number;
}

export const queuedEvents = table<QueuedEvent>("lambda.event", "region", ({ id }) => [id]);

/** An event that found no room. */
interface WaitingEvent extends Pick<QueuedEvent, "id" | "queuedAtMs"> {
  readonly functionName: string;
}

/** In the order in which they came. */
export const waitingEvents = table<WaitingEvent>(
  "lambda.waiting-event",
  "region",
  ({ functionName, queuedAtMs, id }) => [functionName, queuedAtMs, id],
);

const STALE_MAX = 10;

/** The event of a function that has waited longest. */
export async function longestWaiting(functionName: string, tx: Transaction): Promise<string | undefined> {
  for (const row of await tx.scan(waitingEvents, { prefix: [functionName], limit: STALE_MAX })) {
    if ((await tx.get(queuedEvents, row.id)) !== undefined) return row.id;
    tx.delete(waitingEvents, ...waitingEvents.keyOf(row));
  }
  return undefined;
}
