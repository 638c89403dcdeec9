import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { counts, HERE } from "../../../test/store/notes.ts";
import { StoreInUseError } from "./embedded.ts";
import { openEmbedded } from "./open.ts";

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-embedded-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test("a second server on the same directory is refused, and may open it after the first has closed", async () => {
  const directory = newDirectory();
  const first = await openEmbedded({ directory });
  const second = openEmbedded({ directory });
  await expect(second).rejects.toThrow(StoreInUseError);
  await expect(second).rejects.toThrow("the store is in use by another server");
  await first.store.transact(HERE, async (tx) => tx.put(counts, { name: "a", value: 1 }));
  await first.store.close();
  const third = await openEmbedded({ directory });
  expect(await third.store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 1 });
  await third.store.close();
});

test("a place where nothing can be kept is named, with what to do", async () => {
  const file = join(newDirectory(), "file");
  writeFileSync(file, "");
  const unusable = {
    name: "StoreUnavailableError",
    message: expect.stringContaining(`the directory \`${file}\` cannot`),
  };
  await expect(openEmbedded({ directory: file })).rejects.toMatchObject(unusable);
  const directory = newDirectory();
  writeFileSync(join(directory, "store.db"), "no database, but longer than the head of one would be: ".repeat(3));
  await expect(openEmbedded({ directory })).rejects.toMatchObject({
    message: `the directory \`${directory}\` cannot be used: file is not a database`,
    remedy: expect.stringContaining("--data"),
  });
});

test("what it makes is for its owner alone", async () => {
  const directory = join(newDirectory(), "state");
  const { store } = await openEmbedded({ directory });
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  expect(statSync(join(directory, "master.key")).mode & 0o777).toBe(0o600);
  await store.close();
});

test("a lost master key is missed at the start, not at the first secret", async () => {
  const directory = newDirectory();
  const { store } = await openEmbedded({ directory });
  await store.close();
  rmSync(join(directory, "master.key"));
  await expect(openEmbedded({ directory })).rejects.toThrow("the master key is not the one");
});

test("a file that is no store is refused and left as it is", async () => {
  const directory = newDirectory();
  const text = "this is not a database, and long enough to be told from an empty one. ".repeat(20);
  writeFileSync(join(directory, "store.db"), text);
  await expect(openEmbedded({ directory })).rejects.toThrow("not a database");
  expect(statSync(join(directory, "store.db")).size).toBe(text.length);
});

test("commits of one turn are answered together and are all there", async () => {
  const { store } = await openEmbedded({ directory: newDirectory() });
  const names = Array.from({ length: 100 }, (_, index) => String(index));
  await Promise.all(names.map((name) => store.transact(HERE, async (tx) => tx.put(counts, { name, value: 1 }))));
  const rows = await store.transact(HERE, (tx) => tx.scan(counts, { limit: 1000 }));
  expect(rows).toHaveLength(100);
  await store.close();
});

test("closing writes what is still under way", async () => {
  const directory = newDirectory();
  const { store } = await openEmbedded({ directory });
  const written = store.transact(HERE, async (tx) => tx.put(counts, { name: "a", value: 1 }));
  await Promise.resolve();
  await Promise.all([written, store.close()]);
  const again = await openEmbedded({ directory });
  expect(await again.store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 1 });
  await again.store.close();
});
