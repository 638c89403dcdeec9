/** Users as they are kept, and the names that find them. */
import type { AttributeType, UserStatusType } from "@aws-sdk/client-cognito-identity-provider";
import { table, type Transaction } from "../../../kernel/table.ts";
import { aliasExists, attributeTaken, userNotFound } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";
import type { PasswordVerifier } from "../sign-in/srp.ts";
import type { ImportedPassword } from "../user-import/imported-password.ts";
import { clearCount, countUser } from "./user-count.ts";

export type Attributes = Readonly<Record<string, string>>;

/** Second factors that a user may prefer, as GetUser names them. */
export type Factor = "SMS_MFA" | "SOFTWARE_TOKEN_MFA" | "EMAIL_OTP";

export interface User {
  readonly poolId: string;
  /** The name in the form that compares: folded where the pool knows no case. */
  readonly key: string;
  readonly username: string;
  readonly sub: string;
  readonly status: UserStatusType;
  readonly enabled: boolean;
  readonly attributes: Attributes;
  /** New values that wait for their code, by name: the old ones stay until then. */
  readonly waiting?: Attributes | undefined;
  readonly password?: PasswordVerifier | undefined;
  /** One that the user had elsewhere, until they first sign in with it. */
  readonly imported?: ImportedPassword | undefined;
  /** The passwords before, newest first, as many as the policy remembers. */
  readonly passwordsBefore?: readonly PasswordVerifier[] | undefined;
  /** Until when an administrator's password is good; `undefined` where the user chose it. */
  readonly temporaryUntilMs?: number | undefined;
  readonly factors: readonly Factor[];
  readonly preferredFactor?: Factor | undefined;
  /** Whether a passkey may be two factors, where the user has said. */
  readonly passkeyFactor?: boolean | undefined;
  /** The seed of the authenticator app, sealed. */
  readonly seed?: string | undefined;
  /** One that was given out and not yet verified. */
  readonly seedWaiting?: string | undefined;
  /** The steps whose codes were used, newest last. */
  readonly stepsUsed?: readonly number[] | undefined;
  /** Attributes that SMS go to by SetUserSettings, which is older than factors. */
  readonly smsOptions?: readonly string[] | undefined;
  /** Sessions of another generation were signed out, or are of somebody who had the name before. */
  readonly generation: number;
  readonly failures?: { readonly count: number; readonly lastMs: number; readonly lockedUntilMs: number } | undefined;
  /** External identities linked to this user. */
  readonly identities?: readonly LinkedIdentity[] | undefined;
  readonly createdMs: number;
  readonly changedMs: number;
}

export interface LinkedIdentity {
  readonly providerName: string;
  readonly providerType: string;
  readonly userId: string;
  /** What a SAML provider calls itself. */
  readonly issuer: string | null;
  /** The user came with it, and was not there before. */
  readonly primary: boolean;
  /** Epoch milliseconds, as tokens say it. */
  readonly dateCreated: string;
}

export const users = table<User>("cognito-idp.user", "global", ({ poolId, key }) => [poolId, key]);

/** Attributes that stand for a user's name, where the pool says so. */
const NAMING = ["email", "phone_number", "preferred_username"] as const;
type Naming = (typeof NAMING)[number] | "sub";

interface Alias {
  readonly poolId: string;
  readonly attribute: Naming;
  readonly value: string;
  /** The user's key. */
  readonly user: string;
}

const aliases = table<Alias>("cognito-idp.alias", "global", ({ poolId, attribute, value }) => [
  poolId,
  attribute,
  value,
]);

const isCaseSensitive = ({ settings }: Pool): boolean => settings.UsernameConfiguration?.CaseSensitive ?? true;

/** A name in the form that compares. */
export const fold = (pool: Pool, name: string): string => (isCaseSensitive(pool) ? name : name.toLowerCase());

/** Whether users of the pool sign in with an address or number, so that their name is their `sub`. */
export const signsInWith = ({ settings }: Pool, attribute: string): boolean =>
  (settings.UsernameAttributes ?? []).some((each) => each === attribute);

export const isNamedByAttribute = ({ settings }: Pool): boolean => (settings.UsernameAttributes ?? []).length > 0;

/** The user of this name: the name itself, or what the pool lets stand for it. */
export async function findUser(pool: Pool, name: string, tx: Transaction): Promise<User | undefined> {
  const value = fold(pool, name);
  const named = await tx.get(users, pool.id, value);
  if (named) return named;
  for (const attribute of ["sub", ...NAMING] as const) {
    const alias = await tx.get(aliases, pool.id, attribute, value);
    if (alias) return tx.get(users, pool.id, alias.user);
  }
  return undefined;
}

