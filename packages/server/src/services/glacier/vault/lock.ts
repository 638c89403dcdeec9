/**
 * Locks of vaults: a policy that is tried out for a day and, once the lock is completed, never changes again.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html
 */
import type { Context } from "../../../service/context.ts";
import { onVault } from "../access.ts";
import { invalidValue, lockCompleted, lockUnderWay, noLockPolicy } from "../errors.ts";
import { operation, vaultArn } from "../kit.ts";
import { LOCK_MS } from "../limits.ts";
import { newOpaqueId } from "../opaque-id.ts";
import { readTimerKey, timerKey } from "../place.ts";
import { requirePolicy } from "./policy-rules.ts";
import { requireVault, vaults, type FoundVault } from "./row.ts";

export const initiateVaultLock = operation("InitiateVaultLock", {
  authorize: (input, context) => onVault("InitiateVaultLock", input, context),

  async handle(input, context) {
    const found = await requireVault(input, context);
    const { place, vault } = found;
    const arn = vaultArn(place, vault.name);
    if (vault.lock) throw vault.lock.state === "Locked" ? lockCompleted(arn) : lockUnderWay(arn);
    const policy = await requirePolicy(input.policy?.Policy, "lock", found, context);
    const id = newOpaqueId("lock", context);
    const startedAtMs = context.now().getTime();
    const expiresAtMs = startedAtMs + LOCK_MS;
    place.tx.put(vaults, { ...vault, lock: { state: "InProgress", id, policy, startedAtMs, expiresAtMs } });
    context.at(expiresAtMs, "expireLock", timerKey(place, vault.name));
    return { lockId: id };
  },
});

/** Idempotent for who knows the id of the lock. */
export const completeVaultLock = operation("CompleteVaultLock", {
  authorize: (input, context) => onVault("CompleteVaultLock", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { lock } = vault;
    const arn = vaultArn(place, vault.name);
    if (!lock) throw noLockPolicy(arn);
    const isRight = lock.id === input.lockId;
    if (lock.state === "Locked") {
      if (!isRight) throw lockCompleted(arn);
      return {};
    }
    if (!isRight) throw invalidValue("lock ID", input.lockId);
    const { id, policy, startedAtMs } = lock;
    place.tx.put(vaults, { ...vault, lock: { state: "Locked", id, policy, startedAtMs } });
    context.cancel("expireLock", timerKey(place, vault.name));
    return {};
  },
});

export const abortVaultLock = operation("AbortVaultLock", {
  authorize: (input, context) => onVault("AbortVaultLock", input, context),

  async handle(input, context) {
    const found = await requireVault(input, context);
    const { place, vault } = found;
    if (vault.lock?.state === "Locked") throw lockCompleted(vaultArn(place, vault.name));
    dropLock(found);
    context.cancel("expireLock", timerKey(place, vault.name));
    return {};
  },
});

function dropLock({ place, vault }: FoundVault): void {
  const { lock: _gone, ...rest } = vault;
  place.tx.put(vaults, rest);
}

/** The job: a lock that nobody completed is gone, its policy with it. */
export async function expireLock(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [name = ""],
  } = readTimerKey(key, context);
  const vault = await place.tx.get(vaults, name);
  if (vault?.lock?.state === "InProgress") dropLock({ place, vault });
}

export const getVaultLock = operation("GetVaultLock", {
  authorize: (input, context) => onVault("GetVaultLock", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const { lock } = vault;
    if (!lock) throw noLockPolicy(vaultArn(place, vault.name));
    return {
      Policy: await context.directory.showPrincipals(lock.policy, place),
      State: lock.state,
      CreationDate: new Date(lock.startedAtMs).toISOString(),
      ...(lock.state === "InProgress" && { ExpirationDate: new Date(lock.expiresAtMs).toISOString() }),
    };
  },
});
