import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { expect, onTestFinished, test } from "vitest";
import { collect } from "../../src/kernel/bytes.ts";
import { BlobSweep } from "../../src/store/blob-sweep.ts";
import { openEmbedded, type Durability, type OpenedStore } from "../../src/store/drivers/open.ts";
import { bodyOf } from "../store/bodies.ts";
import { HERE, notes } from "../store/notes.ts";
import { Seeded } from "../store/seeded.ts";
import { ROWS, rowsOf, textsOf, type Rewritten, type Texts } from "./rewritten.ts";
import { bodySize, halves, total, type Half } from "./rows.ts";

const ROUNDS = 24;
/** Later than any grace. */
const LATER_MS = 10 * 3_600_000;

const writer = fileURLToPath(new URL("writer.ts", import.meta.url));
const rewriter = fileURLToPath(new URL("rewriter.ts", import.meta.url));

/** What was promised so far. */
interface Promised {
  readonly put: Set<number>;
  readonly removed: Set<number>;
  /** No pair of this number was begun. */
  next: number;
}

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-crash-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const newPromised = (): Promised => ({ put: new Set(), removed: new Set(), next: 0 });

/** Hears `child` out; calls `each` with the count of promises after every one. Gives its other words. */
async function hear(child: ChildProcess, promised: Promised, each: (count: number) => void): Promise<string[]> {
  const ended = once(child, "exit");
  const others: string[] = [];
  let count = 0;
  if (!child.stdout) throw new Error("the child has no standard output");
  for await (const line of createInterface(child.stdout)) {
    const [word = "", number = ""] = line.split(" ");
    if (word === "put") promised.put.add(Number(number));
    else if (word === "removed") promised.removed.add(Number(number));
    else others.push(line);
    each(++count);
  }
  await ended;
  // Writers that run beside each other may have begun a few more than they have told of.
  promised.next = Math.max(promised.next, ...promised.put) + 10;
  return others;
}

