/** The rows of policies of an account for all its groups. */
import type { PolicyType } from "@aws-sdk/client-cloudwatch-logs";
import { table, type Transaction } from "../../kernel/table.ts";
import { ACCOUNT_POLICIES_MAX } from "./limits.ts";
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
  /** Of the names of the groups that it is for; it is for all where there are none. */
  readonly prefixes?: readonly string[];
}

/** Whether the policy is for a group of that name. */
const isFor = ({ leftOut, prefixes }: AccountPolicy, name: string): boolean =>
  !leftOut.includes(name) && (prefixes === undefined || prefixes.some((prefix) => name.startsWith(prefix)));

/** The policy of that type that the account has for a group. */
export async function accountPolicyFor(
  type: PolicyType,
  group: Pick<LogGroup, "name">,
  tx: Transaction,
): Promise<AccountPolicy | undefined> {
  const found = await tx.scan(accountPolicies, { prefix: [type], limit: ACCOUNT_POLICIES_MAX });
  return found.find((policy) => isFor(policy, group.name));
}

/** The transformer that the account has for a group. */
export async function accountTransformer(group: LogGroup, tx: Transaction) {
  const policy = await accountPolicyFor("TRANSFORMER_POLICY", group, tx);
  return policy && { config: policy.document, createdAtMs: policy.atMs };
}

export const accountPolicies = table<AccountPolicy>("cloudwatch-logs.account-policy", "region", ({ type, name }) => [
  type,
  name,
]);

/** The subscription that the account has for a group, as for all others. */
export async function accountSubscription(group: LogGroup, tx: Transaction): Promise<Subscription | undefined> {
  const policy = await accountPolicyFor("SUBSCRIPTION_FILTER_POLICY", group, tx);
  if (policy?.subscription === undefined) return undefined;
  return { ...policy.subscription, group: group.id };
}
