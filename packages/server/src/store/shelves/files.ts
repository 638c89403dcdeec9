import type { KeyObject } from "node:crypto";
import { mkdir, open, readdir, stat, unlink, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { giveBack, OwnPieces, type ByteStream } from "../../kernel/bytes.ts";
import { blobKey, RECORD_BYTES, RecordSealer } from "../blob-record.ts";
import type { ByteRange } from "../blobs.ts";
import { CorruptBlobError, type Shelf, type ShelvedBlob } from "../shelf.ts";
import { systemErrorCode } from "../system-error.ts";
import { RecordReader } from "./record-reader.ts";

/** So much is encrypted before it is written. */
const WRITE_BYTES = 16 * RECORD_BYTES;
const IDS_PER_PAGE = 500;

export interface FileShelfOptions {
  /** Is made where it does not exist. */
  readonly directory: string;
  readonly masterKey: Uint8Array;
  /** Whether a body survives the loss of power once it is written. */
  readonly sync: boolean;
}

/** Bodies as encrypted files: `xx/ID`, where `xx` is how the id begins. */
export class FileShelf implements Shelf {
  readonly #directory: string;
  readonly #masterKey: Uint8Array;
  readonly #sync: boolean;
  readonly #madeFolders = new Set<string>();

  constructor({ directory, masterKey, sync }: FileShelfOptions) {
    this.#directory = directory;
    this.#masterKey = masterKey;
    this.#sync = sync;
  }

  async write(id: string, stream: ByteStream, secret?: Uint8Array): Promise<number> {
    await this.#makeFolder(id);
    const file = await open(this.#path(id), "wx", 0o600);
    try {
      const size = await writeRecords(file, stream, blobKey(this.#masterKey, id, secret));
      if (this.#sync) await file.sync();
      await file.close();
      if (this.#sync) await syncFolder(this.#folder(id));
      return size;
    } catch (error) {
      await file.close();
      await this.remove(id);
      throw error;
    }
  }

  read(blob: ShelvedBlob, range: ByteRange): ByteStream {
    return new OwnPieces(this.#read(blob, range));
  }

  async *#read({ id, size, secret }: ShelvedBlob, range: ByteRange): ByteStream {
    const body = { id, size, key: blobKey(this.#masterKey, id, secret) };
    const file = await this.#open(id);
    try {
      yield* new RecordReader(file, body, range).read();
    } finally {
      await file.close();
    }
  }

  async remove(id: string): Promise<void> {
    try {
      await unlink(this.#path(id));
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
    }
  }

  async *list(): AsyncGenerator<readonly string[]> {
    for (const folder of await readFolder(this.#directory)) {
      const ids = await readFolder(join(this.#directory, folder));
      for (let at = 0; at < ids.length; at += IDS_PER_PAGE) yield ids.slice(at, at + IDS_PER_PAGE);
    }
  }

  async writtenAtMs(id: string): Promise<number | undefined> {
    try {
      return (await stat(this.#path(id))).mtimeMs;
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
      return undefined;
    }
  }

  /** @throws {CorruptBlobError} */
  async #open(id: string): Promise<FileHandle> {
    try {
      return await open(this.#path(id), "r");
    } catch (error) {
      if (systemErrorCode(error) !== "ENOENT") throw error;
      throw new CorruptBlobError(id, "its file is missing");
    }
  }

  async #makeFolder(id: string): Promise<void> {
    const folder = this.#folder(id);
    if (this.#madeFolders.has(folder)) return;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (this.#sync) await syncFolder(this.#directory);
    this.#madeFolders.add(folder);
  }

  #folder(id: string): string {
    return join(this.#directory, id.slice(0, 2));
  }

  #path(id: string): string {
    return join(this.#folder(id), id);
  }
}

/** One part is encrypted while the one before is written; no more than the two are held. Gives the body's size. */
async function writeRecords(file: FileHandle, stream: ByteStream, key: KeyObject): Promise<number> {
  const sealer = new RecordSealer(key);
  let written: Promise<void> = Promise.resolve();
  for await (const piece of stream) {
    sealer.add(piece);
    if (sealer.waitingBytes < WRITE_BYTES) continue;
    await written;
    written = writeParts(file, sealer.take());
    // Awaited before the next part; until then nobody listens.
    written.catch(() => {});
  }
  sealer.end();
  await written;
  await writeParts(file, sealer.take());
  return sealer.size;
}

async function writeParts(file: FileHandle, parts: Uint8Array[]): Promise<void> {
  const { bytesWritten } = await file.writev(parts);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  for (const part of parts) giveBack(part);
  if (bytesWritten !== bytes) throw new Error(`only ${bytesWritten} of ${bytes} bytes of a body could be written`);
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/** The names in the folder, none where it does not exist. */
async function readFolder(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (systemErrorCode(error) !== "ENOENT") throw error;
    return [];
  }
}
