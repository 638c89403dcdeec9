/** Groups and who is in them, as they are kept. */
import { table, type Transaction } from "../../../kernel/table.ts";
import { groupNotFound } from "../errors.ts";
import { GROUPS_PER_USER_MAX } from "../limits.ts";
import type { Pool } from "../pool/pool-row.ts";

export interface Group {
  readonly poolId: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly precedence?: number | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
}

interface Membership {
  readonly poolId: string;
  readonly group: string;
  /** The user's key. */
  readonly user: string;
}

export const groups = table<Group>("cognito-idp.group", "global", ({ poolId, name }) => [poolId, name]);
export const members = table<Membership>("cognito-idp.member", "global", (row) => [row.poolId, row.group, row.user]);
export const memberships = table<Membership>("cognito-idp.membership", "global", (row) => [
  row.poolId,
  row.user,
  row.group,
]);

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireGroup(pool: Pool, name: string, tx: Transaction): Promise<Group> {
  const group = await tx.get(groups, pool.id, name);
  if (!group) throw groupNotFound();
  return group;
}

/** The groups of a user, those of the lowest precedence, which counts most, first. */
export async function groupsOf({ poolId, key }: { poolId: string; key: string }, tx: Transaction): Promise<Group[]> {
  const rows = await tx.scan(memberships, { prefix: [poolId, key], limit: GROUPS_PER_USER_MAX });
  const found = await Promise.all(rows.map(({ group }) => tx.get(groups, poolId, group)));
  return found
    .filter((group) => group !== undefined)
    .toSorted((one, other) => (one.precedence ?? Infinity) - (other.precedence ?? Infinity) || 0);
}
