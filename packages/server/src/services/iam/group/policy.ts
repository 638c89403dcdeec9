/** The policies of a group: in line and attached. */
import { operation } from "../kit.ts";
import { attach, detach, listAttached } from "../policy/attachment.ts";
import { deleteInlinePolicy, getInlinePolicy, listInlinePolicies, putInlinePolicy } from "../policy/inline.ts";
import { requireAttachable } from "../policy/managed.ts";
import { onGroup, requireGroup } from "./group.ts";

export const putGroupPolicy = operation("PutGroupPolicy", {
  authorize: ({ GroupName }, context) => onGroup("PutGroupPolicy", GroupName, context),

  async handle({ GroupName, ...policy }, { tx }) {
    await putInlinePolicy(tx, await requireGroup(GroupName, tx), policy);
    return {};
  },
});

export const getGroupPolicy = operation("GetGroupPolicy", {
  authorize: ({ GroupName }, context) => onGroup("GetGroupPolicy", GroupName, context),

  async handle({ GroupName, PolicyName }, { tx }) {
    const group = await requireGroup(GroupName, tx);
    return { GroupName: group.name, ...(await getInlinePolicy(tx, group, PolicyName)) };
  },
});

export const deleteGroupPolicy = operation("DeleteGroupPolicy", {
  authorize: ({ GroupName }, context) => onGroup("DeleteGroupPolicy", GroupName, context),

  async handle({ GroupName, PolicyName }, { tx }) {
    await deleteInlinePolicy(tx, await requireGroup(GroupName, tx), PolicyName);
    return {};
  },
});

export const listGroupPolicies = operation("ListGroupPolicies", {
  authorize: ({ GroupName }, context) => onGroup("ListGroupPolicies", GroupName, context),

  handle: async ({ GroupName, ...paging }, { tx }) => listInlinePolicies(tx, await requireGroup(GroupName, tx), paging),
});

export const attachGroupPolicy = operation("AttachGroupPolicy", {
  authorize: ({ GroupName, PolicyArn }, context) =>
    onGroup("AttachGroupPolicy", GroupName, context, { keys: { "iam:PolicyARN": PolicyArn } }),

  async handle({ GroupName, PolicyArn }, context) {
    const group = await requireGroup(GroupName, context.tx);
    await attach(context.tx, group, await requireAttachable(PolicyArn, context));
    return {};
  },
});

export const detachGroupPolicy = operation("DetachGroupPolicy", {
  authorize: ({ GroupName, PolicyArn }, context) =>
    onGroup("DetachGroupPolicy", GroupName, context, { keys: { "iam:PolicyARN": PolicyArn } }),

  async handle({ GroupName, PolicyArn }, { tx }) {
    await detach(tx, await requireGroup(GroupName, tx), PolicyArn);
    return {};
  },
});

export const listAttachedGroupPolicies = operation("ListAttachedGroupPolicies", {
  authorize: ({ GroupName }, context) => onGroup("ListAttachedGroupPolicies", GroupName, context),

  handle: async ({ GroupName, ...rest }, { tx }) => listAttached(tx, await requireGroup(GroupName, tx), rest),
});
