/** What a service takes in from the fabric itself: for its resources that no operation of its model brings anything to. */
import type { Principal } from "../identity/principal.ts";
import type { Arn } from "../kernel/arn.ts";
import type { Delivery } from "./context.ts";
import type { ErrandContext } from "./errand.ts";

/** What is handed over. */
export interface Handed extends Pick<Delivery, "source" | "content" | "trace"> {
  readonly to: Arn;
  /** Whose rights it comes with; whether they are enough is for the receiver to ask. */
  readonly as: Principal;
}

/**
 * Gives what was answered, where it went further and something was.
 * @throws {AwsError} why it is not taken; @throws {OutwardError} where it had to go further and could not.
 */
export type Receiver = (handed: Handed, context: ErrandContext) => Promise<string | undefined>;
