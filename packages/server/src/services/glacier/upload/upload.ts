/**
 * Multi-part uploads: begun, aborted, listed; completing one is `completion.ts`.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/multipart-archive-operations.html
 */
import type { UploadListElement } from "@aws-sdk/client-glacier";
import { onVault } from "../access.ts";
import { requireDescription } from "../archive/archive.ts";
import { invalidPartSize } from "../errors.ts";
import { operation, vaultArn } from "../kit.ts";
import { PART_BYTES_MAX, MIB, ROWS_PER_PAGE } from "../limits.ts";
import { newOpaqueId } from "../opaque-id.ts";
import { pageOf } from "../paging.ts";
import type { Place } from "../place.ts";
import { abortUpload, requireUpload, uploads, watchUpload, type Upload } from "./row.ts";
import { requireVault } from "../vault/row.ts";
import { vaultPath } from "../vault/vault.ts";

export const initiateMultipartUpload = operation("InitiateMultipartUpload", {
  authorize: (input, context) => onVault("InitiateMultipartUpload", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    requireDescription(input.archiveDescription);
    const id = newOpaqueId("upload", context);
    const createdAtMs = context.now().getTime();
    const upload: Upload = {
      vault: vault.name,
      id,
      createdAtMs,
      description: input.archiveDescription,
      partBytes: requirePartSize(input.partSize),
      state: { kind: "open" },
    };
    place.tx.put(uploads, upload);
    watchUpload(upload, place, createdAtMs, context);
    return { location: `${vaultPath(place, vault.name)}/multipart-uploads/${id}`, uploadId: id };
  },
});

/** @throws {AwsError} `InvalidParameterValueException` */
function requirePartSize(text: string | undefined): number {
  const bytes = /^\d+$/.test(text ?? "") ? Number(text) : Number.NaN;
  if (bytes >= MIB && bytes <= PART_BYTES_MAX && Number.isInteger(Math.log2(bytes))) return bytes;
  throw invalidPartSize(text ?? "null");
}

export const abortMultipartUpload = operation("AbortMultipartUpload", {
  authorize: (input, context) => onVault("AbortMultipartUpload", input, context),

  async handle(input, context) {
    await abortUpload(await requireUpload(input, context), context);
    return {};
  },
});

export const listMultipartUploads = operation("ListMultipartUploads", {
  authorize: (input, context) => onVault("ListMultipartUploads", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    const wanted = { from: uploads, prefix: [vault.name], max: ROWS_PER_PAGE, fits: isOpen };
    const { rows, marker } = await pageOf(input, wanted, place.tx);
    return { UploadsList: rows.map((upload) => formatUpload(upload, place)), Marker: marker };
  },
});

const isOpen = ({ state }: Upload): boolean => state.kind === "open";

export const formatUpload = ({ vault, id, createdAtMs, description, partBytes }: Upload, place: Place) =>
  ({
    MultipartUploadId: id,
    VaultARN: vaultArn(place, vault),
    ArchiveDescription: description,
    PartSizeInBytes: partBytes,
    CreationDate: new Date(createdAtMs).toISOString(),
  }) satisfies UploadListElement;
