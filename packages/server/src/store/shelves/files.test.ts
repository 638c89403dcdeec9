import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { bodyOf, piecesOf } from "../../../test/store/bodies.ts";
import { collect, type ByteStream } from "../../kernel/bytes.ts";
import { BLOB_HEADER, SEALED_RECORD_BYTES } from "../blob-record.ts";
import { newMasterKey } from "../master-key.ts";
import { CorruptBlobError } from "../shelf.ts";
import { FileShelf } from "./files.ts";

const directory = mkdtempSync(join(tmpdir(), "kumobako-files-"));
const masterKey = newMasterKey();
const shelf = new FileShelf({ directory, masterKey, sync: false });
const size = 20 * 65_536 + 100;
const body = bodyOf(size);
const whole = { start: 0, end: size - 1 };
const pathOf = (id: string) => join(directory, id.slice(0, 2), id);

afterAll(() => rmSync(directory, { recursive: true }));

let count = 0;
let id = "";

beforeEach(async () => {
  id = `aa-${++count}`;
  await shelf.write(id, piecesOf(body, 65_536));
});

/** Changes the file and gives what a reader is then told. */
async function afterChange(change: (bytes: Buffer) => Buffer): Promise<{ error: unknown; readBytes: number }> {
  writeFileSync(pathOf(id), change(readFileSync(pathOf(id))));
  let readBytes = 0;
  try {
    for await (const piece of shelf.read({ id, size }, whole)) {
      expect(body.subarray(readBytes, readBytes + piece.length).equals(piece)).toBe(true);
      readBytes += piece.length;
    }
  } catch (error) {
    return { error, readBytes };
  }
  return { error: undefined, readBytes };
}

/** The files of this shelf that the process has open; none can be told where there is no `/proc`. */
function openFiles(): string[] {
  if (!existsSync("/proc/self/fd")) return [];
  const targets = readdirSync("/proc/self/fd").map((fd) => {
    const path = join("/proc/self/fd", fd);
    return existsSync(path) ? readlinkSync(path) : "";
  });
  return targets.filter((target) => target.startsWith(directory));
}

describe("a body in a file", () => {
  test("is encrypted, for its owner's eyes only", () => {
    const file = readFileSync(pathOf(id));
    expect(file.indexOf(body.subarray(100, 132))).toBe(-1);
    expect(statSync(pathOf(id)).mode & 0o777).toBe(0o600);
  });

  test("that was written with a secret is opened with it, and with nothing else", async () => {
    const secret = Buffer.from("thirty-two bytes that nobody has");
    const sealed = `aa-${++count}`;
    await shelf.write(sealed, piecesOf(body, 65_536), secret);
    expect((await collect(shelf.read({ id: sealed, size, secret }, whole))).length).toBe(size);
    await expect(collect(shelf.read({ id: sealed, size }, whole))).rejects.toThrow(CorruptBlobError);
    const other = { id: sealed, size, secret: Buffer.alloc(32) };
    await expect(collect(shelf.read(other, whole))).rejects.toThrow(CorruptBlobError);
  });

  test("of the same bytes under another id is another file", async () => {
    const other = `aa-${++count}`;
    await shelf.write(other, piecesOf(body, 65_536));
    expect(readFileSync(pathOf(other)).equals(readFileSync(pathOf(id)))).toBe(false);
  });

  test("is never written over", async () => {
    await expect(shelf.write(id, piecesOf(body, 65_536))).rejects.toThrow("EEXIST");
    expect(await collect(shelf.read({ id, size }, whole))).toHaveLength(size);
  });

  test("of which a bit has changed gives an error at that record, and only right bytes before it", async () => {
    const at = BLOB_HEADER.length + 17 * SEALED_RECORD_BYTES + 1000;
    const { error, readBytes } = await afterChange((bytes) => {
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      return bytes;
    });
    expect(error).toBeInstanceOf(CorruptBlobError);
    expect(String(error)).toContain("record 17 is not what was written");
    expect(readBytes).toBe(17 * 65_536);
  });

  test.each<[string, (bytes: Buffer) => Buffer, string]>([
    ["that is cut off within a record", (bytes) => bytes.subarray(0, -1), "its file ends"],
    ["that lacks its last record", (bytes) => bytes.subarray(0, -116), "its file ends"],
    ["that is empty", () => Buffer.alloc(0), "its file ends"],
    ["of another layout", (bytes) => Buffer.concat([Buffer.from("KBLOB\0\0\x02"), bytes.subarray(8)]), "header"],
    ["whose records have changed places", swapRecords, "record 1 is not what was written"],
  ])("%s gives an error", async (_what, change, message) => {
    const { error } = await afterChange(change);
    expect(error).toBeInstanceOf(CorruptBlobError);
    expect(String(error)).toContain(message);
  });
});