/** @throws {AwsError} `UserNotFoundException` */
export async function requireUser(pool: Pool, name: string, tx: Transaction): Promise<User> {
  const user = await findUser(pool, name, tx);
  if (!user) throw userNotFound();
  return user;
}

/** By chance, so that nobody goes on with what a user of the same name was given who is gone. */
export const firstGeneration = (sub: string): number => Number.parseInt(sub.slice(-12), 16);

export const isVerified = ({ attributes }: Pick<User, "attributes">, attribute: string): boolean =>
  isTrue(attributes[`${attribute}_verified`]);

/** A truth in any case. Source: https://github.com/getmoto/moto/blob/master/tests/test_cognitoidp/test_cognitoidp.py (a test run against AWS) */
export const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === "true";

/**
 * An alias counts once it is verified; what users sign in with counts at once.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-attributes.html#user-pool-settings-aliases
 */
function aliasesOf(pool: Pool, user: User): Alias[] {
  const { attributes, sub, key, poolId } = user;
  const isAlias = (attribute: Naming): boolean =>
    (pool.settings.AliasAttributes ?? []).some((each) => each === attribute) &&
    (attribute === "preferred_username" ? user.status !== "UNCONFIRMED" : isVerified(user, attribute));
  const named = NAMING.flatMap((attribute): Alias[] => {
    const value = attributes[attribute];
    if (value === undefined || !(signsInWith(pool, attribute) || isAlias(attribute))) return [];
    return [{ poolId, attribute, value: fold(pool, value), user: key }];
  });
  return [{ poolId, attribute: "sub", value: sub, user: key }, ...named];
}

/** Whether a name that is taken by another user is refused, or taken from them. */
type OnConflict = "refuse" | "take";

/**
 * Puts a user, with all names that find them.
 * @throws {AwsError} `AliasExistsException` or `UsernameExistsException` where another user has one of the names.
 */
export async function putUser(
  pool: Pool,
  user: User,
  tx: Transaction,
  onConflict: OnConflict = "refuse",
): Promise<void> {
  const before = await tx.get(users, user.poolId, user.key);
  const now = aliasesOf(pool, user);
  for (const alias of before ? aliasesOf(pool, before) : []) {
    const stays = now.some(({ attribute, value }) => attribute === alias.attribute && value === alias.value);
    if (!stays) tx.delete(aliases, alias.poolId, alias.attribute, alias.value);
  }
  for (const alias of now) {
    const held = await tx.get(aliases, alias.poolId, alias.attribute, alias.value);
    if (held && held.user !== user.key) {
      if (signsInWith(pool, alias.attribute))
        throw before ? aliasExists(alias.attribute) : attributeTaken(alias.attribute);
      if (onConflict === "refuse") throw aliasExists(alias.attribute);
      await loseAlias(held, tx);
    }
    tx.put(aliases, alias);
  }
  if (!before) await countUser(user, 1, tx);
  tx.put(users, user);
}

/** The one who had the alias keeps the address, no longer verified. */
async function loseAlias({ poolId, user: key, attribute }: Alias, tx: Transaction): Promise<void> {
  const loser = await tx.get(users, poolId, key);
  if (!loser) return;
  tx.put(users, { ...loser, attributes: { ...loser.attributes, [`${attribute}_verified`]: "false" } });
}

/** Takes a user out, with all names that found them. */
export async function dropUser(pool: Pool, user: User, tx: Transaction): Promise<void> {
  for (const { poolId, attribute, value } of aliasesOf(pool, user)) tx.delete(aliases, poolId, attribute, value);
  tx.delete(users, user.poolId, user.key);
  await countUser(user, -1, tx);
}

/** All users' names of a pool that is deleted. */
export async function clearUsers(poolId: string, tx: Transaction): Promise<void> {
  await clearCount(poolId, tx);
  await tx.clear(aliases, { prefix: [poolId], limit: Infinity });
  await tx.clear(users, { prefix: [poolId], limit: Infinity });
}

/** The attributes as answers list them, `sub` among them. */
export function formatAttributes({ attributes, sub, identities }: User, only?: readonly string[]): AttributeType[] {
  const all = Object.entries({ ...attributes, ...identitiesAttribute(identities), sub });
  const wanted = only === undefined ? all : all.filter(([name]) => only.includes(name));
  return wanted.map(([Name, Value]) => ({ Name, Value }));
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-identity-federation-consolidate-users.html */
export const identitiesAttribute = (identities: User["identities"] = []): Attributes =>
  identities.length === 0
    ? {}
    : {
        identities: JSON.stringify(
          identities.map((identity) => ({ ...identity, dateCreated: Number(identity.dateCreated) })),
        ),
      };
