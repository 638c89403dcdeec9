/**
 * Zip files, read from their directory.
 * Source: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3)
 */
import { crc32, inflateRawSync } from "node:zlib";

/** A file or a directory of an archive. */
export interface ArchiveEntry {
  /** With `/` between its parts; a directory's ends with one. */
  readonly name: string;
  /** What Unix lets whom do: `0o755`; `undefined` where the archive was made on another system. */
  readonly mode: number | undefined;
  readonly kind: "file" | "directory" | "link";
  /** Unpacked. */
  readonly bytes: number;
  /** @throws {ArchiveError} its packed form is damaged. */
  read(): Uint8Array;
}

/** It is no zip file, or one that is damaged. */
export class ArchiveError extends Error {
  override readonly name = "ArchiveError";
}

const END = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const LISTED = 0x02014b50;
const LISTED_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;
const UNIX = 3;
const TYPE_MASK = 0o170000;
const LINK_TYPE = 0o120000;
/** Sizes that stand elsewhere: an archive of 4 GB or more. */
const ZIP64 = 0xffff_ffff;

/** All entries of `zip`, in its order. @throws {ArchiveError} */
export function readArchive(zip: Uint8Array): readonly ArchiveEntry[] {
  const bytes = Buffer.from(zip.buffer, zip.byteOffset, zip.byteLength);
  const end = endOf(bytes);
  const count = bytes.readUInt16LE(end + 10);
  const entries: ArchiveEntry[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let index = 0; index < count; index++) {
    require(at + LISTED_BYTES <= bytes.length && bytes.readUInt32LE(at) === LISTED, "its directory is damaged");
    const nameBytes = bytes.readUInt16LE(at + 28);
    entries.push(entryAt(bytes, at, nameBytes));
    at += LISTED_BYTES + nameBytes + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function endOf(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - COMMENT_BYTES_MAX);
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END) return at;
  throw new ArchiveError("it has no directory");
}

function entryAt(bytes: Buffer, at: number, nameBytes: number): ArchiveEntry {
  const name = bytes.toString("utf8", at + LISTED_BYTES, at + LISTED_BYTES + nameBytes).replaceAll("\\", "/");
  const madeOn = bytes.readUInt8(at + 5);
  const attributes = bytes.readUInt32LE(at + 38) >>> 16;
  const size = bytes.readUInt32LE(at + 24);
  require(size !== ZIP64, "it is of the form for large archives");
  const isLink = madeOn === UNIX && (attributes & TYPE_MASK) === LINK_TYPE;
  return {
    name,
    mode: madeOn === UNIX && attributes !== 0 ? attributes & 0o777 : undefined,
    kind: name.endsWith("/") ? "directory" : isLink ? "link" : "file",
    bytes: size,
    read: () => contentOf(bytes, at, size),
  };
}

function contentOf(bytes: Buffer, listed: number, size: number): Uint8Array {
  const method = bytes.readUInt16LE(listed + 10);
  const sum = bytes.readUInt32LE(listed + 16);
  const packedBytes = bytes.readUInt32LE(listed + 20);
  const local = bytes.readUInt32LE(listed + 42);
  require(local + LOCAL_BYTES <= bytes.length &&
    bytes.readUInt32LE(local) === LOCAL, "an entry is not where it should be");
  const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  const packed = bytes.subarray(start, start + packedBytes);
  require(packed.length === packedBytes, "an entry is cut off");
  const content = unpacked(packed, method, size);
  require(content.length === size && crc32(content) === sum, "an entry is damaged");
  return content;
}

function unpacked(packed: Buffer, method: number, size: number): Uint8Array {
  if (method === STORED) return packed;
  require(method === DEFLATED, "an entry is packed in a way that is not known here");
  try {
    return size === 0 ? new Uint8Array() : inflateRawSync(packed, { maxOutputLength: size });
  } catch (error) {
    throw new ArchiveError("an entry is damaged", { cause: error });
  }
}

function require(holds: boolean, why: string): asserts holds {
  if (!holds) throw new ArchiveError(why);
}
