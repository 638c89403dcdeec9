/** The policies of one type at each level of an organization's tree. */
import type { PolicyType } from "@aws-sdk/client-organizations";
import type { PolicyLevel } from "../../../identity/directory.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Organization } from "../organization/row.ts";
import { policiesOn, policyArn } from "./row.ts";

export interface WantedLevels {
  /** The ids of roots, units and accounts. */
  readonly levels: readonly string[];
  readonly type: PolicyType;
}

export function policyLevels(
  organization: Organization,
  { levels, type }: WantedLevels,
  tx: Transaction,
): Promise<readonly PolicyLevel[]> {
  return Promise.all(
    levels.map(async (level) => {
      const policies = await policiesOn(organization, { targetId: level, type }, tx);
      const named = policies.map((policy) => ({ name: policyArn(organization, policy), document: policy.content }));
      return { level, policies: named };
    }),
  );
}
