/** Applications as clients that ask for tokens: by their ARN, with what their grants say in place of a registration. */
import { parseArn } from "../../kernel/arn.ts";
import type { Transaction } from "../../kernel/table.ts";
import { clients, type Client } from "./client-row.ts";
import { groupIdsOf } from "./group-row.ts";
import { applicationArn, applicationAssignments, applications, type Application } from "./sso-admin/application-row.ts";
import type { SignedIn } from "./portal-session.ts";

/** The application of that ARN, as long as it is enabled. */
export async function findApplication(arn: string, tx: Transaction): Promise<Application | undefined> {
  const [kind, instanceId = "", id = ""] = (parseArn(arn)?.resource ?? "").split("/");
  if (kind !== "application") return undefined;
  const application = await tx.get(applications, instanceId, id);
  const isMeant = application && applicationArn(application) === arn && application.status === "ENABLED";
  return isMeant ? application : undefined;
}

/** A registered client by its id, or an application by its ARN. */
export async function findClient(id: string, tx: Transaction): Promise<Client | undefined> {
  if (!id.startsWith("arn:")) return tx.get(clients, id);
  const application = await findApplication(id, tx);
  const { RedirectUris: redirectUris } = application?.grants.authorization_code?.AuthorizationCode ?? {};
  if (!application || !redirectUris) return undefined;
  const { name, scopes, instanceId } = application;
  const none = { secretHash: "", grantTypes: [], expiresAtMs: Infinity };
  return { ...none, id, name, scopes: Object.keys(scopes), redirectUris, instanceId };
}

/** Whether a user may use an application: where it asks for that, somebody has to have said so. */
export async function mayUse(
  { user }: Pick<SignedIn, "user">,
  { instanceId, id, assignmentRequired }: Application,
  tx: Transaction,
): Promise<boolean> {
  if (!assignmentRequired || (await tx.get(applicationAssignments, instanceId, id, "USER", user.id))) return true;
  for (const groupId of await groupIdsOf(user.storeId, user.id, tx)) {
    if (await tx.get(applicationAssignments, instanceId, id, "GROUP", groupId)) return true;
  }
  return false;
}
