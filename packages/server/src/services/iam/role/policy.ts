/** The policies of a role: in line, attached, and its permissions boundary. */
import { boundaryNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { attach, countBoundary, detach, listAttached } from "../policy/attachment.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../policy/inline.ts";
import { requireAttachable, requireBoundary } from "../policy/managed.ts";
import { onRole, requireOwnRole, requireRole, roles } from "./row.ts";

export const putRolePolicy = operation("PutRolePolicy", {
  authorize: ({ RoleName }, context) => onRole("PutRolePolicy", RoleName, context),

  async handle({ RoleName, ...policy }, context) {
    await putInlinePolicy(context.tx, await requireOwnRole(RoleName, context), policy);
    return {};
  },
});

export const getRolePolicy = operation("GetRolePolicy", {
  authorize: ({ RoleName }, context) => onRole("GetRolePolicy", RoleName, context),

  async handle({ RoleName, PolicyName }, { tx }) {
    const role = await requireRole(RoleName, tx);
    return { RoleName: role.name, ...(await getInlinePolicy(tx, role, PolicyName)) };
  },
});

export const deleteRolePolicy = operation("DeleteRolePolicy", {
  authorize: ({ RoleName }, context) => onRole("DeleteRolePolicy", RoleName, context),

  async handle({ RoleName, PolicyName }, context) {
    await deleteInlinePolicy(context.tx, await requireOwnRole(RoleName, context), PolicyName);
    return {};
  },
});

export const listRolePolicies = operation("ListRolePolicies", {
  authorize: ({ RoleName }, context) => onRole("ListRolePolicies", RoleName, context),

  handle: async ({ RoleName, ...paging }, { tx }) => listInlinePolicies(tx, await requireRole(RoleName, tx), paging),
});

export const attachRolePolicy = operation("AttachRolePolicy", {
  authorize: ({ RoleName, PolicyArn }, context) =>
    onRole("AttachRolePolicy", RoleName, context, { keys: { "iam:PolicyARN": PolicyArn } }),

  async handle({ RoleName, PolicyArn }, context) {
    const role = await requireOwnRole(RoleName, context);
    await attach(context.tx, role, await requireAttachable(PolicyArn, context));
    return {};
  },
});

export const detachRolePolicy = operation("DetachRolePolicy", {
  authorize: ({ RoleName, PolicyArn }, context) =>
    onRole("DetachRolePolicy", RoleName, context, { keys: { "iam:PolicyARN": PolicyArn } }),

  async handle({ RoleName, PolicyArn }, context) {
    await detach(context.tx, await requireOwnRole(RoleName, context), PolicyArn);
    return {};
  },
});

export const listAttachedRolePolicies = operation("ListAttachedRolePolicies", {
  authorize: ({ RoleName }, context) => onRole("ListAttachedRolePolicies", RoleName, context),

  handle: async ({ RoleName, ...rest }, { tx }) => listAttached(tx, await requireRole(RoleName, tx), rest),
});

export const putRolePermissionsBoundary = operation("PutRolePermissionsBoundary", {
  /** The key has the boundary that is asked for, so that a policy can demand one. */
  authorize: ({ RoleName, PermissionsBoundary }, context) =>
    onRole("PutRolePermissionsBoundary", RoleName, context, {
      keys: { "iam:PermissionsBoundary": PermissionsBoundary },
    }),

  async handle({ RoleName, PermissionsBoundary }, context) {
    const { tx } = context;
    const role = await requireOwnRole(RoleName, context);
    await requireBoundary(PermissionsBoundary, context);
    await countBoundary(tx, { before: role.boundary, after: PermissionsBoundary });
    tx.put(roles, { ...role, boundary: PermissionsBoundary });
    return {};
  },
});

export const deleteRolePermissionsBoundary = operation("DeleteRolePermissionsBoundary", {
  authorize: ({ RoleName }, context) => onRole("DeleteRolePermissionsBoundary", RoleName, context),

  async handle({ RoleName }, context) {
    const { tx } = context;
    const role = await requireOwnRole(RoleName, context);
    if (role.boundary === undefined) throw boundaryNotFound(role);
    await countBoundary(tx, { before: role.boundary, after: undefined });
    tx.put(roles, { ...role, boundary: undefined });
    return {};
  },
});
