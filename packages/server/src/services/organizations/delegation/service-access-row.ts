/** The services that may work across an organization, as rows. */
import type { PolicyType } from "@aws-sdk/client-organizations";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Organization } from "../organization/row.ts";

interface ServiceAccess {
  readonly organizationId: string;
  /** `config.amazonaws.com`. */
  readonly service: string;
  readonly enabledAtMs: number;
}

export const serviceAccesses = table<ServiceAccess>(
  "organizations.service-access",
  "global",
  ({ organizationId, service }) => [organizationId, service],
);

export const hasAccess = async ({ id }: Pick<Organization, "id">, service: string, tx: Transaction): Promise<boolean> =>
  (await tx.get(serviceAccesses, id, service)) !== undefined;

/**
 * The service that has to have access before policies of a type are enabled.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_DisableAWSServiceAccess.html (POLICY_TYPE_ENABLED_FOR_THIS_SERVICE)
 */
export const serviceOfType = (type: PolicyType): string | undefined =>
  type === "SECURITYHUB_POLICY" ? "securityhub.amazonaws.com" : undefined;

/** More services than there are. */
const SERVICES_AT_ONCE = 1000;

export async function trustedServices({ id }: Pick<Organization, "id">, tx: Transaction): Promise<readonly string[]> {
  const rows = await tx.scan(serviceAccesses, { prefix: [id], limit: SERVICES_AT_ONCE });
  return rows.map(({ service }) => service);
}
