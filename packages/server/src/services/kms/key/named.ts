/** How calls name keys. Source: https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html */
import { formatArn, parseAccountId, parseArn, type AccountId, type Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { findAlias } from "../alias/row.ts";
import { aliasNotFound, keyIdInvalid, keyNotFound, regionWrong } from "../errors.ts";
import { homeOf, keyArn, keys, type Key } from "./row.ts";
import { findManagedKey } from "./managed.ts";

/** A key, and the alias that the call named it by. */
export interface NamedKey {
  readonly key: Key;
  /** `alias/payroll`. */
  readonly alias?: string | undefined;
}

const KEY_ID = /^(mrk-[\da-f]{32}|[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12})$/;

/**
 * The account's own key of that id or ARN.
 * @throws {AwsError} `NotFoundException`, also where the key is another account's: most operations reach no further.
 */
export async function requireKey(keyId: string, context: Context): Promise<Key> {
  const key = await requireAnyKey(keyId, context);
  if (key.account !== context.account) throw keyNotFound(keyArn(key));
  return key;
}

/**
 * The key of that id or ARN, whosever it is.
 * @throws {AwsError} `NotFoundException`
 */
export const requireAnyKey = async (keyId: string, context: Context): Promise<Key> =>
  requireNoAlias(await requireNamedKey(keyId, context), keyId);

/** @throws {AwsError} `NotFoundException` where the key was named by an alias */
export function requireNoAlias({ key, alias }: NamedKey, keyId: string): Key {
  if (alias !== undefined) throw keyIdInvalid(keyId);
  return key;
}

/**
 * The key of that id, ARN, alias or alias ARN; an ARN may be another account's.
 * @throws {AwsError} `NotFoundException`
 */
export function requireNamedKey(keyId: string, context: Context): Promise<NamedKey> {
  const wanted = read(keyId, context);
  return lookUp(wanted, context).then((found) => found ?? notThere(wanted, keyId));
}

/** What a call names of another account's, and that is not there: nobody outside of that account is told so. */
export interface Missing {
  readonly arn: Arn;
  readonly owner: AccountId;
}

/**
 * The same, but that another account's may be missing.
 * @throws {AwsError} `NotFoundException`
 */
export function findNamedKey(keyId: string, context: Context): Promise<NamedKey | Missing> {
  const wanted = read(keyId, context);
  const isOwn = wanted.place.account === context.account;
  return lookUp(wanted, context).then((found) => found ?? (isOwn ? notThere(wanted, keyId) : missing(wanted)));
}

/** @throws {AwsError} `NotFoundException` */
function notThere({ place, name }: Wanted, keyId: string): never {
  if (name.startsWith(ALIAS)) throw aliasNotFound(formatArn({ ...place, service: "kms", resource: name }));
  throw KEY_ID.test(name) ? keyNotFound(keyArn({ ...place, id: name })) : keyIdInvalid(keyId);
}

function missing({ place, name }: Wanted): Missing {
  const resource = name.startsWith(ALIAS) ? name : `key/${name}`;
  return { arn: formatArn({ ...place, service: "kms", resource }), owner: place.account };
}

const ALIAS = "alias/";

type Place = Pick<Key, "account" | "region" | "partition">;

interface Wanted {
  readonly place: Place;
  /** An id, or `alias/…`. */
  readonly name: string;
}

/** @throws {AwsError} `NotFoundException` */
function read(keyId: string, { account, region, partition }: Context): Wanted {
  const parts = parseArn(keyId);
  if (parts === undefined) return { place: { account, region, partition }, name: keyId };
  const owner = parseAccountId(parts.account);
  if (parts.service !== "kms" || owner === undefined) throw keyIdInvalid(keyId);
  if (parts.region !== region) throw regionWrong(parts.region);
  return { place: { account: owner, region, partition }, name: parts.resource.replace(/^key\//, "") };
}

async function lookUp({ place, name }: Wanted, context: Context): Promise<NamedKey | undefined> {
  const home = homeOf(place, context.tx);
  const isAlias = name.startsWith(ALIAS);
  const key = isAlias ? await behindAlias(name, place, context) : await home.get(keys, name);
  return key && { key, ...(isAlias && { alias: name }) };
}

async function behindAlias(name: string, place: Place, context: Context): Promise<Key | undefined> {
  const home = homeOf(place, context.tx);
  const alias = await findAlias(name, home);
  return alias === undefined ? findManagedKey(name, place, context) : home.get(keys, alias.keyId);
}
