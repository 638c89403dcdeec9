/** Schedule groups: made, found, listed and deleted with all that is in them. */
import { page } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import { onAll, onGroup } from "./access.ts";
import { defaultGroupKept, groupExists, groupQuota, tokenInvalid } from "./errors.ts";
import { DEFAULT_GROUP, findGroup, groups, requireActiveGroup, requireGroup, type Group } from "./group-row.ts";
import { groupArn, operation } from "./kit.ts";
import { DELETED_AT_ONCE, GROUPS_MAX, ROWS_PER_PAGE_MAX } from "./limits.ts";
import { deleteSome } from "./schedule-row.ts";
import { tagsOf } from "./tag.ts";

export const createScheduleGroup = operation("CreateScheduleGroup", {
  authorize: ({ Name, Tags }, context) =>
    onGroup("CreateScheduleGroup", Name, context, { requestTags: tagsOf({}, Tags ?? []) }),

  async handle({ Name: name, Tags, ClientToken: clientToken }, context) {
    const { tx } = context;
    const there = await findGroup(name, context);
    if (there !== undefined) {
      if (clientToken === undefined || there.clientToken !== clientToken) throw groupExists(name);
      return { ScheduleGroupArn: groupArn(context, name) };
    }
    const others = await tx.scan(groups, { limit: GROUPS_MAX });
    if (others.length === GROUPS_MAX) throw groupQuota();
    const nowMs = context.now().getTime();
    const group: Group = {
      name,
      state: "ACTIVE",
      createdAtMs: nowMs,
      changedAtMs: nowMs,
      tags: tagsOf({}, Tags ?? []),
      ...(clientToken !== undefined && { clientToken }),
    };
    tx.put(groups, group);
    return { ScheduleGroupArn: groupArn(context, name) };
  },
});

const shown = ({ name, state, createdAtMs, changedAtMs }: Group, context: Context) => ({
  Arn: groupArn(context, name),
  Name: name,
  State: state,
  CreationDate: new Date(createdAtMs),
  LastModificationDate: new Date(changedAtMs),
});

export const getScheduleGroup = operation("GetScheduleGroup", {
  authorize: ({ Name }, context) => onGroup("GetScheduleGroup", Name, context),

  async handle({ Name: name }, context) {
    return shown(await requireGroup(name, context), context);
  },
});

export const listScheduleGroups = operation("ListScheduleGroups", {
  authorize: () => onAll("ListScheduleGroups"),

  async handle({ NamePrefix: startsWith, NextToken: token, MaxResults: limit }, context) {
    await placeDefaultGroup(context);
    const max = ROWS_PER_PAGE_MAX;
    const found = await page(context.tx, groups, { startsWith, token, limit, max, invalidToken: tokenInvalid });
    return { ScheduleGroups: found.rows.map((group) => shown(group, context)), NextToken: found.next };
  },
});

/** Listed among the others, it has to be a row like them. */
async function placeDefaultGroup(context: Context): Promise<void> {
  const there = await context.tx.get(groups, DEFAULT_GROUP);
  if (there === undefined) context.tx.put(groups, await requireGroup(DEFAULT_GROUP, context));
}

export const deleteScheduleGroup = operation("DeleteScheduleGroup", {
  authorize: ({ Name }, context) => onGroup("DeleteScheduleGroup", Name, context),

  async handle({ Name: name }, context) {
    if (name === DEFAULT_GROUP) throw defaultGroupKept();
    const group = await requireActiveGroup(name, context);
    context.tx.put(groups, { ...group, state: "DELETING", changedAtMs: context.now().getTime() });
    await emptyGroup(context, name);
    return {};
  },
});

/** The job: takes some of a group's schedules away, and the group with the last of them. */
export async function emptyGroup(context: Context, name: string): Promise<void> {
  const count = await deleteSome(name, DELETED_AT_ONCE, context);
  if (count < DELETED_AT_ONCE) context.tx.delete(groups, name);
  else context.at(0, "emptyGroup", name);
}
