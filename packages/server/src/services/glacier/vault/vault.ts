/**
 * Vaults: made, described, listed, deleted.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-operations.html
 */
import type { DescribeVaultOutput } from "@aws-sdk/client-glacier";
import { parseArn } from "../../../kernel/arn.ts";
import { onAccount, onVault } from "../access.ts";
import { invalidValue, tooManyVaults, vaultNotEmpty } from "../errors.ts";
import { dropDeleted } from "../inventory/inventory.ts";
import { dropJobs } from "../job/row.ts";
import { operation, vaultArn } from "../kit.ts";
import { VAULTS_MAX, VAULTS_PER_PAGE } from "../limits.ts";
import { limitOf } from "../paging.ts";
import { placeOf, timerKey, type Place } from "../place.ts";
import { dropUploads } from "../upload/row.ts";
import { requireVault, vaults, type Vault } from "./row.ts";

export const createVault = operation("CreateVault", {
  authorize: (input, context) => onVault("CreateVault", input, context),

  async handle(input, context) {
    const place = placeOf(input, context);
    const { vaultName: name } = input;
    if (!(await place.tx.get(vaults, name))) {
      const others = await place.tx.scan(vaults, { limit: VAULTS_MAX });
      if (others.length >= VAULTS_MAX) throw tooManyVaults(VAULTS_MAX);
      place.tx.put(vaults, { name, createdAtMs: context.now().getTime(), tags: {} });
    }
    return { location: vaultPath(place, name) };
  },
});

/** Relative, as all locations are. */
export const vaultPath = ({ account }: Place, name: string): string => `/${account}/vaults/${name}`;

export const describeVault = operation("DescribeVault", {
  authorize: (input, context) => onVault("DescribeVault", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    return formatVault(vault, place);
  },
});

/** Nothing was counted before the first inventory. */
function formatVault({ name, createdAtMs, inventory }: Vault, place: Place): DescribeVaultOutput {
  return {
    VaultARN: vaultArn(place, name),
    VaultName: name,
    CreationDate: new Date(createdAtMs).toISOString(),
    LastInventoryDate: inventory && new Date(inventory.atMs).toISOString(),
    NumberOfArchives: inventory?.archives ?? 0,
    SizeInBytes: inventory?.bytes ?? 0,
  };
}

export const listVaults = operation("ListVaults", {
  authorize: (input, context) => onAccount("ListVaults", input, context),

  async handle(input, context) {
    const place = placeOf(input, context);
    const limit = limitOf(input.limit, VAULTS_PER_PAGE);
    const found = await place.tx.scan(vaults, { after: afterMarker(input.marker), limit: limit + 1 });
    const given = found.slice(0, limit);
    const last = given.at(-1);
    return {
      VaultList: given.map((vault) => formatVault(vault, place)),
      Marker: found.length > limit && last ? vaultArn(place, last.name) : undefined,
    };
  },
});

/** The marker is the ARN of the last vault that was given; an empty one begins at the first. */
function afterMarker(marker: string | undefined): readonly string[] | undefined {
  if (marker === undefined || marker === "") return undefined;
  const name = /^vaults\/(.+)$/.exec(parseArn(marker)?.resource ?? "")?.[1];
  if (name === undefined) throw invalidValue("marker", marker);
  return [name];
}

/** What counts is the last inventory, and that nothing was written since: an archive deleted a moment ago is in the way. */
export const deleteVault = operation("DeleteVault", {
  authorize: (input, context) => onVault("DeleteVault", input, context),

  async handle(input, context) {
    const place = placeOf(input, context);
    const vault = await place.tx.get(vaults, input.vaultName);
    if (!vault) return {};
    if (vault.changed || (vault.inventory?.archives ?? 0) > 0) throw vaultNotEmpty(vaultArn(place, vault.name));
    await dropUploads(vault, place, context);
    await dropJobs(vault, place, context);
    await dropDeleted(vault.name, place.tx);
    context.cancel("expireLock", timerKey(place, vault.name));
    place.tx.delete(vaults, vault.name);
    return {};
  },
});
