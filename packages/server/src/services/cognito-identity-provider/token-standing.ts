/** Whether a pool still stands by what it signed. */
import type { Transaction } from "../../kernel/table.ts";
import { sessions } from "./session-row.ts";
import { users } from "./user-row.ts";

/**
 * Not where its user has gone, or was signed out since.
 * @param claims of a token whose signature was checked
 */
export async function standsByToken(claims: Readonly<Record<string, unknown>>, tx: Transaction): Promise<boolean> {
  const session = await tx.get(sessions, String(claims["event_id"]));
  const user = session && (await tx.get(users, session.poolId, session.user));
  const isSignedIn = session?.revoked === false && user?.generation === session.generation;
  return isSignedIn && user?.enabled === true && user.sub === claims["sub"];
}
