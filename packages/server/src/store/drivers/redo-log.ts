/**
 * What was committed since the file beside it took anything in: one piece a turn, written in one go, so that a commit
 * costs what is new and not the pages that it lies on. A piece is all there or does not count, and what follows it
 * does not either. The file is written anew from its beginning with each generation, and never cut off.
 *
 * Head: `KUMOLOG1`, generation (4 bytes), salt (12), CRC-32 of these. Piece: bytes (4), CRC-32 (4), entries; each sum
 * goes on from the one before, so that remains of earlier generations never follow. Entry: bytes of the key (4), bytes
 * of the value (4, or 2³² − 1 where the key is taken away), key (latin1), value (UTF-8). Numbers are big-endian.
 */
import {
  closeSync,
  constants,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { newNonce } from "../../kernel/ids.ts";
import type { Write } from "../driver.ts";

const MAGIC = "KUMOLOG1";
const GENERATION_AT = 8;
const SALT_AT = 12;
const HEAD_SUM_AT = 24;
const HEAD_BYTES = 28;
const PIECE_HEAD_BYTES = 8;
const ENTRY_HEAD_BYTES = 8;
const TAKEN_AWAY = 0xffff_ffff;
/** A UTF-16 unit has at most so many bytes in UTF-8. */
const UNIT_BYTES_MAX = 3;
/** What a piece is made in is kept for the next where it is no longer. */
const KEPT_BYTES_MAX = 1024 * 1024;

export interface RedoLogOptions {
  readonly path: string;
  /** Whether each piece is on the disk, and not only with the system, before it counts. */
  readonly sync: boolean;
  /** Of what is still to be taken in: anything else in the file is not. */
  readonly generation: number;
}

export class RedoLog {
  readonly #path: string;
  readonly #sync: boolean;
  readonly #file: number;
  #generation: number;
  /** Where the next piece goes. */
  #end = 0;
  /** Of all pieces so far. */
  #sum = 0;
  #room = Buffer.allocUnsafe(64 * 1024);

  /** @throws the system's error where the file cannot be had */
  constructor({ path, sync, generation }: RedoLogOptions) {
    this.#path = path;
    this.#sync = sync;
    this.#generation = generation;
    this.#file = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
    if (sync) syncDirectory(dirname(path));
  }

  /** How many bytes wait in it. */
  get bytes(): number {
    return this.#end;
  }

  /** All that counts, in the order it was written; what is appended goes behind it. @throws the system's error */
  read(): Write[] {
    const writes: Write[] = [];
    const bytes = readWhole(this.#file);
    this.#end = 0;
    const start = headSum(bytes, this.#generation);
    if (start === undefined) return writes;
    this.#sum = start;
    this.#end = HEAD_BYTES;
    for (;;) {
      const entries = pieceAt(bytes, this.#end, this.#sum);
      if (entries === undefined) return writes;
      this.#sum = bytes.readUInt32BE(this.#end + 4);
      this.#end += PIECE_HEAD_BYTES + entries.byteLength;
      readEntries(entries, writes);
    }
  }

  /** One piece. @throws the system's error: then nothing was appended */
  append(writes: readonly Write[]): void {
    const from = this.#end === 0 ? HEAD_BYTES : 0;
    const room = this.#roomFor(from + bytesMax(writes));
    const before = from === 0 ? this.#sum : writeHead(room, this.#generation);
    const end = writeEntries(room, from + PIECE_HEAD_BYTES, writes);
    const sum = crc32(room.subarray(from + PIECE_HEAD_BYTES, end), before);
    room.writeUInt32BE(end - from - PIECE_HEAD_BYTES, from);
    room.writeUInt32BE(sum, from + 4);
    writeAll(this.#file, room.subarray(0, end), this.#end);
    if (this.#sync) fdatasyncSync(this.#file);
    this.#end += end;
    this.#sum = sum;
  }

  /** All that is in it was taken in. */
  begin(generation: number): void {
    this.#generation = generation;
    this.#end = 0;
  }

  /** Gives the disk back what lies beyond `bytes`. */
  shrink(bytes: number): void {
    if (fstatSync(this.#file).size > bytes) ftruncateSync(this.#file, bytes);
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Closes it where all that is in it was taken in. */
  remove(): void {
    this.close();
    rmSync(this.#path, { force: true });
  }

  #roomFor(bytes: number): Buffer {
    if (this.#room.byteLength >= bytes) return this.#room;
    const room = Buffer.allocUnsafe(bytes);
    if (bytes <= KEPT_BYTES_MAX) this.#room = room;
    return room;
  }
}

function bytesMax(writes: readonly Write[]): number {
  let bytes = PIECE_HEAD_BYTES;
  for (const { key, value = "" } of writes) bytes += ENTRY_HEAD_BYTES + key.length + value.length * UNIT_BYTES_MAX;
  return bytes;
}

/** The sum that the first piece goes on from. */
function writeHead(room: Buffer, generation: number): number {
  room.write(MAGIC, "latin1");
  room.writeUInt32BE(generation, GENERATION_AT);
  room.set(newNonce(), SALT_AT);
  const sum = crc32(room.subarray(0, HEAD_SUM_AT));
  room.writeUInt32BE(sum, HEAD_SUM_AT);
  return sum;
}

/** Where they end. */
function writeEntries(room: Buffer, from: number, writes: readonly Write[]): number {
  let at = from;
  for (const { key, value } of writes) {
    const valueAt = at + ENTRY_HEAD_BYTES + key.length;
    const valueBytes = value === undefined ? 0 : room.write(value, valueAt, "utf8");
    room.writeUInt32BE(key.length, at);
    room.writeUInt32BE(value === undefined ? TAKEN_AWAY : valueBytes, at + 4);
    room.write(key, at + ENTRY_HEAD_BYTES, "latin1");
    at = valueAt + valueBytes;
  }
  return at;
}

/** The head's sum; `undefined`: it is of another generation, or none. */
function headSum(bytes: Buffer, generation: number): number | undefined {
  if (bytes.byteLength < HEAD_BYTES || bytes.toString("latin1", 0, GENERATION_AT) !== MAGIC) return undefined;
  const sum = crc32(bytes.subarray(0, HEAD_SUM_AT));
  if (bytes.readUInt32BE(HEAD_SUM_AT) !== sum) return undefined;
  return bytes.readUInt32BE(GENERATION_AT) === generation ? sum : undefined;
}

/** The entries of the piece at `from`; `undefined`: no whole one follows there. */
function pieceAt(bytes: Buffer, from: number, before: number): Buffer | undefined {
  const entriesAt = from + PIECE_HEAD_BYTES;
  if (entriesAt > bytes.byteLength) return undefined;
  const end = entriesAt + bytes.readUInt32BE(from);
  if (end > bytes.byteLength) return undefined;
  const entries = bytes.subarray(entriesAt, end);
  return crc32(entries, before) === bytes.readUInt32BE(from + 4) ? entries : undefined;
}

function readEntries(bytes: Buffer, into: Write[]): void {
  for (let at = 0; at < bytes.byteLength;) {
    const keyAt = at + ENTRY_HEAD_BYTES;
    const valueAt = keyAt + bytes.readUInt32BE(at);
    const valueBytes = bytes.readUInt32BE(at + 4);
    const key = bytes.toString("latin1", keyAt, valueAt);
    at = valueBytes === TAKEN_AWAY ? valueAt : valueAt + valueBytes;
    into.push({ key, value: valueBytes === TAKEN_AWAY ? undefined : bytes.toString("utf8", valueAt, at) });
  }
}

function readWhole(file: number): Buffer {
  const bytes = Buffer.allocUnsafe(fstatSync(file).size);
  let read = 0;
  while (read < bytes.byteLength) {
    const more = readSync(file, bytes, read, bytes.byteLength - read, read);
    if (more === 0) break;
    read += more;
  }
  return bytes.subarray(0, read);
}

function writeAll(file: number, bytes: Uint8Array, position: number): void {
  for (let written = 0; written < bytes.byteLength;) {
    written += writeSync(file, bytes, written, bytes.byteLength - written, position + written);
  }
}

/** So that the file's name is on the disk, too. Where a directory cannot be opened, as on Windows, it is the system's. */
function syncDirectory(path: string): void {
  if (process.platform === "win32") return;
  const directory = openSync(path, "r");
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}
