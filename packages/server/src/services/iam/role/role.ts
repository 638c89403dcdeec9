/**
 * Roles: their rows and names, and the operations that make, show, change and end them.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html
 */
import type { Role as RoleShape } from "@aws-sdk/client-iam";
import { SERVICE_LINKED_PATH } from "../../../kernel/service-linked-role.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { pathOfLinkedRoles, profilesRemain, roleExists } from "../errors.ts";
import { forgetHolder, recordHolder } from "../holder.ts";
import { arn, operation } from "../kit.ts";
import { list } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH } from "../path.ts";
import { countBoundary, requireNoAttachments } from "../policy/attachment.ts";
import { encodeDocument } from "../policy/document.ts";
import { requireNoInlinePolicies } from "../policy/inline.ts";
import { requireBoundary } from "../policy/managed.ts";
import { ANY_CASE, formatTags, requestTags, withTagging, withTags } from "../tag.ts";
import { formatBoundary } from "../user/user.ts";
import { profilesOfRole } from "./instance-profile-row.ts";
import {
  type Role,
  findRole,
  onRole,
  requireOwnRole,
  requireRole,
  requireUnprotected,
  requireUnreserved,
  roles,
} from "./row.ts";
import { readTrust, showTrust } from "./trust.ts";
import { formatLastUse, roleUses } from "./use.ts";

/** Where `MaxSessionDuration` is left out. */
const SESSION_SECONDS_USUAL = 3600;

export const createRole = operation("CreateRole", {
  authorize: ({ RoleName, Path = ROOT_PATH, PermissionsBoundary, Tags }, context) =>
    withTagging("TagRole", {
      action: "iam:CreateRole",
      resource: arnOf(context, "role", { path: Path, name: RoleName }),
      requestTags: requestTags(Tags),
      keys: { "iam:PermissionsBoundary": PermissionsBoundary },
    }),

  async handle({ RoleName: name, Path: path = ROOT_PATH, PermissionsBoundary: boundary, ...rest }, context) {
    const { tx } = context;
    if (path.startsWith(SERVICE_LINKED_PATH)) throw pathOfLinkedRoles();
    requireUnreserved({ name, path }, context);
    const tags = withTags({}, rest.Tags, ANY_CASE);
    const trust = await readTrust(rest.AssumeRolePolicyDocument, context);
    if (boundary !== undefined) await requireBoundary(boundary, context);
    const role = await addRole({ name, path, trust, tags, boundary, description: rest.Description }, context, {
      maxSessionSeconds: rest.MaxSessionDuration ?? SESSION_SECONDS_USUAL,
    });
    await countBoundary(tx, { before: undefined, after: boundary });
    return { Role: { ...(await formatWholeRole(role, tx)), ...asSent(rest.AssumeRolePolicyDocument) } };
  },
});

export const getRole = operation("GetRole", {
  authorize: ({ RoleName }, context) => onRole("GetRole", RoleName, context),

  async handle({ RoleName }, { tx }) {
    const role = await requireRole(RoleName, tx);
    const use = await tx.get(roleUses, role.id);
    const { description: Description, maxSessionSeconds: MaxSessionDuration } = role;
    const shown = { ...(await formatWholeRole(role, tx)), Description, MaxSessionDuration };
    return { Role: { ...shown, RoleLastUsed: formatLastUse(use) } };
  },
});

export const listRoles = operation("ListRoles", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListRoles",
    resource: arn(context, `role${PathPrefix}`),
  }),

  async handle({ PathPrefix = ROOT_PATH, ...paging }, { tx }) {
    const { rows, paging: rest } = await list(tx, roles, paging, {
      where: ({ path }) => path.startsWith(PathPrefix),
    });
    return { Roles: await Promise.all(rows.map((role) => formatRole(role, tx))), ...rest };
  },
});

export const updateRole = operation("UpdateRole", {
  authorize: ({ RoleName }, context) => onRole("UpdateRole", RoleName, context),

  async handle({ RoleName, Description, MaxSessionDuration }, context) {
    const { tx } = context;
    const role = await requireRole(RoleName, tx);
    requireUnreserved(role, context);
    if (MaxSessionDuration !== undefined) requireUnprotected(role);
    tx.put(roles, {
      ...role,
      description: Description ?? role.description,
      maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds,
    });
    return {};
  },
});

