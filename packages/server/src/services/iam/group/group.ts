/**
 * Groups: their rows and names, and who is in them.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html
 */
import type { Group as GroupShape } from "@aws-sdk/client-iam";
import type { Arn } from "../../../kernel/arn.ts";
import { assert } from "../../../kernel/assert.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { countDown, countUp } from "../account/count.ts";
import { groupExists, groupNotFound } from "../errors.ts";
import { findHolder, forgetHolder, recordHolder, type Holder } from "../holder.ts";
import { arn, operation, type IamAction } from "../kit.ts";
import { ACCOUNT_QUOTAS } from "../limits.ts";
import { list, listOf } from "../listing.ts";
import { arnOf, keyOfName, ROOT_PATH, type Place } from "../path.ts";
import { requireNoAttachments } from "../policy/attachment.ts";
import { requireNoInlinePolicies } from "../policy/inline.ts";
import { formatUser, onUser, requireUser, type User } from "../user/user.ts";
import { join, leave, members, membershipsOf, requireNoMembers } from "./membership.ts";

export interface Group extends Holder, Place {
  readonly kind: "group";
  readonly createdAtMs: number;
}

export const groups = table<Group>("iam.group", "account", ({ name }) => [keyOfName(name)]);

export const createGroup = operation("CreateGroup", {
  authorize: ({ GroupName, Path = ROOT_PATH }, context) => ({
    action: "iam:CreateGroup",
    resource: groupArn(context, { path: Path, name: GroupName }),
  }),

  async handle({ GroupName, Path = ROOT_PATH }, context) {
    const { tx } = context;
    await requireFreeName(GroupName, tx);
    await countUp(tx, "groups");
    const group: Group = {
      kind: "group",
      id: context.newId("group"),
      name: GroupName,
      path: Path,
      createdAtMs: context.now().getTime(),
    };
    putGroup(tx, group);
    return { Group: formatGroup(group, context) };
  },
});

export const getGroup = operation("GetGroup", {
  authorize: ({ GroupName }, context) => onGroup("GetGroup", GroupName, context),

  async handle({ GroupName, ...paging }, context) {
    const { tx } = context;
    const group = await requireGroup(GroupName, tx);
    const { rows, paging: rest } = await list(tx, members, paging, { prefix: [group.id] });
    const found = await Promise.all(rows.map(({ userName }) => requireUser(userName, tx)));
    return { Group: formatGroup(group, context), Users: found.map((user) => formatUser(user, context)), ...rest };
  },
});

export const listGroups = operation("ListGroups", {
  authorize: ({ PathPrefix = ROOT_PATH }, context) => ({
    action: "iam:ListGroups",
    resource: arn(context, `group${PathPrefix}`),
  }),

  async handle({ PathPrefix = ROOT_PATH, ...paging }, context) {
    const { rows, paging: rest } = await list(context.tx, groups, paging, {
      where: ({ path }) => path.startsWith(PathPrefix),
    });
    return { Groups: rows.map((group) => formatGroup(group, context)), ...rest };
  },
});

export const updateGroup = operation("UpdateGroup", {
  /** The rights to both ends are needed. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html */
  async authorize({ GroupName, NewPath, NewGroupName }, context) {
    const group = await context.tx.get(groups, keyOfName(GroupName));
    const source = await onGroup("UpdateGroup", GroupName, context);
    const place = { path: NewPath ?? group?.path ?? ROOT_PATH, name: NewGroupName ?? group?.name ?? GroupName };
    return [source, { action: source.action, resource: groupArn(context, place) }];
  },

  async handle({ GroupName, NewPath, NewGroupName }, { tx }) {
    const group = await requireGroup(GroupName, tx);
    const renamed = { ...group, path: NewPath ?? group.path, name: NewGroupName ?? group.name };
    if (renamed.name !== group.name) {
      await requireFreeName(renamed.name, tx);
      tx.delete(groups, keyOfName(group.name));
    }
    putGroup(tx, renamed);
    return {};
  },
});

