/** The tags of roles. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags_roles.html */
import { operation } from "../kit.ts";
import { ANY_CASE, listTags, requestTags, withoutTags, withTags } from "../tag.ts";
import { onRole, requireRole, roles } from "./row.ts";

export const tagRole = operation("TagRole", {
  authorize: ({ RoleName, Tags }, context) => onRole("TagRole", RoleName, context, { requestTags: requestTags(Tags) }),

  async handle({ RoleName, Tags }, { tx }) {
    const role = await requireRole(RoleName, tx);
    tx.put(roles, { ...role, tags: withTags(role.tags, Tags, ANY_CASE) });
    return {};
  },
});

export const untagRole = operation("UntagRole", {
  authorize: ({ RoleName, TagKeys }, context) => onRole("UntagRole", RoleName, context, { tagKeys: TagKeys }),

  async handle({ RoleName, TagKeys }, { tx }) {
    const role = await requireRole(RoleName, tx);
    tx.put(roles, { ...role, tags: withoutTags(role.tags, TagKeys, ANY_CASE) });
    return {};
  },
});

export const listRoleTags = operation("ListRoleTags", {
  authorize: ({ RoleName }, context) => onRole("ListRoleTags", RoleName, context),

  async handle({ RoleName, ...paging }, { tx }) {
    const { tags } = await requireRole(RoleName, tx);
    return listTags(tags, paging);
  },
});
