/** The texts that a managed policy has had; its operations are in `version.ts`. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { QUOTAS } from "../limits.ts";
import type { PolicyFacts } from "./managed.ts";

export interface PolicyVersion {
  readonly policyId: string;
  /** 3 stands for `v3`. */
  readonly version: number;
  readonly document: string;
  readonly createdAtMs: number;
}

export const policyVersions = table<PolicyVersion>("iam.policy-version", "account", ({ policyId, version }) => [
  policyId,
  version,
]);

/** All versions of a customer's policy, the newest first. */
export const versionsOf = (tx: Transaction, { id }: Pick<PolicyFacts, "id">): Promise<PolicyVersion[]> =>
  tx.scan(policyVersions, { prefix: [id], limit: QUOTAS.VersionsPerPolicy, reverse: true });