export const deleteGroup = operation("DeleteGroup", {
  authorize: ({ GroupName }, context) => onGroup("DeleteGroup", GroupName, context),

  async handle({ GroupName }, { tx }) {
    const group = await requireGroup(GroupName, tx);
    await requireNoMembers(tx, group);
    await requireNoInlinePolicies(tx, group);
    await requireNoAttachments(tx, group);
    tx.delete(groups, keyOfName(group.name));
    forgetHolder(tx, group);
    await countDown(tx, "groups");
    return {};
  },
});

export const addUserToGroup = operation("AddUserToGroup", {
  authorize: ({ GroupName }, context) => onGroup("AddUserToGroup", GroupName, context),

  async handle({ GroupName, UserName }, { tx }) {
    const user = await requireUser(UserName, tx);
    await join(tx, user, await requireGroup(GroupName, tx));
    return {};
  },
});

export const removeUserFromGroup = operation("RemoveUserFromGroup", {
  authorize: ({ GroupName }, context) => onGroup("RemoveUserFromGroup", GroupName, context),

  async handle({ GroupName, UserName }, { tx }) {
    const user = await requireUser(UserName, tx);
    leave(tx, user, await requireGroup(GroupName, tx));
    return {};
  },
});

export const listGroupsForUser = operation("ListGroupsForUser", {
  authorize: ({ UserName }, context) => onUser("ListGroupsForUser", UserName, context),

  async handle({ UserName, ...paging }, context) {
    const found = await groupsOf(await requireUser(UserName, context.tx), context.tx);
    const { rows, paging: rest } = listOf(found, paging, ({ name }) => keyOfName(name));
    return { Groups: rows.map((group) => formatGroup(group, context)), ...rest };
  },
});

/** @throws {AwsError} `NoSuchEntity` */
export async function requireGroup(name: string, tx: Transaction): Promise<Group> {
  const group = await tx.get(groups, keyOfName(name));
  if (!group) throw groupNotFound(name);
  return group;
}

/** The groups that a user is in. */
export async function groupsOf(user: Pick<Holder, "id">, tx: Transaction): Promise<Group[]> {
  const memberships = await membershipsOf(tx, user);
  return Promise.all(memberships.map(({ groupId }) => groupOfId(groupId, tx)));
}

/** The users that are in a group. */
export async function membersOf(group: Pick<Holder, "id">, tx: Transaction): Promise<User[]> {
  const found = await tx.scan(members, { prefix: [group.id], limit: ACCOUNT_QUOTAS.users.max });
  return Promise.all(found.map(({ userName }) => requireUser(userName, tx)));
}

export const groupArn = (context: Pick<Context, "partition" | "account">, place: Place): Arn =>
  arnOf(context, "group", place);

/** The question whether the caller may do `action` to the group of that name, be there one or not. */
export async function onGroup(
  action: IamAction,
  name: string,
  context: Context,
  more: Omit<Access, "action" | "resource"> = {},
): Promise<Access> {
  const group = await context.tx.get(groups, keyOfName(name));
  return { action: `iam:${action}`, resource: groupArn(context, group ?? { path: ROOT_PATH, name }), ...more };
}

export const formatGroup = (group: Group, context: Context): GroupShape => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: groupArn(context, group),
  CreateDate: new Date(group.createdAtMs),
});

async function groupOfId(id: string, tx: Transaction): Promise<Group> {
  const holder = await findHolder(tx, id);
  const group = holder && (await tx.get(groups, keyOfName(holder.name)));
  assert(group, "a membership names a group that is there");
  return group;
}

function putGroup(tx: Transaction, group: Group): void {
  tx.put(groups, group);
  recordHolder(tx, group);
}

async function requireFreeName(name: string, tx: Transaction): Promise<void> {
  if (await tx.get(groups, keyOfName(name))) throw groupExists(name);
}
