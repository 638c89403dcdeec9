/** What a user may take on: the permission sets that are assigned to it in accounts, where their roles are. */
import type { AccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { assignmentsOf } from "../assignment-row.ts";
import { findPermissionSet, findProvision, type PermissionSet, type Provision } from "../permission-set-row.ts";
import { givesAccess } from "../instance-row.ts";
import type { SignedIn } from "../portal-session.ts";

export interface AccountRole {
  readonly account: AccountId;
  readonly permissionSet: PermissionSet;
  readonly role: Provision;
}

/** In one account or in all, each once, ordered by account and name. */
export async function accountRolesOf(
  { instance, user }: SignedIn,
  context: Pick<Context, "tx" | "directory">,
  account?: string,
): Promise<readonly AccountRole[]> {
  const { tx } = context;
  const found = new Map<string, AccountRole>();
  for (const assignment of await assignmentsOf({ type: "USER", id: user.id }, { instance, account }, tx)) {
    const { instanceId, permissionSetId: id } = assignment;
    const permissionSet = await findPermissionSet(instanceId, id, tx);
    const role = await findProvision({ instanceId, id }, assignment.account, tx);
    if (!permissionSet || !role || !(await givesAccess(instance, assignment.account, context))) continue;
    found.set(`${assignment.account}/${permissionSet.name}`, { account: assignment.account, permissionSet, role });
  }
  return [...found].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, accountRole]) => accountRole);
}
