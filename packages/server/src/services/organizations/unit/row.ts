/** The tree of an organization: its root, its units, and what lies in them. */
import type { ChildType } from "@aws-sdk/client-organizations";
import type { Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { unitNotFound } from "../errors.ts";
import { arnIn } from "../kit.ts";
import type { Organization } from "../organization/row.ts";

export interface Unit {
  readonly organizationId: string;
  /** `ou-ab12-a1b2c3d4`: after the root's letters, letters of its own. */
  readonly id: string;
  readonly name: string;
  readonly parentId: string;
}

export const units = table<Unit>("organizations.unit", "global", ({ organizationId, id }) => [organizationId, id]);

/** What lies directly in a root or unit. */
export interface Child {
  readonly organizationId: string;
  readonly parentId: string;
  readonly type: ChildType;
  readonly id: string;
}

export const children = table<Child>("organizations.child", "global", ({ organizationId, parentId, type, id }) => [
  organizationId,
  parentId,
  type,
  id,
]);

export const findUnit = (organization: Pick<Organization, "id">, id: string, tx: Transaction) =>
  tx.get(units, organization.id, id);

/** @throws {AwsError} `OrganizationalUnitNotFoundException` */
export async function requireUnit(organization: Pick<Organization, "id">, id: string, tx: Transaction): Promise<Unit> {
  const unit = await findUnit(organization, id, tx);
  if (!unit) throw unitNotFound();
  return unit;
}

/** The units from just below the root down to `parentId` itself; none where that is the root. */
export async function unitsDownTo(
  organization: Pick<Organization, "id">,
  parentId: string,
  tx: Transaction,
): Promise<readonly Unit[]> {
  const unit = await findUnit(organization, parentId, tx);
  return unit ? [...(await unitsDownTo(organization, unit.parentId, tx)), unit] : [];
}

/** `o-a1b2c3d4e5/r-ab12/ou-ab12-a1b2c3d4/`, as `aws:PrincipalOrgPaths` has it. */
export const pathOf = ({ id, rootId }: Pick<Organization, "id" | "rootId">, path: readonly Unit[]): string =>
  [id, rootId, ...path.map((unit) => unit.id), ""].join("/");

/** Whether there is a root or unit of that id. */
export const isParent = async (organization: Organization, id: string, tx: Transaction): Promise<boolean> =>
  id === organization.rootId || (await findUnit(organization, id, tx)) !== undefined;

export const unitArn = (organization: Organization, id: string): Arn =>
  arnIn(organization, `ou/${organization.id}/${id}`);

export const rootArn = (organization: Organization): Arn =>
  arnIn(organization, `root/${organization.id}/${organization.rootId}`);
