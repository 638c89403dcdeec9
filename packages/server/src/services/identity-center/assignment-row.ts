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

const assignmentsOfPrincipals = table<Assignment>(
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

interface Scope {
  readonly instance: Pick<Instance, "id" | "storeId">;
  /** One account of all. */
  readonly account?: string | undefined;
}

/** What a principal is assigned: a user by itself or by a group that it is in. */
export async function assignmentsOf(
  { type, id }: { readonly type: PrincipalType; readonly id: string },
  { instance, account }: Scope,
  tx: Transaction,
): Promise<readonly Assignment[]> {
  const take = (principalType: PrincipalType, principalId: string) => {
    const prefix = [instance.id, principalType, principalId, ...(account === undefined ? [] : [account])];
    return tx.scan(assignmentsOfPrincipals, { prefix, limit: ASSIGNMENTS_MAX });
  };
  const found = await take(type, id);
  const groupIds = type === "USER" ? await groupIdsOf(instance.storeId, id, tx) : [];
  for (const groupId of groupIds) found.push(...(await take("GROUP", groupId)));
  return found;
}
