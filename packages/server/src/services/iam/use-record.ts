/** Notes what was used, and when: keys, roles, and services by whom. */
import type { KeyUse } from "../../identity/directory.ts";
import type { AccountPrincipal } from "../../identity/principal.ts";
import { unreachable } from "../../kernel/assert.ts";
import { accountOfAccessKeyId } from "../../kernel/ids.ts";
import type { Transaction } from "../../kernel/table.ts";
import { accessKeys, accessKeyUses } from "./access-key.ts";
import { roleUses } from "./role-use.ts";
import { serviceUses } from "./service-use.ts";

/** What was noted so recently is not noted again: a busy key would write with every call. */
const UNNOTED_MS = 60_000;

interface Noted {
  readonly atMs: number;
  readonly region: string;
  readonly service?: string;
}

/** IAM's times are whole seconds. */
export async function recordUse(given: KeyUse, tx: Transaction): Promise<void> {
  const use = { ...given, atMs: Math.floor(given.atMs / 1000) * 1000 };
  const there = tx.in({ account: use.principal.account });
  await recordKeyUse(use, there);
  await recordRoleUse(use, there);
  await recordServiceUse(use, there);
}

async function recordKeyUse({ principal, service, region, atMs }: KeyUse, tx: Transaction): Promise<void> {
  const { accessKeyId } = principal;
  if (accountOfAccessKeyId(accessKeyId) === undefined) return;
  if (!isNews(await tx.get(accessKeyUses, accessKeyId), { service, region, atMs })) return;
  if (await tx.get(accessKeys, accessKeyId)) tx.put(accessKeyUses, { accessKeyId, service, region, atMs });
}

async function recordRoleUse({ principal, region, atMs }: KeyUse, tx: Transaction): Promise<void> {
  if (principal.type !== "role-session") return;
  const { roleId } = principal;
  if (isNews(await tx.get(roleUses, roleId), { region, atMs })) tx.put(roleUses, { roleId, region, atMs });
}

async function recordServiceUse({ principal, service, region, atMs }: KeyUse, tx: Transaction): Promise<void> {
  const entityId = entityIdOf(principal);
  if (entityId === undefined) return;
  if (isNews(await tx.get(serviceUses, entityId, service), { service, region, atMs }))
    tx.put(serviceUses, { entityId, service, region, atMs });
}

function isNews(before: Noted | undefined, { atMs, region, service }: Noted): boolean {
  if (!before || before.region !== region || before.service !== service) return true;
  return Math.abs(atMs - before.atMs) >= UNNOTED_MS;
}

/** The user or role behind a principal: `undefined` for root, whose access nobody tracks. */
function entityIdOf(principal: AccountPrincipal): string | undefined {
  switch (principal.type) {
    case "user":
      return principal.userId;
    case "role-session":
      return principal.roleId;
    case "federated-user":
      return principal.issuer.userName === undefined ? undefined : principal.issuer.userId;
    case "root":
      return undefined;
    default:
      return unreachable(principal);
  }
}