export const updateRoleDescription = operation("UpdateRoleDescription", {
  authorize: ({ RoleName }, context) => onRole("UpdateRoleDescription", RoleName, context),

  async handle({ RoleName, Description }, context) {
    const { tx } = context;
    const changed = { ...(await requireRole(RoleName, tx)), description: Description };
    requireUnreserved(changed, context);
    tx.put(roles, changed);
    return { Role: { ...(await formatNamedRole(changed, tx)), Description } };
  },
});

export const updateAssumeRolePolicy = operation("UpdateAssumeRolePolicy", {
  authorize: ({ RoleName }, context) => onRole("UpdateAssumeRolePolicy", RoleName, context),

  async handle({ RoleName, PolicyDocument }, context) {
    const role = await requireOwnRole(RoleName, context);
    context.tx.put(roles, { ...role, trust: await readTrust(PolicyDocument, context) });
    return {};
  },
});

export const deleteRole = operation("DeleteRole", {
  authorize: ({ RoleName }, context) => onRole("DeleteRole", RoleName, context),

  async handle({ RoleName }, context) {
    const { tx } = context;
    const role = await requireOwnRole(RoleName, context);
    if ((await profilesOfRole(tx, role)).length > 0) throw profilesRemain();
    await requireNoAttachments(tx, role);
    await requireNoInlinePolicies(tx, role);
    await dropRole(role, tx);
    return {};
  },
});

/**
 * Makes a role of that name.
 *
 * @throws {AwsError} `EntityAlreadyExists`, `LimitExceeded`
 */
export async function addRole(
  facts: Pick<Role, "name" | "path" | "trust" | "tags" | "boundary" | "description" | "linkedTo">,
  context: Pick<Context, "tx" | "partition" | "account" | "newId" | "now">,
  { maxSessionSeconds }: Pick<Role, "maxSessionSeconds"> = { maxSessionSeconds: SESSION_SECONDS_USUAL },
): Promise<Role> {
  const { tx } = context;
  if (await findRole(facts.name, tx)) throw roleExists(facts.name);
  await countUp(tx, "roles");
  const role: Role = {
    kind: "role",
    id: context.newId("role"),
    arn: arnOf(context, "role", facts),
    createdAtMs: context.now().getTime(),
    maxSessionSeconds,
    ...facts,
  };
  tx.put(roles, role);
  recordHolder(tx, role);
  return role;
}

/** Ends a role that nothing hangs on any more. */
export async function dropRole(role: Role, tx: Transaction): Promise<void> {
  await countBoundary(tx, { before: role.boundary, after: undefined });
  tx.delete(roles, keyOfName(role.name));
  tx.delete(roleUses, role.id);
  forgetHolder(tx, role);
  await countDown(tx, "roles");
}

/** As much of a role as is shown with its instance profiles. Source: the API reference's examples */
export const formatNamedRole = async (role: Role, tx: Transaction): Promise<RoleShape> => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: role.arn,
  CreateDate: new Date(role.createdAtMs),
  AssumeRolePolicyDocument: encodeDocument(await showTrust(role, tx)),
});

/** A role as listings show it. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html */
const formatRole = async (role: Role, tx: Transaction): Promise<RoleShape> => ({
  ...(await formatNamedRole(role, tx)),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
});

/**
 * The trust policy of a role that is being made.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sts/test_sts.snapshot.json (test_assume_role: the account's id stays one)
 */
export const asSent = (trustPolicy: string): Pick<RoleShape, "AssumeRolePolicyDocument"> => ({
  AssumeRolePolicyDocument: encodeDocument(trustPolicy),
});

/** A role with its boundary and tags. */
export const formatWholeRole = async (role: Role, tx: Transaction): Promise<RoleShape> => ({
  ...(await formatNamedRole(role, tx)),
  PermissionsBoundary: formatBoundary(role.boundary),
  Tags: Object.keys(role.tags).length > 0 ? formatTags(role.tags) : undefined,
});
