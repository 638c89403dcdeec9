/** Groups of an identity store and who is in them, as rows. */
import { table, type Transaction } from "../../kernel/table.ts";

export interface Group {
  readonly storeId: string;
  readonly id: string;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
  readonly createdAtMs: number;
  readonly createdBy: string;
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

export const groups = table<Group>("identitystore.group", "global", ({ storeId, id }) => [storeId, id]);

export const findGroup = (storeId: string, id: string, tx: Transaction): Promise<Group | undefined> =>
  tx.get(groups, storeId, id);

/** A name is given once in a store, its case apart. */
interface GroupName {
  readonly storeId: string;
  readonly name: string;
  readonly groupId: string;
}

export const groupNames = table<GroupName>("identitystore.group-name", "global", ({ storeId, name }) => [
  storeId,
  name.toLowerCase(),
]);

export interface Membership {
  readonly storeId: string;
  readonly id: string;
  readonly groupId: string;
  readonly userId: string;
  readonly createdAtMs: number;
  readonly createdBy: string;
}

const memberships = table<Membership>("identitystore.membership", "global", ({ storeId, id }) => [storeId, id]);

export const membershipsOfGroups = table<Membership>(
  "identitystore.membership-of-group",
  "global",
  ({ storeId, groupId, userId }) => [storeId, groupId, userId],
);

export const membershipsOfUsers = table<Membership>(
  "identitystore.membership-of-user",
  "global",
  ({ storeId, userId, groupId }) => [storeId, userId, groupId],
);

export const findMembership = (storeId: string, id: string, tx: Transaction): Promise<Membership | undefined> =>
  tx.get(memberships, storeId, id);

/** The membership of a user in a group. */
export const findMember = (
  storeId: string,
  { groupId, userId }: Pick<Membership, "groupId" | "userId">,
  tx: Transaction,
): Promise<Membership | undefined> => tx.get(membershipsOfGroups, storeId, groupId, userId);

export function putMembership(membership: Membership, tx: Transaction): void {
  tx.put(memberships, membership);
  tx.put(membershipsOfGroups, membership);
  tx.put(membershipsOfUsers, membership);
}

export function dropMembership({ storeId, id, groupId, userId }: Membership, tx: Transaction): void {
  tx.delete(memberships, storeId, id);
  tx.delete(membershipsOfGroups, storeId, groupId, userId);
  tx.delete(membershipsOfUsers, storeId, userId, groupId);
}

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html (groups per user, users per store) */
const GROUPS_PER_USER_MAX = 1000;
const MEMBERS_MAX = 100_000;

/** The ids of the groups that a user is in. */
export async function groupIdsOf(storeId: string, userId: string, tx: Transaction): Promise<readonly string[]> {
  const found = await tx.scan(membershipsOfUsers, { prefix: [storeId, userId], limit: GROUPS_PER_USER_MAX });
  return found.map(({ groupId }) => groupId);
}

export async function dropMembershipsOfUser(storeId: string, userId: string, tx: Transaction): Promise<void> {
  const found = await tx.scan(membershipsOfUsers, { prefix: [storeId, userId], limit: GROUPS_PER_USER_MAX });
  for (const membership of found) dropMembership(membership, tx);
}

export async function dropMembershipsOfGroup(storeId: string, groupId: string, tx: Transaction): Promise<void> {
  const found = await tx.scan(membershipsOfGroups, { prefix: [storeId, groupId], limit: MEMBERS_MAX });
  for (const membership of found) dropMembership(membership, tx);
}

/** Empties the store of its groups. */
export async function dropGroups(storeId: string, tx: Transaction): Promise<void> {
  await tx.clear(groups, { prefix: [storeId], limit: MEMBERS_MAX });
  await tx.clear(groupNames, { prefix: [storeId], limit: MEMBERS_MAX });
  for (const from of [memberships, membershipsOfGroups, membershipsOfUsers]) {
    await tx.clear(from, { prefix: [storeId], limit: MEMBERS_MAX * GROUPS_PER_USER_MAX });
  }
}
