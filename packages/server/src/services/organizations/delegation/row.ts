/** Which member accounts administer which services for the organization. */
import type { AccountId } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Organization } from "../organization/row.ts";

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

/** More services than there are. */
const SERVICES_AT_ONCE = 1000;

export const delegationsOf = (
  { id }: Pick<Organization, "id">,
  account: string,
  tx: Transaction,
): Promise<Delegation[]> => tx.scan(delegations, { prefix: [id, account], limit: SERVICES_AT_ONCE });

/** All that is delegated to an account that goes. */
export const dropDelegations = async (
  { id }: Pick<Organization, "id">,
  account: string,
  tx: Transaction,
): Promise<void> => void (await tx.clear(delegations, { prefix: [id, account], limit: SERVICES_AT_ONCE }));

export const isDelegate = async (
  organization: Pick<Organization, "id">,
  account: string,
  tx: Transaction,
): Promise<boolean> => (await delegationsOf(organization, account, tx)).length > 0;
