/** A service's work that takes I/O, or long. */
import type { Context, Delivery } from "./context.ts";

/**
 * What an errand may touch: all that a call may. Outside of any transaction: `tx` only reads, each time what is there at
 * that moment, and what `call` has done lasts, whatever becomes of the errand.
 */
export interface ErrandContext extends Context {
  /** Does `work` in a transaction of its own, again where it conflicts with another. */
  transact<Done>(work: (context: Context) => Promise<Done>): Promise<Done>;
  /**
   * Hands something over as `deliver` does, but now, and once. Gives what the receiver answered, where receivers of its
   * kind answer, as API destinations do.
   * @throws {AwsError} why the receiver does not take it
   */
  hand(delivery: Delivery): Promise<string | undefined>;
}

/**
 * What runs when a timer that the service set with `context.at` falls due, where no transaction can stay open for it. At
 * least once: what a crash interrupted begins again, and what it throws is tried again, at last once an
 * hour, until it does not.
 */
export type Errand = (context: ErrandContext, key: string, payload: unknown) => Promise<void>;
