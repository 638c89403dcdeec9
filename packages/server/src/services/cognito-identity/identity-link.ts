/**
 * Which identity a set of logins is of: they are linked to it, and where they were several users', those become one.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow.html
 */
import type { Context } from "../../service/context.ts";
import { identityForbidden, loginTaken, loginsDoNotMatch, noGuests } from "./errors.ts";
import { identities, isSame, newIdentity, ownerOf, putIdentity, type Identity, type Login } from "./identity-row.ts";
import type { Pool } from "./pool-row.ts";

type Surroundings = Pick<Context, "tx" | "now" | "newId">;

/** A guest's new identity, or that of the logins. @throws {AwsError} `NotAuthorizedException`, `ResourceConflictException` */
export async function identityOf(pool: Pool, logins: readonly Login[], context: Surroundings): Promise<Identity> {
  if (logins.length > 0) return link(pool, logins, context);
  if (!pool.allowsGuests) throw noGuests();
  return putIdentity(newIdentity(pool, context), { logins: [], standing: "guest" }, writing(context));
}

/**
 * The identity that somebody comes back to with these logins, or as a guest. It need not be the one that was named.
 * @throws {AwsError} `NotAuthorizedException`, `ResourceConflictException`
 */
export async function identityAgain(
  pool: Pool,
  named: Identity,
  logins: readonly Login[],
  context: Surroundings,
): Promise<Identity> {
  if (logins.length === 0) return guestAgain(pool, named);
  const known = await parentOf(named, context);
  if (known.standing === "disabled") throw identityForbidden(named.id);
  const isKnown = logins.some((login) => known.logins.some((own) => isSame(own, login)));
  if (known.standing === "authenticated" && !isKnown) throw loginsDoNotMatch();
  return link(pool, logins, context, known);
}

function guestAgain(pool: Pool, named: Identity): Identity {
  if (named.standing !== "guest") throw identityForbidden(named.id);
  if (!pool.allowsGuests) throw noGuests();
  return named;
}

/** What an identity was merged into, if it was. */
async function parentOf(identity: Identity, { tx }: Pick<Context, "tx">): Promise<Identity> {
  if (identity.mergedInto === undefined) return identity;
  const parent = await tx.get(identities, identity.poolId, identity.mergedInto);
  return parent === undefined ? identity : parentOf(parent, { tx });
}

/** Links the logins to `known`, or to whose they are. @throws {AwsError} `ResourceConflictException` */
export async function link(
  pool: Pool,
  logins: readonly Login[],
  context: Surroundings,
  known?: Identity,
): Promise<Identity> {
  const owners = await ownersOf(pool.id, logins, context);
  const kept = owners.find(({ id }) => id === known?.id) ?? owners[0] ?? known ?? newIdentity(pool, context);
  const others = [...owners, ...(known === undefined ? [] : [known])].filter(({ id }) => id !== kept.id);
  return merge(pool, kept, { others, logins }, context);
}

interface Added {
  readonly others: readonly Identity[];
  readonly logins: readonly Login[];
}

/** Gives `kept` the logins of the others, who are disabled, and further ones. @throws {AwsError} `ResourceConflictException` */
export function merge(pool: Pool, kept: Identity, { others, logins }: Added, context: Surroundings): Identity {
  const all = distinct([...kept.logins, ...others.flatMap((other) => other.logins), ...logins]);
  const taken = all.find(
    ({ provider, subject }) =>
      provider !== pool.developerProvider &&
      all.some((other) => other.provider === provider && other.subject !== subject),
  );
  if (taken !== undefined) throw loginTaken(taken.provider);
  for (const other of others) {
    putIdentity(other, { logins: [], standing: "disabled", mergedInto: kept.id }, writing(context));
  }
  const isUnchanged = all.length === kept.logins.length && kept.standing === "authenticated";
  return isUnchanged ? kept : putIdentity(kept, { logins: all, standing: "authenticated" }, writing(context));
}

/** The identities that the logins are linked to, the oldest first. */
async function ownersOf(
  poolId: string,
  logins: readonly Login[],
  { tx }: Pick<Context, "tx">,
): Promise<readonly Identity[]> {
  const owners = new Map<string, Identity>();
  for (const login of logins) {
    const owner = await ownerOf(poolId, login, tx);
    if (owner !== undefined) owners.set(owner.id, owner);
  }
  return [...owners.values()].toSorted((one, other) => one.createdAtMs - other.createdAtMs);
}

const distinct = (logins: readonly Login[]): readonly Login[] =>
  logins
    .filter((login, index) => logins.findIndex((other) => isSame(other, login)) === index)
    .map(({ provider, subject }) => ({ provider, subject }));

const writing = (context: Surroundings) => ({ tx: context.tx, now: () => context.now() });

/** Takes logins away; without any the identity is nobody's. */
export function withoutLogins(identity: Identity, isGone: (login: Login) => boolean, context: Surroundings): Identity {
  const logins = identity.logins.filter((login) => !isGone(login));
  const standing = logins.length === 0 ? "disabled" : identity.standing;
  return putIdentity(identity, { logins, standing }, writing(context));
}
