/** Aliases as rows, by name and by key. */
import { formatArn, type Arn } from "../../kernel/arn.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import { ALIASES_PER_KEY_MAX } from "./limits.ts";

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

export const findAlias = (name: string, home: Transaction): Promise<Alias | undefined> => home.get(aliases, name);

export const aliasesOf = (keyId: string, home: Transaction): Promise<Alias[]> =>
  home.scan(keyAliases, { prefix: [keyId], limit: ALIASES_PER_KEY_MAX });

/** `before`: what the name stood for until now. */
export function putAlias(alias: Alias, before: Alias | undefined, home: Transaction): void {
  if (before !== undefined) home.delete(keyAliases, before.keyId, before.name);
  home.put(aliases, alias);
  home.put(keyAliases, alias);
}

export function deleteAliasRow({ keyId, name }: Alias, home: Transaction): void {
  home.delete(aliases, name);
  home.delete(keyAliases, keyId, name);
}

interface AliasPlace {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
}

export const aliasArn = ({ partition, region, account }: AliasPlace, name: string): Arn =>
  formatArn({ partition, service: "kms", region, account, resource: name });
