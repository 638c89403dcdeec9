/** What goes with a user who goes. */
import type { Transaction } from "../../../kernel/table.ts";
import { devices } from "../device/device-row.ts";
import { passkeys, PASSKEYS_PER_USER_MAX, registrations } from "../factor/passkey-row.ts";
import { dropIdentitiesOf } from "../federation/federated-identity-row.ts";
import { GROUPS_PER_USER_MAX } from "../limits.ts";
import type { Pool } from "../pool/pool-row.ts";
import { authEvents } from "../protection/auth-event-row.ts";
import { trackedSessions } from "../token/tracked-session-row.ts";
import { clearCodes } from "./code.ts";
import { members, memberships } from "./group-row.ts";
import { dropUser, type User } from "./user-row.ts";

export async function removeUser(pool: Pool, user: User, tx: Transaction): Promise<void> {
  const rows = await tx.scan(memberships, { prefix: [pool.id, user.key], limit: GROUPS_PER_USER_MAX });
  for (const { group } of rows) {
    tx.delete(memberships, pool.id, user.key, group);
    tx.delete(members, pool.id, group, user.key);
  }
  await clearCodes(user, tx);
  await dropIdentitiesOf(user, tx);
  await tx.clear(passkeys, { prefix: [pool.id, user.key], limit: PASSKEYS_PER_USER_MAX });
  tx.delete(registrations, pool.id, user.key);
  await tx.clear(devices, { prefix: [pool.id, user.key], limit: Infinity });
  await tx.clear(authEvents, { prefix: [pool.id, user.key], limit: Infinity });
  await tx.clear(trackedSessions, { prefix: [pool.id, user.key], limit: Infinity });
  await dropUser(pool, user, tx);
}
