/** Organizational units. */
import type { OrganizationalUnit } from "@aws-sdk/client-organizations";
import type { Transaction } from "../../../kernel/table.ts";
import { ask, askNew, requireDelegated, requireManagement } from "../caller.ts";
import { duplicateUnit, parentNotFound, tooManyUnits, unitNotEmpty, unitTooDeep } from "../errors.ts";
import { newUnitId } from "../id.ts";
import { operation } from "../kit.ts";
import { UNIT_DEPTH_MAX, UNITS_MAX } from "../limits.ts";
import { restamp, type Organization } from "../organization/row.ts";
import { list } from "../paging.ts";
import { attachAwsPolicies, dropAttachments } from "../policy/row.ts";
import { putTags, requestTags, withTags } from "../tag/row.ts";
import {
  children,
  findUnit,
  isParent,
  pathOf,
  requireUnit,
  rootArn,
  unitArn,
  units,
  unitsDownTo,
  type Unit,
} from "./row.ts";

export const createOrganizationalUnit = operation("CreateOrganizationalUnit", {
  authorize: ({ ParentId, Tags }, context) =>
    askNew("CreateOrganizationalUnit", context, {
      on: (organization) => parentArn(organization, ParentId),
      requestTags: requestTags(Tags),
    }),

  async handle({ ParentId: parentId, Name: name, Tags }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    if (!(await isParent(organization, parentId, tx))) throw parentNotFound();
    await requireFreeName(organization, { parentId, name }, tx);
    const above = await unitsDownTo(organization, parentId, tx);
    if (above.length >= UNIT_DEPTH_MAX) throw unitTooDeep();
    if ((await tx.scan(units, { prefix: [organization.id], limit: UNITS_MAX })).length >= UNITS_MAX) {
      throw tooManyUnits();
    }
    const unit: Unit = {
      organizationId: organization.id,
      id: newUnitId(context, organization.rootId),
      name,
      parentId,
    };
    putTags(organization, unit.id, withTags({}, Tags), tx);
    tx.put(units, unit);
    tx.put(children, { organizationId: organization.id, parentId, type: "ORGANIZATIONAL_UNIT", id: unit.id });
    attachAwsPolicies(organization, unit.id, tx);
    return { OrganizationalUnit: await formatUnit(organization, unit, tx) };
  },
});

export const describeOrganizationalUnit = operation("DescribeOrganizationalUnit", {
  authorize: ({ OrganizationalUnitId: id }, context) =>
    ask("DescribeOrganizationalUnit", context, { on: (organization) => unitArn(organization, id) }),

  async handle({ OrganizationalUnitId }, context) {
    const organization = await requireDelegated("DescribeOrganizationalUnit", context);
    const unit = await requireUnit(organization, OrganizationalUnitId, context.tx);
    return { OrganizationalUnit: await formatUnit(organization, unit, context.tx) };
  },
});

export const updateOrganizationalUnit = operation("UpdateOrganizationalUnit", {
  authorize: ({ OrganizationalUnitId: id }, context) =>
    ask("UpdateOrganizationalUnit", context, { on: (organization) => unitArn(organization, id) }),

  async handle({ OrganizationalUnitId, Name }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    const unit = await requireUnit(organization, OrganizationalUnitId, tx);
    const changed = { ...unit, name: Name ?? unit.name };
    if (Name !== undefined) await requireFreeName(organization, changed, tx);
    tx.put(units, changed);
    return { OrganizationalUnit: await formatUnit(organization, changed, tx) };
  },
});

export const deleteOrganizationalUnit = operation("DeleteOrganizationalUnit", {
  authorize: ({ OrganizationalUnitId: id }, context) =>
    ask("DeleteOrganizationalUnit", context, { on: (organization) => unitArn(organization, id) }),

  async handle({ OrganizationalUnitId }, context) {
    const { tx } = context;
    const organization = await requireManagement(context);
    const { id, parentId } = await requireUnit(organization, OrganizationalUnitId, tx);
    const [child] = await tx.scan(children, { prefix: [organization.id, id], limit: 1 });
    if (child) throw unitNotEmpty();
    tx.delete(units, organization.id, id);
    tx.delete(children, organization.id, parentId, "ORGANIZATIONAL_UNIT", id);
    putTags(organization, id, {}, tx);
    await dropAttachments(organization, id, tx);
    await restamp(organization.id, context);
    return {};
  },
});

export const listOrganizationalUnitsForParent = operation("ListOrganizationalUnitsForParent", {
  authorize: ({ ParentId }, context) =>
    ask("ListOrganizationalUnitsForParent", context, { on: (organization) => parentArn(organization, ParentId) }),

  async handle({ ParentId, ...paging }, context) {
    const { tx } = context;
    const organization = await requireDelegated("ListOrganizationalUnitsForParent", context);
    if (!(await isParent(organization, ParentId, tx))) throw parentNotFound();
    const { rows, rest } = await list(tx, children, [organization.id, ParentId, "ORGANIZATIONAL_UNIT"], paging);
    const found = await Promise.all(rows.map(({ id }) => requireUnit(organization, id, tx)));
    const OrganizationalUnits = await Promise.all(found.map((unit) => formatUnit(organization, unit, tx)));
    return { OrganizationalUnits, ...rest };
  },
});

/** The ARN of a root or unit, which need not be there. */
export const parentArn = (organization: Organization, id: string) =>
  id.startsWith("r-") ? rootArn({ ...organization, rootId: id }) : unitArn(organization, id);

/** @throws {AwsError} `DuplicateOrganizationalUnitException`: names differ inside a parent. */
async function requireFreeName(
  organization: Organization,
  { parentId, name }: Pick<Unit, "parentId" | "name">,
  tx: Transaction,
): Promise<void> {
  const prefix = [organization.id, parentId, "ORGANIZATIONAL_UNIT"];
  for (const { id } of await tx.scan(children, { prefix, limit: UNITS_MAX })) {
    if ((await findUnit(organization, id, tx))?.name === name) throw duplicateUnit();
  }
}

const formatUnit = async (organization: Organization, unit: Unit, tx: Transaction): Promise<OrganizationalUnit> => ({
  Id: unit.id,
  Arn: unitArn(organization, unit.id),
  Name: unit.name,
  Path: pathOf(organization, [...(await unitsDownTo(organization, unit.parentId, tx)), unit]),
});
