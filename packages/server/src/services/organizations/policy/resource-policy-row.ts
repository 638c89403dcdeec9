/** The policy by which a management account lets member accounts do parts of its work. */
import { table } from "../../../kernel/table.ts";

export interface ResourcePolicy {
  readonly organizationId: string;
  /** `rp-…`. */
  readonly id: string;
  readonly content: string;
}

export const resourcePolicies = table<ResourcePolicy>("organizations.resource-policy", "global", (row) => [
  row.organizationId,
]);
