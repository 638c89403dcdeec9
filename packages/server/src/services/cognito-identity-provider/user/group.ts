/** Groups. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-user-groups.html */
import type { GroupType } from "@aws-sdk/client-cognito-identity-provider";
import { page, pageOf } from "../../../kernel/page.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { groupExists, invalidToken, tooMany } from "../errors.ts";
import { operation } from "../kit.ts";
import { GROUPS_PER_POOL_MAX, GROUPS_PER_USER_MAX, PAGE_ROWS_MAX } from "../limits.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { groups, groupsOf, members, memberships, requireGroup, type Group } from "./group-row.ts";
import { requireUser, users } from "./user-row.ts";
import { formatUser } from "./user-view.ts";

export const createGroup = operation("CreateGroup", {
  authorize: onPool("CreateGroup"),

  async handle({ UserPoolId, GroupName: name, Description, RoleArn, Precedence }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    if (await tx.get(groups, pool.id, name)) throw groupExists();
    const present = await tx.scan(groups, { prefix: [pool.id], limit: GROUPS_PER_POOL_MAX });
    if (present.length >= GROUPS_PER_POOL_MAX) throw tooMany("Exceeded the number of groups per user pool.");
    const nowMs = context.now().getTime();
    const group: Group = {
      poolId: pool.id,
      name,
      description: Description,
      roleArn: RoleArn,
      precedence: Precedence,
      createdMs: nowMs,
      changedMs: nowMs,
    };
    tx.put(groups, group);
    return { Group: formatGroup(group) };
  },
});

export const getGroup = operation("GetGroup", {
  authorize: onPool("GetGroup"),

  async handle({ UserPoolId, GroupName }, context) {
    const pool = await requirePool(UserPoolId, context);
    return { Group: formatGroup(await requireGroup(pool, GroupName, context.tx)) };
  },
});

export const updateGroup = operation("UpdateGroup", {
  authorize: onPool("UpdateGroup"),

  async handle({ UserPoolId, GroupName, Description, RoleArn, Precedence }, context) {
    const pool = await requirePool(UserPoolId, context);
    const before = await requireGroup(pool, GroupName, context.tx);
    const group: Group = {
      ...before,
      description: Description ?? before.description,
      roleArn: RoleArn ?? before.roleArn,
      precedence: Precedence ?? before.precedence,
      changedMs: context.now().getTime(),
    };
    context.tx.put(groups, group);
    return { Group: formatGroup(group) };
  },
});

export const deleteGroup = operation("DeleteGroup", {
  authorize: onPool("DeleteGroup"),

  async handle({ UserPoolId, GroupName }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const { name } = await requireGroup(pool, GroupName, tx);
    for (const { user } of await tx.scan(members, { prefix: [pool.id, name], limit: Infinity })) {
      leave(pool, { group: name, user }, tx);
    }
    tx.delete(groups, pool.id, name);
    return {};
  },
});

export const listGroups = operation("ListGroups", {
  authorize: onPool("ListGroups"),

  async handle({ UserPoolId, NextToken: token, Limit }, context) {
    const { id } = await requirePool(UserPoolId, context);
    const asked = { prefix: [id], token, limit: pageSize(Limit), max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(context.tx, groups, asked);
    return { Groups: rows.map(formatGroup), ...(next !== undefined && { NextToken: next }) };
  },
});

/** Nothing is as many as there may be. */
const pageSize = (limit: number | undefined): number => (limit === undefined || limit === 0 ? PAGE_ROWS_MAX : limit);

export const adminAddUserToGroup = operation("AdminAddUserToGroup", {
  authorize: onPool("AdminAddUserToGroup"),

  async handle({ UserPoolId, Username, GroupName }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const { name: group } = await requireGroup(pool, GroupName, tx);
    const { key: user } = await requireUser(pool, Username, tx);
    const present = await tx.scan(memberships, { prefix: [pool.id, user], limit: GROUPS_PER_USER_MAX });
    const isIn = present.some((row) => row.group === group);
    if (!isIn && present.length >= GROUPS_PER_USER_MAX) throw tooMany("Exceeded the number of groups per user.");
    tx.put(members, { poolId: pool.id, group, user });
    tx.put(memberships, { poolId: pool.id, group, user });
    return {};
  },
});

export const adminRemoveUserFromGroup = operation("AdminRemoveUserFromGroup", {
  authorize: onPool("AdminRemoveUserFromGroup"),

  async handle({ UserPoolId, Username, GroupName }, context) {
    const pool = await requirePool(UserPoolId, context);
    const { name: group } = await requireGroup(pool, GroupName, context.tx);
    const { key: user } = await requireUser(pool, Username, context.tx);
    leave(pool, { group, user }, context.tx);
    return {};
  },
});

function leave(
  { id }: Pool,
  { group, user }: { readonly group: string; readonly user: string },
  tx: Transaction,
): void {
  tx.delete(members, id, group, user);
  tx.delete(memberships, id, user, group);
}

/** Those that count most first. */
export const adminListGroupsForUser = operation("AdminListGroupsForUser", {
  authorize: onPool("AdminListGroupsForUser"),

  async handle({ UserPoolId, Username, Limit, NextToken }, context) {
    const pool = await requirePool(UserPoolId, context);
    const all = await groupsOf(await requireUser(pool, Username, context.tx), context.tx);
    const { rows, next } = pageOf(all, { token: NextToken, limit: pageSize(Limit), orderOf, invalidToken });
    return { Groups: rows.map(formatGroup), ...(next !== undefined && { NextToken: next }) };
  },
});

/** A precedence is an integer of 32 bits. */
const PRECEDENCE_DIGITS = 10;

/** As text; a group without precedence comes after all that have one. */
const orderOf = ({ precedence, name }: Group): readonly string[] => [
  precedence === undefined ? "none" : String(precedence).padStart(PRECEDENCE_DIGITS, "0"),
  name,
];

export const listUsersInGroup = operation("ListUsersInGroup", {
  authorize: onPool("ListUsersInGroup"),

  async handle({ UserPoolId, GroupName, Limit, NextToken: token }, context) {
    const { tx } = context;
    const pool = await requirePool(UserPoolId, context);
    const { name } = await requireGroup(pool, GroupName, tx);
    const asked = { prefix: [pool.id, name], token, limit: pageSize(Limit), max: PAGE_ROWS_MAX, invalidToken };
    const { rows, next } = await page(tx, members, asked);
    const found = await Promise.all(rows.map(({ user }) => tx.get(users, pool.id, user)));
    const Users = found.filter((user) => user !== undefined).map((user) => formatUser(user));
    return { Users, ...(next !== undefined && { NextToken: next }) };
  },
});

const formatGroup = ({ poolId, name, description, roleArn, precedence, createdMs, changedMs }: Group): GroupType => ({
  GroupName: name,
  UserPoolId: poolId,
  ...(description !== undefined && { Description: description }),
  ...(roleArn !== undefined && { RoleArn: roleArn }),
  ...(precedence !== undefined && { Precedence: precedence }),
  CreationDate: new Date(createdMs),
  LastModifiedDate: new Date(changedMs),
});
