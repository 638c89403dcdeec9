/** Identities as rows, and whose each login is. */
import type { IdentityDescription } from "@aws-sdk/client-cognito-identity";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { identityNotFound, tooManyLogins } from "./errors.ts";
import { LOGINS_MAX } from "./limits.ts";
import type { Pool } from "./pool-row.ts";

/** A user of one provider, by the provider's name in the pool and the provider's own name for the user. */
export interface Login {
  readonly provider: string;
  readonly subject: string;
}

export interface Identity {
  /** `us-east-1:1f2e…`. */
  readonly id: string;
  readonly poolId: string;
  /** `disabled`: merged into another one, or its last login was taken away. */
  readonly standing: "guest" | "authenticated" | "disabled";
  /** In the order in which they were linked. */
  readonly logins: readonly Login[];
  readonly mergedInto?: string | undefined;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export const identities = table<Identity>("cognito-identity.identity", "global", ({ poolId, id }) => [poolId, id]);

const poolsOfIdentities = table<Pick<Identity, "id" | "poolId">>(
  "cognito-identity.pool-of-identity",
  "global",
  ({ id }) => [id],
);

interface LoginOwner extends Login {
  readonly poolId: string;
  readonly identityId: string;
}

const loginOwners = table<LoginOwner>("cognito-identity.login-owner", "global", ({ poolId, provider, subject }) => [
  poolId,
  provider,
  subject,
]);

export async function findIdentity(id: string, tx: Transaction): Promise<Identity | undefined> {
  const place = await tx.get(poolsOfIdentities, id);
  return place && tx.get(identities, place.poolId, id);
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireIdentity(id: string, tx: Transaction): Promise<Identity> {
  const identity = await findIdentity(id, tx);
  if (!identity) throw identityNotFound(id);
  return identity;
}

/** @throws {AwsError} `ResourceNotFoundException`, also where the identity is of another pool. */
export async function requireIdentityIn(poolId: string, id: string, tx: Transaction): Promise<Identity> {
  const identity = await tx.get(identities, poolId, id);
  if (!identity) throw identityNotFound(id);
  return identity;
}

/** The identity that a login was linked to. */
export async function ownerOf(poolId: string, login: Login, tx: Transaction): Promise<Identity | undefined> {
  const owner = await tx.get(loginOwners, poolId, login.provider, login.subject);
  return owner && tx.get(identities, poolId, owner.identityId);
}

/** A new identity, of nobody yet. */
export function newIdentity({ id: poolId, region }: Pool, context: Pick<Context, "newId" | "now">): Identity {
  const now = context.now().getTime();
  const id = `${region}:${context.newId()}`;
  return { id, poolId, standing: "guest", logins: [], createdAtMs: now, modifiedAtMs: now };
}

/**
 * Puts the identity with these logins instead of those it had.
 * @throws {AwsError} `InvalidParameterException` where they are too many
 */
export function putIdentity(
  identity: Identity,
  change: Pick<Identity, "logins" | "standing" | "mergedInto">,
  { tx, now }: { readonly tx: Transaction; readonly now: () => Date },
): Identity {
  const { poolId, id: identityId } = identity;
  const { logins } = change;
  if (logins.length > LOGINS_MAX) throw tooManyLogins(LOGINS_MAX);
  for (const login of identity.logins) {
    if (!logins.some((kept) => isSame(kept, login))) tx.delete(loginOwners, poolId, login.provider, login.subject);
  }
  for (const { provider, subject } of logins) tx.put(loginOwners, { poolId, provider, subject, identityId });
  const changed: Identity = { ...identity, ...change, modifiedAtMs: now().getTime() };
  tx.put(identities, changed);
  tx.put(poolsOfIdentities, { id: identityId, poolId });
  return changed;
}

export const isSame = (one: Login, other: Login): boolean =>
  one.provider === other.provider && one.subject === other.subject;

export function dropIdentity({ poolId, id, logins }: Identity, tx: Transaction): void {
  for (const { provider, subject } of logins) tx.delete(loginOwners, poolId, provider, subject);
  tx.delete(identities, poolId, id);
  tx.delete(poolsOfIdentities, id);
}

const DROPPED_AT_ONCE = 500;

/** All identities of a pool. */
export async function dropIdentities(poolId: string, tx: Transaction): Promise<void> {
  let dropped: readonly Identity[];
  do {
    dropped = await tx.scan(identities, { prefix: [poolId], limit: DROPPED_AT_ONCE });
    for (const identity of dropped) dropIdentity(identity, tx);
  } while (dropped.length === DROPPED_AT_ONCE);
}

export const formatIdentity = ({ id, logins, createdAtMs, modifiedAtMs }: Identity): IdentityDescription => ({
  IdentityId: id,
  Logins: [...new Set(logins.map(({ provider }) => provider))],
  CreationDate: new Date(createdAtMs),
  LastModifiedDate: new Date(modifiedAtMs),
});