async function killAfter(count: number, durability: Durability, directory: string, promised: Promised): Promise<void> {
  const child = spawn(process.execPath, [writer, directory, durability, String(promised.next)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await hear(child, promised, (heard) => heard === count && child.kill("SIGKILL"));
  expect(child.signalCode).toBe("SIGKILL");
}

/** Runs a program that may write files of so many blocks of 512 bytes. */
const filesOf = (blocks: number): string => `trap '' XFSZ; ulimit -f ${blocks}; exec "$0" "$@"`;

const allHalves = ({ store }: OpenedStore) => store.transact(HERE, (tx) => tx.scan(halves, { limit: 100_000 }));

/** Those that the writer takes away again, sooner or later. */
const maybeRemoved = (number: number) => (number + 1) % 5 === 0;

/** Everything promised is there, nothing is there by half. */
async function bearWitness(opened: OpenedStore, { put, removed }: Promised): Promise<readonly Half[]> {
  const rows = await allHalves(opened);
  const left = rows.filter(({ side }) => side === "left").map(({ number }) => number);
  const right = rows.filter(({ side }) => side === "right").map(({ number }) => number);
  expect(left).toEqual(right);
  const there = new Set(left);
  expect([...put].filter((number) => !there.has(number) && !maybeRemoved(number))).toEqual([]);
  expect([...removed].filter((number) => there.has(number))).toEqual([]);
  expect((await opened.store.transact(HERE, (tx) => tx.get(total)))?.pairs).toBe(left.length);
  return rows;
}

async function readBodies({ blobStore }: OpenedStore, rows: readonly Half[]): Promise<void> {
  for (const { number, side, ref } of rows) {
    if (side === "right") continue;
    const body = Buffer.from(await collect(blobStore.read(ref)));
    expect([number, body.equals(bodyOf(bodySize(number)))]).toEqual([number, true]);
  }
}

/** After a sweep there are just the files that rows refer to. */
async function sweepAll(opened: OpenedStore): Promise<void> {
  const sweep = new BlobSweep({
    ...opened,
    report: (error) => {
      throw error;
    },
  });
  await sweep.collectDropped(opened.blobStore.realNow() + LATER_MS);
  await sweep.collectOrphans(opened.blobStore.realNow());
  const files = (await Array.fromAsync(opened.blobStore.shelf.list())).flat();
  const kept = new Set((await allHalves(opened)).flatMap(({ ref }) => (ref.kind === "file" ? [ref.id] : [])));
  expect(files.toSorted()).toEqual([...kept].toSorted());
}

test(
  "a server that is killed again and again keeps every promise, does nothing by half and clears up",
  { timeout: 60_000 },
  async () => {
    const directory = newDirectory();
    const promised = newPromised();
    const chance = new Seeded(11);
    for (let round = 0; round < ROUNDS; round++) {
      await killAfter(1 + chance.below(60), round % 3 === 2 ? "full" : "normal", directory, promised);
      const opened = await openEmbedded({ directory });
      await bearWitness(opened, promised);
      if (round % 6 === 5) await sweepAll(opened);
      await opened.store.close();
    }
    const opened = await openEmbedded({ directory });
    await readBodies(opened, await bearWitness(opened, promised));
    await sweepAll(opened);
    await opened.store.close();
    expect(promised.put.size).toBeGreaterThan(ROUNDS * 10);
  },
);

test(
  "a server whose disk is full refuses what it cannot write, goes on reading and keeps its promises",
  { timeout: 30_000 },
  async () => {
    const directory = newDirectory();
    const promised = newPromised();
    const child = spawn("/bin/sh", ["-c", filesOf(1024), process.execPath, writer, directory, "normal", "0"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [failed = "", reads = ""] = await hear(child, promised, () => {});
    expect(failed).toMatch(/^failed Error: (disk I\/O error|database or disk is full|EFBIG|only \d+ of)/);
    expect(reads).toMatch(/^still reads \d+$/);
    const opened = await openEmbedded({ directory });
    await readBodies(opened, await bearWitness(opened, promised));
    await sweepAll(opened);
    await opened.store.close();
  },
);

/** The first turn, in a store of its own. */
async function newRewritten(): Promise<string> {
  const directory = newDirectory();
  const { store } = await openEmbedded({ directory });
  await store.transact(HERE, async (tx) => {
    for (const row of rowsOf(0)) tx.put(notes, row);
  });
  await store.close();
  return directory;
}

async function findTexts(directory: string): Promise<Texts> {
  const { store } = await openEmbedded({ directory });
  const found = await store.transact(HERE, (tx) => tx.scan(notes, { limit: 2 * ROWS }));
  await store.close();
  return textsOf(found);
}

/** Kills the process that writes turns from `first` on once it has told of `count`; how many it told of. */
async function killRewriter(directory: string, first: number, count: number): Promise<number> {
  const child = spawn(process.execPath, [rewriter, directory, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let told = 0;
  for await (const line of createInterface(child.stdout)) {
    if (!line.startsWith("turn ")) throw new Error(line);
    if (++told === count) child.kill("SIGKILL");
  }
  await ended;
  return told;
}

test(
  "a server that is killed while SQLite keeps what the log holds, or before or after it, keeps every promise",
  { timeout: 60_000 },
  async () => {
    const directory = await newRewritten();
    const chance = new Seeded(3);
    const texts = textsOf(rowsOf(0));
    let next = 1;
    for (let round = 0; round < 8; round++) {
      const told = await killRewriter(directory, next, 30 + chance.below(80));
      for (const end = next + told; next < end; next++) Object.assign(texts, textsOf(rowsOf(next)));
      const found = await findTexts(directory);
      // one that was under way may have been kept, too
      if (!isDeepStrictEqual(found, texts)) Object.assign(texts, textsOf(rowsOf(next++)));
      expect(found).toEqual(texts);
    }
  },
);

test(
  "where SQLite cannot keep what the log holds, nothing that was promised is lost",
  { timeout: 30_000 },
  async () => {
    const directory = await newRewritten();
    // room for the log, but not for the file that SQLite is to keep it in
    const child = spawn("/bin/sh", ["-c", filesOf(32_768), process.execPath, rewriter, directory, "1"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const said: Rewritten = JSON.parse((await text(child.stdout)).split("\n").at(-1) ?? "");
    expect(said.failure).toMatch(/EFBIG|disk I\/O error|database or disk is full/);
    // so long where what is in it could not be kept
    expect(statSync(join(directory, "store.db-log")).size).toBeGreaterThan(10 * 1024 * 1024);
    expect(said.found).toEqual(said.promised);
    expect(await findTexts(directory)).toEqual(said.promised);
  },
);
