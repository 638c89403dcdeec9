import type { Arn } from "../kernel/arn.ts";
import type { Transaction } from "../kernel/table.ts";

/**
 * A type of resource that a service lets RAM share between accounts. The service asks `context.sharing` for the policy
 * that shares put on such a resource, and for those that others share with an account.
 */
export interface Shareable {
  /** In RAM's words: `ec2:Subnet`. */
  readonly type: string;
  /** Whether there is such a resource. `tx` sees the account and the region that it is in. */
  exists(arn: Arn, tx: Transaction): Promise<boolean>;
}
