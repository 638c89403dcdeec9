import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { HERE, notes } from "../../test/store/notes.ts";
import { bodyOf, piecesOf } from "../../test/store/bodies.ts";
import { startWorlds } from "../../test/store/worlds.ts";
import { collect, held, type ByteStream } from "../kernel/bytes.ts";
import { INLINE_BYTES_MAX } from "./blob-store.ts";
import { BlobSweep } from "./blob-sweep.ts";
import type { BlobRef } from "./blobs.ts";
import type { OpenedStore } from "./drivers/open.ts";
import { CorruptBlobError } from "./shelf.ts";

const worlds = await startWorlds();

afterAll(async () => {
  for (const [, world] of worlds) await world?.end();
});

const RECORD = 65_536;
const HOUR_MS = 3_600_000;

async function* breakingOff(): ByteStream {
  yield bodyOf(2_000_000);
  throw new RangeError("the client is gone");
}

describe.each(worlds)("bodies in %s", (_name, world) => {
  let opened: OpenedStore | undefined;

  const open = () => {
    if (!opened) throw new Error("no store is open");
    return opened;
  };
  const write = (stream: ByteStream) => open().blobStore.bind(undefined).write(stream);
  const read = async (ref: BlobRef, range?: { start: number; end: number }) =>
    Buffer.from(await collect(open().blobStore.bind(undefined).read(ref, range)));
  const ids = async () => (await Array.fromAsync(open().blobStore.shelf.list())).flat();
  const keep = (ref: BlobRef) => open().store.transact(HERE, async (tx) => open().blobStore.bind(tx).keep(ref));
  const drop = (ref: BlobRef) => open().store.transact(HERE, async (tx) => open().blobStore.bind(tx).drop(ref));
  const sweep = () =>
    new BlobSweep({
      ...open(),
      report: (error) => {
        throw error;
      },
    });
  const later = (milliseconds: number) => open().blobStore.realNow() + milliseconds;

  beforeEach(async ({ skip }) => {
    if (!world) skip("there is no PostgreSQL on this machine");
    else opened = await world.fresh();
  });

  afterEach(async () => {
    await opened?.store.close();
    opened = undefined;
  });

  test.each([
    [0, 1],
    [1, 1],
    [INLINE_BYTES_MAX, 1000],
    [INLINE_BYTES_MAX + 1, 1000],
    [RECORD - 1, 7777],
    [RECORD, RECORD],
    [RECORD + 1, 7777],
    [16 * RECORD, 100_003],
    [16 * RECORD + 5, 3 * RECORD],
    [5_000_001, 5_000_001],
  ])("%i bytes in pieces of %i come back equal", async (size, pieceSize) => {
    const body = bodyOf(size);
    const ref = await write(piecesOf(body, pieceSize));
    expect(ref.size).toBe(size);
    expect((await read(ref)).equals(body)).toBe(true);
  });

  test("a small body that has a secret lies in its row encrypted, and opens with that alone", async () => {
    const body = Buffer.from("attack at dawn ".repeat(20));
    const secret = Buffer.from("thirty-two bytes that nobody has");
    const blobs = open().blobStore.bind(undefined);
    const secretly = await blobs.write(held(body), secret);
    const row = Buffer.from(JSON.stringify(secretly));
    expect(row.includes("attack") || row.includes(body.toString("base64").slice(0, 20))).toBe(false);
    expect(await read(await write(held(body)))).toEqual(body);
    expect(Buffer.from(await collect(blobs.read(secretly, undefined, secret)))).toEqual(body);
    expect(() => blobs.read(secretly)).toThrow(CorruptBlobError);
    expect(() => blobs.read(secretly, undefined, Buffer.alloc(32))).toThrow(CorruptBlobError);
  });

  test("up to 16 KiB lie in the row, more in a file", async () => {
    expect((await write(piecesOf(bodyOf(INLINE_BYTES_MAX), 4096))).kind).toBe("inline");
    expect((await write(piecesOf(bodyOf(INLINE_BYTES_MAX + 1), 4096))).kind).toBe("file");
  });

  test.each([
    [0, 0],
    [5, 9],
    [RECORD - 1, RECORD],
    [RECORD, 2 * RECORD - 1],
    [16 * RECORD - 3, 16 * RECORD + 3],
    [20 * RECORD + 1, 20 * RECORD + 99],
    [0, 20 * RECORD + 99],
  ])("bytes %i to %i of a large body are what they are in it", async (start, end) => {
    const body = bodyOf(20 * RECORD + 100);
    const ref = await write(piecesOf(body, 50_000));
    expect((await read(ref, { start, end })).equals(body.subarray(start, end + 1))).toBe(true);
  });

  test("a range of a small body is what it is in it", async () => {
    const body = bodyOf(100);
    const ref = await write(piecesOf(body, 7));
    expect((await read(ref, { start: 10, end: 19 })).equals(body.subarray(10, 20))).toBe(true);
  });

  test("a range outside the body is our own mistake", async () => {
    const ref = await write(piecesOf(bodyOf(100), 7));
    expect(() => open().blobStore.read(ref, { start: 0, end: 100 })).toThrow("outside its bounds");
  });

  test("two bodies of the same bytes are two bodies", async () => {
    const body = bodyOf(100_000);
    const [first, second] = [await write(piecesOf(body, RECORD)), await write(piecesOf(body, RECORD))];
    expect(first).not.toEqual(second);
  });

  test("a stream that fails leaves nothing, and its error reaches the caller", async () => {
    await expect(write(breakingOff())).rejects.toThrow("the client is gone");
    expect(await ids()).toEqual([]);
  });

  test("keep and drop belong to a transaction", async () => {
    const ref = await write(piecesOf(bodyOf(20_000), RECORD));
    expect(() => open().blobStore.bind(undefined).keep(ref)).toThrow("outside a transaction");
  });

  test("what is kept is never collected", async () => {
    const ref = await write(piecesOf(bodyOf(20_000), RECORD));
    await keep(ref);
    expect(await sweep().collectOrphans(later(9 * HOUR_MS))).toBe(0);
    expect(await sweep().collectDropped(later(9 * HOUR_MS))).toBe(0);
    expect(await read(ref)).toHaveLength(20_000);
  });

  test("what was dropped is collected once its grace is over", async () => {
    const ref = await write(piecesOf(bodyOf(20_000), RECORD));
    await keep(ref);
    await drop(ref);
    expect(await sweep().collectDropped(later(0))).toBe(0);
    expect(await ids()).toHaveLength(1);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(1);
    expect(await ids()).toEqual([]);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(0);
  });

  test("a body that two rows refer to goes with the last of them", async () => {
    const ref = await write(piecesOf(bodyOf(20_000), RECORD));
    await keep(ref);
    await keep(ref);
    await drop(ref);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(0);
    await drop(ref);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(1);
    expect(await ids()).toEqual([]);
  });

  test("a drop in a transaction that fails does not count, neither does a keep", async () => {
    const [kept, orphan] = [
      await write(piecesOf(bodyOf(20_000), RECORD)),
      await write(piecesOf(bodyOf(20_000), RECORD)),
    ];
    await keep(kept);
    const failed = open().store.transact(HERE, async (tx) => {
      open().blobStore.bind(tx).drop(kept);
      open().blobStore.bind(tx).keep(orphan);
      throw new RangeError("no");
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(0);
    expect(await sweep().collectOrphans(later(2 * HOUR_MS))).toBe(1);
    expect(await read(kept)).toHaveLength(20_000);
  });

  test("what no row refers to yet is left alone while its transaction may still come", async () => {
    const ref = await write(piecesOf(bodyOf(20_000), RECORD));
    expect(await sweep().collectOrphans(later(0))).toBe(0);
    await keep(ref);
    expect(await sweep().collectOrphans(later(9 * HOUR_MS))).toBe(0);
  });

  test("what is still coming in is left alone, however long it takes", async () => {
    const [begun, goOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow = async function* (): ByteStream {
      yield bodyOf(2_000_000);
      begun.resolve();
      await goOn.promise;
      yield bodyOf(2_000_000);
    };
    const written = write(slow());
    await begun.promise;
    expect(await sweep().collectOrphans(later(9 * HOUR_MS))).toBe(0);
    goOn.resolve();
    expect(await read(await written)).toHaveLength(4_000_000);
  });

  test("a reader that has begun ends whole although the body is collected meanwhile", async () => {
    const body = bodyOf(40 * RECORD);
    const ref = await write(piecesOf(body, RECORD));
    await keep(ref);
    const reader = open().blobStore.read(ref)[Symbol.asyncIterator]();
    const first = await reader.next();
    await drop(ref);
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(1);
    const rest = await Array.fromAsync({ [Symbol.asyncIterator]: () => reader });
    expect(Buffer.concat([first.value, ...rest]).equals(body)).toBe(true);
  });

  test("many dropped bodies are collected in one sweep", async () => {
    const refs = await Promise.all(Array.from({ length: 30 }, () => write(piecesOf(bodyOf(20_000), RECORD))));
    for (const ref of refs) await keep(ref);
    await open().store.transact(HERE, async (tx) => {
      for (const ref of refs) open().blobStore.bind(tx).drop(ref);
      tx.put(notes, { folder: "a", name: "x" });
    });
    expect(await sweep().collectDropped(later(HOUR_MS))).toBe(30);
  });
});
