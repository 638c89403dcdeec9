/** The rows of vaults, and their finder. */
import type { PinnedPolicy } from "../../../identity/directory.ts";
import { table } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { invalidValue, vaultNotFound } from "../errors.ts";
import { vaultArn } from "../kit.ts";
import { VAULT_NAME_CHARACTERS_MAX } from "../limits.ts";
import { placeOf, type Place } from "../place.ts";

/** What a vault held when it was last looked through. */
export interface Inventory {
  readonly atMs: number;
  readonly archives: number;
  /** With what is kept about each archive. */
  readonly bytes: number;
}

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-lock.html */
export type VaultLock = {
  readonly id: string;
  readonly policy: PinnedPolicy;
  readonly startedAtMs: number;
} & ({ readonly state: "InProgress"; readonly expiresAtMs: number } | { readonly state: "Locked" });

export interface NotificationConfig {
  readonly topic: string;
  readonly events: readonly string[];
}

export interface Vault {
  readonly name: string;
  readonly createdAtMs: number;
  readonly inventory?: Inventory;
  /** Something came or went since. */
  readonly changed?: true;
  readonly policy?: PinnedPolicy;
  readonly lock?: VaultLock;
  readonly notifications?: NotificationConfig;
  readonly tags: Tags;
}

export const vaults = table<Vault>("glacier.vault", "region", ({ name }) => [name]);

/** The members by which an operation names the vault it means. */
export interface VaultInput {
  readonly accountId: string;
  readonly vaultName: string;
}

/** @throws {AwsError} `InvalidParameterValueException` */
export function requireVaultName(name: string): void {
  if (name.length > VAULT_NAME_CHARACTERS_MAX || !/^[\w.-]+$/.test(name)) throw invalidValue("vault name", name);
}

export interface FoundVault {
  readonly place: Place;
  readonly vault: Vault;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireVault(input: VaultInput, context: Context): Promise<FoundVault> {
  const place = placeOf(input, context);
  const vault = await place.tx.get(vaults, input.vaultName);
  if (!vault) throw vaultNotFound(vaultArn(place, input.vaultName));
  return { place, vault };
}
