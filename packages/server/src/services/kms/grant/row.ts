/** Grants as rows, by id, by who has them and by who may retire them. */
import type { GrantOperation } from "@aws-sdk/client-kms";
import type { Arn } from "../../../kernel/arn.ts";
import { table, type Key as RowKey, type Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { EncryptionContext } from "../use/ciphertext.ts";
import { homeOf, type Key } from "../key/row.ts";
import { covers, type Wanted } from "./reach.ts";
import { GRANTS_PER_KEY_MAX } from "../limits.ts";

/** Somebody who has a grant: held by unique id, so that others who get the name later are not meant. */
export interface Grantee {
  /** An ARN, or a service's name. */
  readonly name: string;
  /** The unique id of a user or a role; the name where it has none. */
  readonly id: string;
  /** The kind of member that named it, in which answers name it too: that of principals takes services as well. */
  readonly namedAs: "principal" | "service";
}

export interface Constraints {
  readonly equals?: EncryptionContext | undefined;
  readonly subset?: EncryptionContext | undefined;
  readonly sourceArn?: string | undefined;
}

export interface Grant {
  readonly id: string;
  readonly keyId: string;
  readonly keyArn: Arn;
  readonly name: string | undefined;
  readonly createdAtMs: number;
  readonly grantee: Grantee;
  readonly retiring: Grantee | undefined;
  /** The account of who made it, as its root user's ARN. */
  readonly issuer: string;
  readonly operations: readonly GrantOperation[];
  readonly constraints: Constraints;
}

const grants = table<Grant>("kms.grant", "region", ({ keyId, id }) => [keyId, id]);
const byGrantee = table<Grant>("kms.grant-of", "region", ({ keyId, grantee, id }) => [keyId, grantee.id, id]);
/** Of all accounts. */
const byRetiring = table<Grant>("kms.retirable-grant", "global", ({ retiring, keyArn, id }) => [
  retiring?.id ?? "",
  keyArn,
  id,
]);

export { grants as grantTable, byRetiring as retirableGrants };

export const findGrant = (key: Key, grantId: string, tx: Transaction): Promise<Grant | undefined> =>
  homeOf(key, tx).get(grants, key.id, grantId);

/** How many grants a key has, so that nobody has to count them. */
interface GrantCount {
  readonly keyId: string;
  readonly grants: number;
}

const counts = table<GrantCount>("kms.grant-count", "region", ({ keyId }) => [keyId]);

export const countGrants = (key: Key, tx: Transaction): Promise<number> =>
  homeOf(key, tx)
    .get(counts, key.id)
    .then((found) => found?.grants ?? 0);

export async function putGrant(key: Key, grant: Grant, tx: Transaction): Promise<void> {
  const home = homeOf(key, tx);
  home.put(counts, { keyId: key.id, grants: (await countGrants(key, tx)) + 1 });
  home.put(grants, grant);
  home.put(byGrantee, grant);
  if (grant.retiring !== undefined) home.put(byRetiring, grant);
}

export async function deleteGrant(key: Key, grant: Grant, tx: Transaction): Promise<void> {
  const home = homeOf(key, tx);
  home.put(counts, { keyId: key.id, grants: (await countGrants(key, tx)) - 1 });
  home.delete(grants, grant.keyId, grant.id);
  home.delete(byGrantee, grant.keyId, grant.grantee.id, grant.id);
  if (grant.retiring !== undefined) home.delete(byRetiring, grant.retiring.id, grant.keyArn, grant.id);
}

export const grantsOf = (key: Key, tx: Transaction): Promise<readonly Grant[]> =>
  homeOf(key, tx).scan(grants, { prefix: [key.id], limit: GRANTS_PER_KEY_MAX });

/** All of a key's. */
export async function deleteGrantsOf(key: Key, tx: Transaction): Promise<void> {
  for (const grant of await grantsOf(key, tx)) {
    await deleteGrant(key, grant, tx);
  }
  homeOf(key, tx).delete(counts, key.id);
}

/** The names under which a caller may have been granted something: itself, its role, its account. */
export function granteeIds({ principal, partition }: Pick<Context, "principal" | "partition">): readonly string[] {
  switch (principal.type) {
    case "anonymous":
      return [];
    case "service":
      return [principal.service];
    case "role-session":
      return [principal.arn, principal.roleId, accountRoot(principal.account, partition)];
    case "user":
    case "federated-user":
      return [principal.userId, principal.arn, accountRoot(principal.account, partition)];
    case "root":
      return [principal.arn];
  }
}

const accountRoot = (account: string, partition: string): string => `arn:${partition}:iam::${account}:root`;

/** The grants that let the caller do what it wants, in the form that a question carries them. */
export async function grantsFor(key: Key, wanted: Wanted, context: Context): Promise<NonNullable<Access["grants"]>> {
  if ((await countGrants(key, context.tx)) === 0) return [];
  const home = homeOf(key, context.tx);
  const isOfUse = (grant: Grant): boolean => covers(grant, wanted, context.request.calling?.sourceArn);
  const found = await Promise.all(granteeIds(context).map((id) => firstOf([key.id, id], isOfUse, home)));
  return found.flat().map(({ id }) => ({ layer: "grant", name: id }));
}

const PAGE_ROWS = 1000;

/** Of a grantee's grants the first that are of use: one is enough. */
async function firstOf(prefix: RowKey, isOfUse: (grant: Grant) => boolean, home: Transaction): Promise<Grant[]> {
  for (let after: RowKey | undefined; ;) {
    const rows = await home.scan(byGrantee, { prefix, after, limit: PAGE_ROWS });
    const found = rows.filter(isOfUse);
    const last = rows.at(-1);
    if (found.length > 0 || last === undefined || rows.length < PAGE_ROWS) return found;
    after = byGrantee.keyOf(last);
  }
}