describe("a body", () => {
  test("that is missing gives an error", async () => {
    rmSync(pathOf(id));
    await expect(collect(shelf.read({ id, size }, whole))).rejects.toThrow("its file is missing");
  });

  test("in the place of another gives an error", async () => {
    const other = `aa-${++count}`;
    writeFileSync(pathOf(other), readFileSync(pathOf(id)));
    await expect(collect(shelf.read({ id: other, size }, whole))).rejects.toThrow(CorruptBlobError);
  });

  test("does not open with another master key", async () => {
    const stranger = new FileShelf({ directory, masterKey: newMasterKey(), sync: false });
    await expect(collect(stranger.read({ id, size }, whole))).rejects.toThrow(CorruptBlobError);
  });

  test("whose end is damaged still gives its beginning", async () => {
    truncateSync(pathOf(id), BLOB_HEADER.length + 2 * SEALED_RECORD_BYTES);
    expect(await collect(shelf.read({ id, size }, { start: 10, end: 99_999 }))).toHaveLength(99_990);
  });

  test("leaves no open file behind, however its reader ends", async () => {
    for await (const piece of shelf.read({ id, size }, whole)) if (piece.length > 0) break;
    await collect(shelf.read({ id, size }, whole));
    await expect(collect(shelf.read({ id: "aa-none", size }, whole))).rejects.toThrow(CorruptBlobError);
    expect(openFiles()).toEqual([]);
  });

  test("may be removed twice", async () => {
    await shelf.remove(id);
    await shelf.remove(id);
    expect(await shelf.writtenAtMs(id)).toBeUndefined();
  });
});

test("writing waits for the disk: the source is never far ahead of what is written", async () => {
  const target = `bb-${++count}`;
  let given = 0;
  let aheadMax = 0;
  const source = async function* (): ByteStream {
    for (let index = 0; index < 320; index++) {
      yield body.subarray(0, 65_536);
      given += 65_536;
      aheadMax = Math.max(aheadMax, given - (statSync(pathOf(target), { throwIfNoEntry: false })?.size ?? 0));
    }
  };
  await shelf.write(target, source());
  expect(aheadMax).toBeLessThanOrEqual(3 * 1_048_576);
});

test("synced bodies come back like any other", async () => {
  const synced = new FileShelf({ directory: join(directory, "synced"), masterKey, sync: true });
  await synced.write("cc-1", piecesOf(body, 65_536));
  expect(Buffer.from(await collect(synced.read({ id: "cc-1", size }, whole))).equals(body)).toBe(true);
});

function swapRecords(bytes: Buffer): Buffer {
  const record = (index: number) => {
    const start = BLOB_HEADER.length + index * SEALED_RECORD_BYTES;
    return bytes.subarray(start, start + SEALED_RECORD_BYTES);
  };
  const rest = bytes.subarray(BLOB_HEADER.length + 3 * SEALED_RECORD_BYTES);
  return Buffer.concat([BLOB_HEADER, record(0), record(2), record(1), rest]);
}
