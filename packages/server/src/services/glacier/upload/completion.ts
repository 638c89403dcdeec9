/**
 * From the parts of an upload to an archive: no byte moves.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-multipart-complete-upload.html
 */
import { onVault } from "../access.ts";
import { formatArchive, putArchive } from "../archive/archive.ts";
import { invalidValue, missing, partsMissing, uploadNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { hexOf, nodeOf, rootOf } from "../archive/tree-hash.ts";
import { parts, partsOf, requireUpload, uploads, watchUpload, type Part, type Upload } from "./row.ts";

export const completeMultipartUpload = operation("CompleteMultipartUpload", {
  authorize: (input, context) => onVault("CompleteMultipartUpload", input, context),

  async handle(input, context) {
    const found = await requireUpload(input, context);
    const { upload, place } = found;
    if (upload.state.kind === "completed") {
      return formatArchive({ id: upload.state.archiveId, treeHash: upload.state.treeHash }, found);
    }
    if (upload.state.kind === "aborted") throw uploadNotFound(upload.id);
    const made = await partsOf(upload, place.tx);
    requireWhole(made, upload);
    requireClaims(input, made);
    const pieces = made.map(({ blob, size, treeHash, leaves }) => ({
      blob,
      size,
      treeHash,
      ...(leaves && { leaves }),
    }));
    const archive = putArchive(pieces, upload.description, found, context);
    for (const { start } of made) place.tx.delete(parts, upload.id, start);
    const state = { kind: "completed", archiveId: archive.id, treeHash: archive.treeHash } as const;
    place.tx.put(uploads, { ...upload, state });
    watchUpload(upload, place, context.now().getTime(), context);
    return formatArchive(archive, found);
  },
});

/** @throws {AwsError} `InvalidParameterValueException` where something is missing between the parts. */
function requireWhole(made: readonly Part[], { partBytes }: Upload): void {
  let end = 0;
  for (const { start, size } of made) {
    if (start !== end) throw partsMissing(`${end}-${start - 1}`);
    end = start + size;
  }
  if (end === 0) throw partsMissing(`0-${partBytes - 1}`);
}

interface Claims {
  readonly archiveSize?: string | undefined;
  readonly checksum?: string | undefined;
}

/** @throws {AwsError} `MissingParameterValueException`, `InvalidParameterValueException` */
function requireClaims({ archiveSize, checksum }: Claims, made: readonly Part[]): void {
  if (checksum === undefined) throw missing("x-amz-sha256-tree-hash");
  if (archiveSize === undefined) throw missing("x-amz-archive-size");
  const size = made.reduce((sum, part) => sum + part.size, 0);
  if (Number(archiveSize) !== size) throw invalidValue("x-amz-archive-size", archiveSize);
  const treeHash = hexOf(rootOf(made.map((part) => nodeOf(part.treeHash))));
  if (checksum !== treeHash) throw invalidValue("x-amz-sha256-tree-hash", checksum);
}
