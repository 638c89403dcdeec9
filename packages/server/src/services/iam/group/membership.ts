/** Who is in which group. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { membersRemain, quotaExceeded } from "../errors.ts";
import type { Holder } from "../holder.ts";
import { QUOTAS } from "../limits.ts";
import { keyOfName } from "../path.ts";

export interface Membership {
  readonly groupId: string;
  readonly userId: string;
  /** The user's present name: members are given in its order. */
  readonly userName: string;
}

export const members = table<Membership>("iam.group-member", "account", ({ groupId, userName }) => [
  groupId,
  keyOfName(userName),
]);

const groupsOfUser = table<Membership>("iam.group-of-user", "account", ({ userId, groupId }) => [userId, groupId]);

export const membershipsOf = (tx: Transaction, { id }: Pick<Holder, "id">): Promise<Membership[]> =>
  tx.scan(groupsOfUser, { prefix: [id], limit: QUOTAS.GroupsPerUser });

/** Joining twice changes nothing.
 *
 * @throws {AwsError} `LimitExceeded`
 */
export async function join(tx: Transaction, user: Holder, group: Holder): Promise<void> {
  const present = await membershipsOf(tx, user);
  if (present.some(({ groupId }) => groupId === group.id)) return;
  if (present.length >= QUOTAS.GroupsPerUser) throw quotaExceeded("GroupsPerUser", QUOTAS.GroupsPerUser);
  put(tx, { groupId: group.id, userId: user.id, userName: user.name });
}

/**
 * Leaving a group that the user is not in changes nothing.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/iam/test_iam_users.snapshot.json
 */
export function leave(tx: Transaction, user: Holder, group: Holder): void {
  tx.delete(members, group.id, keyOfName(user.name));
  tx.delete(groupsOfUser, user.id, group.id);
}

export async function renameMember(tx: Transaction, user: Holder, newName: string): Promise<void> {
  for (const membership of await membershipsOf(tx, user)) {
    tx.delete(members, membership.groupId, keyOfName(membership.userName));
    put(tx, { ...membership, userName: newName });
  }
}

/** @throws {AwsError} `DeleteConflict` where the user is in a group. */
export async function requireNoMemberships(tx: Transaction, user: Holder): Promise<void> {
  if ((await membershipsOf(tx, user)).length > 0) throw membersRemain();
}

/** @throws {AwsError} `DeleteConflict` where the group has members. */
export async function requireNoMembers(tx: Transaction, group: Holder): Promise<void> {
  if ((await tx.scan(members, { prefix: [group.id], limit: 1 })).length > 0) throw membersRemain();
}

function put(tx: Transaction, membership: Membership): void {
  tx.put(members, membership);
  tx.put(groupsOfUser, membership);
}
