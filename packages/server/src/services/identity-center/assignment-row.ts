/** Who is assigned which permission set in which account, as rows. */
import type { PrincipalType } from "@aws-sdk/client-sso-admin";
import type { AccountId } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import { groupIdsOf } from "./group-row.ts";
import type { Instance } from "./instance-row.ts";

export interface Assignment {
  readonly instanceId: string;
  readonly permissionSetId: string;
  readonly account: AccountId;
  readonly principalType: PrincipalType;
  readonly principalId: string;
}

export const assignments = table<Assignment>(
  "sso.assignment",
  "global",
  ({ instanceId, permissionSetId, account, principalType, principalId }) => [
    instanceId,
    permissionSetId,
    account,
    principalType,
    principalId,
  ],
);

export const assignmentsOfPrincipals = table<Assignment>(
  "sso.assignment-of-principal",
  "global",
  ({ instanceId, permissionSetId, account, principalType, principalId }) => [
    instanceId,
    principalType,
    principalId,
    account,
    permissionSetId,
  ],
);

export const findAssignment = (
  { instanceId, permissionSetId, account, principalType, principalId }: Assignment,
  tx: Transaction,
): Promise<Assignment | undefined> =>
  tx.get(assignments, instanceId, permissionSetId, account, principalType, principalId);

export function putAssignment(assignment: Assignment, tx: Transaction): void {
  tx.put(assignments, assignment);
  tx.put(assignmentsOfPrincipals, assignment);
}

export function dropAssignment(assignment: Assignment, tx: Transaction): void {
  const { instanceId, permissionSetId, account, principalType, principalId } = assignment;
  tx.delete(assignments, instanceId, permissionSetId, account, principalType, principalId);
  tx.delete(assignmentsOfPrincipals, instanceId, principalType, principalId, account, permissionSetId);
}

/** More than a principal has anywhere. */
const ASSIGNMENTS_MAX = 10_000;

/** What a user is assigned, by itself or by a group that it is in, in one account or in all. */
export async function assignmentsOfUser(
  { id, storeId }: Pick<Instance, "id" | "storeId">,
  userId: string,
  tx: Transaction,
  account?: string,
): Promise<readonly Assignment[]> {
  const found: Assignment[] = [];
  const take = async (type: PrincipalType, principalId: string) => {
    const prefix = [id, type, principalId, ...(account === undefined ? [] : [account])];
    found.push(...(await tx.scan(assignmentsOfPrincipals, { prefix, limit: ASSIGNMENTS_MAX })));
  };
  await take("USER", userId);
  for (const groupId of await groupIdsOf(storeId, userId, tx)) await take("GROUP", groupId);
  return found;
}
