/** Aliases as rows, by name and by key. */
import { formatArn, type Arn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { ALIASES_PER_KEY_MAX } from "../limits.ts";

export interface Alias {
  /** `alias/payroll`. */
  readonly name: string;
  readonly keyId: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export const aliases = table<Alias>("kms.alias", "region", ({ name }) => [name]);

/** The same by the key that they stand for. */
export const keyAliases = table<Alias>("kms.key-alias", "region", ({ keyId, name }) => [keyId, name]);

/** The names of a key's aliases in one row, which every question about the key reads. */
interface AliasNames {
  readonly keyId: string;
  readonly names: readonly string[];
}

const aliasNames = table<AliasNames>("kms.alias-names", "region", ({ keyId }) => [keyId]);

export const findAlias = (name: string, home: Transaction): Promise<Alias | undefined> => home.get(aliases, name);

export const aliasesOf = (keyId: string, home: Transaction): Promise<Alias[]> =>
  home.scan(keyAliases, { prefix: [keyId], limit: ALIASES_PER_KEY_MAX });

export const namesOf = (keyId: string, home: Transaction): Promise<readonly string[]> =>
  home.get(aliasNames, keyId).then((found) => found?.names ?? []);

/** `before`: what the name stood for until now. */
export async function putAlias(alias: Alias, before: Alias | undefined, home: Transaction): Promise<void> {
  if (before !== undefined) await dropFromKey(before, home);
  const { keyId, name } = alias;
  home.put(aliases, alias);
  home.put(keyAliases, alias);
  home.put(aliasNames, { keyId, names: [...(await namesOf(keyId, home)), name].toSorted() });
}

export async function deleteAliasRow(alias: Alias, home: Transaction): Promise<void> {
  home.delete(aliases, alias.name);
  await dropFromKey(alias, home);
}

async function dropFromKey({ keyId, name }: Alias, home: Transaction): Promise<void> {
  home.delete(keyAliases, keyId, name);
  const names = (await namesOf(keyId, home)).filter((other) => other !== name);
  if (names.length > 0) home.put(aliasNames, { keyId, names });
  else home.delete(aliasNames, keyId);
}

interface AliasPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const aliasArn = ({ partition, region, account }: AliasPlace, name: string): Arn =>
  formatArn({ partition, service: "kms", region, account, resource: name });
