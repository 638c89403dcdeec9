/** The rows of multi-part uploads and their parts. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { dropPiece, type Piece } from "../archive/body.ts";
import { uploadNotFound, uploadOver } from "../errors.ts";
import { PARTS_MAX, UPLOAD_IDLE_MS } from "../limits.ts";
import { readTimerKey, timerKey, type Place } from "../place.ts";
import { requireVault, type FoundVault, type Vault, type VaultInput } from "../vault/row.ts";

export interface Upload {
  readonly vault: string;
  readonly id: string;
  readonly createdAtMs: number;
  readonly description: string | undefined;
  readonly partBytes: number;
  /** What is over is known for a while, so that a client that has not heard of it may ask again. */
  readonly state:
    | { readonly kind: "open" }
    | { readonly kind: "completed"; readonly archiveId: string; readonly treeHash: string }
    | { readonly kind: "aborted" };
}

export const uploads = table<Upload>("glacier.upload", "region", ({ vault, id }) => [vault, id]);

export interface Part extends Piece {
  readonly uploadId: string;
  /** The first byte's place in the archive. */
  readonly start: number;
  readonly atMs: number;
}

export const parts = table<Part>("glacier.part", "region", ({ uploadId, start }) => [uploadId, start]);

export interface FoundUpload extends FoundVault {
  readonly upload: Upload;
}

interface UploadInput extends VaultInput {
  readonly uploadId: string;
}

/** @throws {AwsError} `ResourceNotFoundException` */
export async function requireUpload(input: UploadInput, context: Context): Promise<FoundUpload> {
  const found = await requireVault(input, context);
  const upload = await found.place.tx.get(uploads, input.vaultName, input.uploadId);
  if (!upload) throw uploadNotFound(input.uploadId);
  return { ...found, upload };
}

/** @throws {AwsError} `ResourceNotFoundException` for one that is over, too. */
export async function requireOpenUpload(input: UploadInput, context: Context): Promise<FoundUpload> {
  const found = await requireUpload(input, context);
  if (found.upload.state.kind !== "open") throw uploadNotFound(input.uploadId);
  return found;
}

export const partsOf = ({ id }: Pick<Upload, "id">, tx: Transaction): Promise<Part[]> =>
  tx.scan(parts, { prefix: [id], limit: PARTS_MAX });

/** Watches over an upload: after a day without activity it is gone. */
export function watchUpload({ vault, id }: Upload, place: Place, fromMs: number, context: Context): void {
  context.at(fromMs + UPLOAD_IDLE_MS, "expireUpload", timerKey(place, vault, id));
}

/** The job. */
export async function expireUpload(context: Context, key: string): Promise<void> {
  const {
    place,
    parts: [vault = "", id = ""],
  } = readTimerKey(key, context);
  const upload = await place.tx.get(uploads, vault, id);
  if (!upload) return;
  const found = upload.state.kind === "open" ? await partsOf(upload, place.tx) : [];
  const activeAtMs = Math.max(0, ...found.map(({ atMs }) => atMs));
  if (activeAtMs + UPLOAD_IDLE_MS > context.now().getTime()) {
    watchUpload(upload, place, activeAtMs, context);
    return;
  }
  await dropParts(upload, place.tx, context);
  place.tx.delete(uploads, vault, id);
}

/** @throws {AwsError} `InvalidParameterValueException` where it was completed. */
export async function abortUpload({ upload, place }: FoundUpload, context: Context): Promise<void> {
  if (upload.state.kind === "completed") throw uploadOver(upload.id);
  if (upload.state.kind === "aborted") return;
  await dropParts(upload, place.tx, context);
  place.tx.put(uploads, { ...upload, state: { kind: "aborted" } });
}

async function dropParts(upload: Upload, tx: Transaction, { blobs }: Pick<Context, "blobs">): Promise<void> {
  for (const part of await partsOf(upload, tx)) {
    dropPiece(part, blobs);
    tx.delete(parts, upload.id, part.start);
  }
}

/** All of a vault that is deleted. */
export async function dropUploads({ name }: Vault, place: Place, context: Context): Promise<void> {
  for (;;) {
    const [upload] = await place.tx.scan(uploads, { prefix: [name], limit: 1 });
    if (!upload) return;
    await dropParts(upload, place.tx, context);
    context.cancel("expireUpload", timerKey(place, name, upload.id));
    place.tx.delete(uploads, name, upload.id);
  }
}
