import { hash } from "node:crypto";
import { existsSync, readdirSync, mkdtempSync, readFileSync, readlinkSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { zipOf } from "../../test/zip.ts";
import { CodeStore } from "./code-store.ts";

type Contents = readonly Readonly<Record<string, string>>[];

function storeIn() {
  const folder = mkdtempSync(join(tmpdir(), "code-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const store = new CodeStore(join(folder, "code"));
  const hold = (...archives: Contents) =>
    store.hold(
      archives.map((files) => {
        const zip = zipOf(files);
        return { sha256: hash("sha256", zip, "base64"), read: () => Promise.resolve(zip) };
      }),
    );
  const unpack = async (...archives: Contents) => (await hold(...archives)).folder;
  return { folder, store, hold, unpack };
}

test("archives are laid over each other, and equal ones are unpacked once", async () => {
  const { unpack } = storeIn();
  const place = await unpack({ "a.txt": "one", "lib/b.txt": "b" }, { "a.txt": "two", bootstrap: "#!/bin/sh" });
  expect(readFileSync(join(place, "a.txt"), "utf8")).toBe("two");
  expect(readFileSync(join(place, "lib/b.txt"), "utf8")).toBe("b");
  expect(statSync(join(place, "bootstrap")).mode & 0o111).toBe(0o111);
  expect(await unpack({ "a.txt": "one", "lib/b.txt": "b" }, { "a.txt": "two", bootstrap: "#!/bin/sh" })).toBe(place);
});

test("what nobody holds is there until it is removed, and is unpacked anew for who comes then", async () => {
  const { folder, hold, store } = storeIn();
  const [one, two] = await Promise.all([hold({ "a.txt": "one" }), hold({ "a.txt": "one" })]);
  const other = await hold({ "a.txt": "two" });
  one.release();
  await store.removeUnused();
  expect(readFileSync(join(two.folder, "a.txt"), "utf8")).toBe("one");
  two.release();
  const next = await hold({ "a.txt": "one" });
  expect(next.folder).toBe(two.folder);
  next.release();
  const removed = store.removeUnused();
  const again = await hold({ "a.txt": "one" });
  await removed;
  expect(again.folder).not.toBe(two.folder);
  expect(readFileSync(join(again.folder, "a.txt"), "utf8")).toBe("one");
  expect(readdirSync(join(folder, "code"))).toHaveLength(2);
  for (const held of [again, other]) held.release();
  await store.removeUnused();
  expect(readdirSync(join(folder, "code"))).toEqual([]);
});

test("no entry leaves its folder, by its name or by a link", async () => {
  const { folder, unpack } = storeIn();
  const place = await unpack({ "../../../out.txt": "x" });
  expect(existsSync(join(place, "out.txt"))).toBe(true);
  expect(existsSync(join(folder, "out.txt"))).toBe(false);
  const linked = await unpack({ "way@": folder });
  expect(readlinkSync(join(linked, "way"))).toBe(folder);
  await expect(unpack({ "way@": folder }, { "way/out.txt": "x" })).rejects.toThrow("an entry lies behind a link: way");
  expect(existsSync(join(folder, "out.txt"))).toBe(false);
});

test.each([
  ["a name that is too long", { ["x".repeat(300)]: "x" }],
  ["a name with a zero in it", { "a\0b": "x" }],
  ["no name at all", { "": "x" }],
  ["a name that leads nowhere", { "a/..": "x" }],
  ["a file below a file", { a: "x", "a/b": "y" }],
  ["a link to nothing", { "a@": "" }],
  ["a link to what has a zero in it", { "a@": "b\0c" }],
])("an archive with %s is refused as one that cannot be unpacked", async (_what, files) => {
  const { folder, unpack } = storeIn();
  await expect(unpack(files)).rejects.toMatchObject({ name: "ArchiveError" });
  expect(readdirSync(folder)).toEqual(["code"]);
  expect(readdirSync(join(folder, "code"))).toEqual([]);
});
