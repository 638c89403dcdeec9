/** The rows of policies of an account for all its groups. */
import type { PolicyType } from "@aws-sdk/client-cloudwatch-logs";
import { table, type Transaction } from "../../kernel/table.ts";
import type { LogGroup } from "./group-row.ts";
import type { Subscription } from "./subscription/filter-row.ts";

export interface AccountPolicy {
  readonly type: PolicyType;
  readonly name: string;
  readonly document: string;
  readonly criteria?: string;
  readonly atMs: number;
  /** Of a subscription: what it says, and the groups that it leaves out. */
  readonly subscription?: Omit<Subscription, "group">;
  readonly leftOut: readonly string[];
}

export const accountPolicies = table<AccountPolicy>("cloudwatch-logs.account-policy", "region", ({ type, name }) => [
  type,
  name,
]);

/** The subscription that the account has for a group, as for all others. */
export async function accountSubscription(group: LogGroup, tx: Transaction): Promise<Subscription | undefined> {
  const [policy] = await tx.scan(accountPolicies, { prefix: ["SUBSCRIPTION_FILTER_POLICY"], limit: 1 });
  if (policy?.subscription === undefined || policy.leftOut.includes(group.name)) return undefined;
  return { ...policy.subscription, group: group.id };
}
