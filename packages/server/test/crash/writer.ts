/**
 * The process that is killed: writes pairs of rows and bodies through the real store, as fast as it
 * can, and says on standard output what has been promised. `writer.ts DIRECTORY DURABILITY FIRST`.
 */
import { assert } from "../../src/kernel/assert.ts";
import type { Transaction } from "../../src/kernel/table.ts";
import type { BlobStore } from "../../src/store/blob-store.ts";
import { openEmbedded } from "../../src/store/drivers/open.ts";
import { bodyOf, piecesOf } from "../store/bodies.ts";
import { HERE } from "../store/notes.ts";
import { bodySize, halves, total, type Half } from "./rows.ts";

const WRITERS = 4;
/** Every so many pairs, the one before is taken away again. */
const REMOVE_EVERY = 5;

const [, , directory = "", durability = "", first = ""] = process.argv;
assert(durability === "normal" || durability === "full", "a durability is given");
const { store, blobStore } = await openEmbedded({ directory, durability });
let next = Number(first);

/** Two rows, their body and the running total change together or not at all. */
async function writePair(number: number): Promise<void> {
  const ref = await blobStore.write(piecesOf(bodyOf(bodySize(number)), 60_000));
  await store.transact(HERE, async (tx) => {
    const blobs = blobStore.bind(tx);
    for (const side of ["left", "right"] as const) {
      tx.put(halves, { number, side, ref });
      blobs.keep(ref);
    }
    const before = await tx.get(total);
    tx.put(total, { pairs: (before?.pairs ?? 0) + 1 });
  });
  process.stdout.write(`put ${number}\n`);
}

async function removePair(number: number): Promise<void> {
  const removed = await store.transact(HERE, async (tx) => {
    const pair = await tx.scan(halves, { prefix: [number], limit: 2 });
    await removeHalves(tx, pair, blobStore);
    return pair.length === 2;
  });
  if (removed) process.stdout.write(`removed ${number}\n`);
}

async function removeHalves(tx: Transaction, pair: readonly Half[], from: BlobStore): Promise<void> {
  if (pair.length === 0) return;
  for (const half of pair) {
    tx.delete(halves, half.number, half.side);
    from.bind(tx).drop(half.ref);
  }
  const before = await tx.get(total);
  tx.put(total, { pairs: (before?.pairs ?? 0) - 1 });
}

async function writeForEver(): Promise<never> {
  for (;;) {
    const number = next++;
    await writePair(number);
    if (number % REMOVE_EVERY === 0) await removePair(number - 1);
  }
}

try {
  await Promise.all(Array.from({ length: WRITERS }, writeForEver));
} catch (error) {
  process.stdout.write(`failed ${String(error)}\n`);
  const found = await store.transact(HERE, (tx) => tx.get(total));
  process.stdout.write(`still reads ${found?.pairs ?? 0}\n`);
  process.exit(0);
}
