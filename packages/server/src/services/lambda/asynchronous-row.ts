/** Invocations that nobody waits for, until they have succeeded or were given up. */
import { table } from "../../kernel/table.ts";

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
