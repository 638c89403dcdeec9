/** Whether a pool still stands by what it signed. */
import type { Transaction } from "../../../kernel/table.ts";
import { sessions } from "../sign-in/session-row.ts";
import { users } from "../user/user-row.ts";

/**
 * Not where its user has gone, or was signed out since.
 * @param claims of a token whose signature was checked
 */
export async function standsByToken(claims: Readonly<Record<string, unknown>>, tx: Transaction): Promise<boolean> {
  const session = await tx.get(sessions, String(claims["event_id"]));
  if (session === undefined || session.revoked) return false;
  const user = await tx.get(users, session.poolId, session.user);
  return user !== undefined && user.enabled && user.generation === session.generation && user.sub === claims["sub"];
}
