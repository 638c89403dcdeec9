/** Which member accounts administer which services for the organization. */
import type { AccountId } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Organization } from "./organization-row.ts";

export interface Delegation {
  readonly organizationId: string;
  readonly account: AccountId;
  /** `config.amazonaws.com`. */
  readonly service: string;
  readonly enabledAtMs: number;
}

export const delegations = table<Delegation>(
  "organizations.delegation",
  "global",
  ({ organizationId, account, service }) => [organizationId, account, service],
);

export async function isDelegate({ id }: Pick<Organization, "id">, account: string, tx: Transaction): Promise<boolean> {
  const [found] = await tx.scan(delegations, { prefix: [id, account], limit: 1 });
  return found !== undefined;
}
