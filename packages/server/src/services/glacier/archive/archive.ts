/**
 * Archives: uploaded in one piece, deleted.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/archive-operations.html
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import type { ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onVault } from "../access.ts";
import { archives, deletedArchives, findArchive, type Archive } from "./row.ts";
import { dropBody, keepPiece, putBody, type Piece } from "./body.ts";
import { invalidValue } from "../errors.ts";
import { claimOf, takeIn } from "./intake.ts";
import { noteChange } from "../inventory/inventory.ts";
import { operation, streaming } from "../kit.ts";
import { DESCRIPTION_CHARACTERS_MAX } from "../limits.ts";
import { newOpaqueId, timeOf } from "../opaque-id.ts";
import { placeOf } from "../place.ts";
import { hexOf, nodeOf, rootOf } from "./tree-hash.ts";
import { requireVault, type FoundVault, type VaultInput } from "../vault/row.ts";
import { vaultPath } from "../vault/vault.ts";

export const uploadArchive = streaming("UploadArchive", {
  authorize: (input, context) => onVault("UploadArchive", input, context),

  async receive(input, context) {
    requireDescription(input.archiveDescription);
    const claim = claimOf(input, context.request);
    await requireVault(input, context);
    return takeIn(context.request.body, claim, context.blobs);
  },

  async handle(input, context, piece) {
    const found = await requireVault(input, context);
    keepPiece(piece, context.blobs);
    return formatArchive(putArchive([piece], input.archiveDescription, found, context), found);
  },
});

/**
 * Printable ASCII.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-archive-post.html (x-amz-archive-description)
 *
 * @throws {AwsError} `InvalidParameterValueException`
 */
export function requireDescription(text: string | undefined): void {
  if (text === undefined || (text.length <= DESCRIPTION_CHARACTERS_MAX && /^[\x20-\x7e]*$/.test(text))) return;
  throw invalidValue("x-amz-archive-description", text);
}

/** Stores an archive of pieces that are already kept. */
export function putArchive(
  pieces: readonly Piece[],
  description: string | undefined,
  found: FoundVault,
  context: Context,
): Archive {
  const id = newOpaqueId("archive", context);
  const archive: Archive = {
    vault: found.vault.name,
    id,
    createdAtMs: timeOf(id),
    description: description ?? "",
    size: pieces.reduce((sum, { size }) => sum + size, 0),
    treeHash: hexOf(rootOf(pieces.map(({ treeHash }) => nodeOf(treeHash)))),
    bodyId: putBody(pieces, context),
  };
  found.place.tx.put(archives, archive);
  noteChange(found, context);
  return archive;
}

export const formatArchive = ({ id, treeHash }: Pick<Archive, "id" | "treeHash">, { place, vault }: FoundVault) => ({
  location: `${vaultPath(place, vault.name)}/archives/${id}`,
  checksum: treeHash,
  archiveId: id,
});

export const deleteArchive = operation("DeleteArchive", {
  authorize: async (input, context) => onVault("DeleteArchive", input, context, await ageKeys(input, context)),

  async handle(input, context) {
    const found = await requireVault(input, context);
    const { tx } = found.place;
    const archive = await findArchive({ vault: found.vault.name, id: input.archiveId }, tx);
    if (!archive) return {};
    const deletedAtMs = context.now().getTime();
    await dropBody(archive.bodyId, context);
    tx.put(archives, { ...archive, deletedAtMs });
    tx.put(deletedArchives, { vault: archive.vault, deletedAtMs, id: archive.id });
    noteChange(found, context);
    return {};
  },
});

/** How long an archive has been there, in whole days. */
export async function ageKeys(
  input: VaultInput & { readonly archiveId?: string | undefined },
  context: Context,
): Promise<ConditionKeys> {
  if (input.archiveId === undefined) return {};
  const archive = await findArchive({ vault: input.vaultName, id: input.archiveId }, placeOf(input, context).tx);
  if (!archive) return {};
  const ageMs = context.now().getTime() - archive.createdAtMs;
  return { "glacier:ArchiveAgeInDays": String(Math.floor(ageMs / DAY_MS)) };
}
