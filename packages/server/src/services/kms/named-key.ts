/** How calls name keys. Source: https://docs.aws.amazon.com/kms/latest/developerguide/find-cmk-id-arn.html */
import { formatArn, parseAccountId, parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { findAlias } from "./alias-row.ts";
import { aliasNotFound, keyIdInvalid, keyNotFound, regionWrong } from "./errors.ts";
import { homeOf, keyArn, keys, type Key } from "./key-row.ts";
import { findManagedKey } from "./managed-key.ts";

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
export async function requireAnyKey(keyId: string, context: Context): Promise<Key> {
  const { key, alias } = await requireNamedKey(keyId, context);
  if (alias !== undefined) throw keyIdInvalid(keyId);
  return key;
}

/**
 * The key of that id, ARN, alias or alias ARN; an ARN may be another account's.
 * @throws {AwsError} `NotFoundException`
 */
export function requireNamedKey(keyId: string, context: Context): Promise<NamedKey> {
  const { account, region, partition } = context;
  const parts = parseArn(keyId);
  if (parts === undefined) return findIn({ account, region, partition }, keyId, { named: keyId, context });
  const owner = parseAccountId(parts.account);
  if (parts.service !== "kms" || owner === undefined) throw keyIdInvalid(keyId);
  if (parts.region !== region) throw regionWrong(parts.region);
  return findIn({ account: owner, region, partition }, parts.resource.replace(/^key\//, ""), { named: keyId, context });
}

type Place = Pick<Key, "account" | "region" | "partition">;

async function findIn(
  place: Place,
  name: string,
  { named, context }: { readonly named: string; readonly context: Context },
): Promise<NamedKey> {
  const { tx } = context;
  const home = homeOf(place, tx);
  if (name.startsWith("alias/")) {
    const alias = await findAlias(name, home);
    const key = alias === undefined ? await findManagedKey(name, place, context) : await home.get(keys, alias.keyId);
    if (key === undefined) throw aliasNotFound(formatArn({ ...place, service: "kms", resource: name }));
    return { key, alias: name };
  }
  const key = await home.get(keys, name);
  if (key !== undefined) return { key };
  throw KEY_ID.test(name) ? keyNotFound(keyArn({ ...place, id: name })) : keyIdInvalid(named);
}
