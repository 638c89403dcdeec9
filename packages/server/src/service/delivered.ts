/** What a service hears of what it sends. */
import type { Arn } from "../kernel/arn.ts";
import type { Context } from "./context.ts";

/** One attempt to deliver something. */
export interface Attempted {
  /** What it is sent for. */
  readonly source: Arn;
  /** Virtual epoch milliseconds. */
  readonly sentAtMs: number;
  /** How often it was tried in vain before. */
  readonly failures: number;
  /** `waiting`: it is tried again. */
  readonly outcome: "arrived" | "waiting" | "given-up";
  /** It is what could not be delivered, for the queue that takes it then. */
  readonly isLetter: boolean;
}

/** In the transaction of the outcome, where it was sent from. */
export type HearDelivered = (attempted: Attempted, context: Context) => void;
