/** The policies of a user: in line, attached, and its permissions boundary. */
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { boundaryNotFound } from "../errors.ts";
import { operation, type IamAction } from "../kit.ts";
import { attach, countBoundary, detach, listAttached } from "../policy/attachment.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../policy/inline.ts";
import { requireAttachable, requireBoundary } from "../policy/managed.ts";
import { findUser, onUser, requireUser, users } from "./user.ts";

export const putUserPolicy = operation("PutUserPolicy", {
  authorize: ({ UserName }, context) => onBounded("PutUserPolicy", UserName, context),

  async handle({ UserName, ...policy }, { tx }) {
    await putInlinePolicy(tx, await requireUser(UserName, tx), policy);
    return {};
  },
});

export const getUserPolicy = operation("GetUserPolicy", {
  authorize: ({ UserName }, context) => onUser("GetUserPolicy", UserName, context),

  async handle({ UserName, PolicyName }, { tx }) {
    const user = await requireUser(UserName, tx);
    return { UserName: user.name, ...(await getInlinePolicy(tx, user, PolicyName)) };
  },
});

export const deleteUserPolicy = operation("DeleteUserPolicy", {
  authorize: ({ UserName }, context) => onBounded("DeleteUserPolicy", UserName, context),

  async handle({ UserName, PolicyName }, { tx }) {
    await deleteInlinePolicy(tx, await requireUser(UserName, tx), PolicyName);
    return {};
  },
});

export const listUserPolicies = operation("ListUserPolicies", {
  authorize: ({ UserName }, context) => onUser("ListUserPolicies", UserName, context),

  handle: async ({ UserName, ...paging }, { tx }) => listInlinePolicies(tx, await requireUser(UserName, tx), paging),
});

export const attachUserPolicy = operation("AttachUserPolicy", {
  authorize: ({ UserName, PolicyArn }, context) => onBounded("AttachUserPolicy", UserName, context, PolicyArn),

  async handle({ UserName, PolicyArn }, context) {
    const user = await requireUser(UserName, context.tx);
    await attach(context.tx, user, await requireAttachable(PolicyArn, context));
    return {};
  },
});

export const detachUserPolicy = operation("DetachUserPolicy", {
  authorize: ({ UserName, PolicyArn }, context) => onBounded("DetachUserPolicy", UserName, context, PolicyArn),

  async handle({ UserName, PolicyArn }, { tx }) {
    await detach(tx, await requireUser(UserName, tx), PolicyArn);
    return {};
  },
});

export const listAttachedUserPolicies = operation("ListAttachedUserPolicies", {
  authorize: ({ UserName }, context) => onUser("ListAttachedUserPolicies", UserName, context),

  handle: async ({ UserName, ...rest }, { tx }) => listAttached(tx, await requireUser(UserName, tx), rest),
});

export const putUserPermissionsBoundary = operation("PutUserPermissionsBoundary", {
  /** The key has the boundary that is asked for, so that a policy can demand one. */
  authorize: ({ UserName, PermissionsBoundary }, context) =>
    onUser("PutUserPermissionsBoundary", UserName, context, {
      keys: { "iam:PermissionsBoundary": PermissionsBoundary },
    }),

  async handle({ UserName, PermissionsBoundary }, context) {
    const { tx } = context;
    const user = await requireUser(UserName, tx);
    await requireBoundary(PermissionsBoundary, context);
    await countBoundary(tx, { before: user.boundary, after: PermissionsBoundary });
    tx.put(users, { ...user, boundary: PermissionsBoundary });
    return {};
  },
});

export const deleteUserPermissionsBoundary = operation("DeleteUserPermissionsBoundary", {
  authorize: ({ UserName }, context) => onBounded("DeleteUserPermissionsBoundary", UserName, context),

  async handle({ UserName }, { tx }) {
    const user = await requireUser(UserName, tx);
    if (user.boundary === undefined) throw boundaryNotFound(user);
    await countBoundary(tx, { before: user.boundary, after: undefined });
    tx.put(users, { ...user, boundary: undefined });
    return {};
  },
});

/** A question that knows of the boundary that the user has. */
async function onBounded(action: IamAction, name: string, context: Context, policyArn?: string): Promise<Access> {
  const user = await findUser(name, context.tx);
  return onUser(action, name, context, {
    keys: { "iam:PermissionsBoundary": user?.boundary, "iam:PolicyARN": policyArn },
  });
}
