import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { accountNotes, ELSEWHERE, globalNotes, HERE, notes, type Note } from "../../test/store/notes.ts";
import { startWorlds } from "../../test/store/worlds.ts";
import { table, type Range } from "../kernel/table.ts";
import { KEY_BYTES_MAX } from "./driver.ts";
import type { OpenedStore } from "./drivers/open.ts";
import { pack } from "./tuple.ts";

const worlds = await startWorlds();

afterAll(async () => {
  for (const [, world] of worlds) await world?.end();
});

const note = (folder: string, name: string | number, text?: unknown): Note => ({ folder, name, text });
const placesOf = (rows: readonly Note[]) => rows.map(({ folder, name }) => `${folder}/${name}`);
const namesOf = (rows: readonly Note[]) => rows.map(({ name }) => name);

describe.each(worlds)("rows in %s", (_name, world) => {
  let opened: OpenedStore | undefined;

  const store = () => {
    if (!opened) throw new Error("no store is open");
    return opened.store;
  };
  const put = (...rows: readonly Note[]) =>
    store().transact(HERE, async (tx) => {
      for (const row of rows) tx.put(notes, row);
    });
  const scan = (range: Range) => store().transact(HERE, (tx) => tx.scan(notes, range));
  const get = (...key: readonly [string, string | number]) => store().transact(HERE, (tx) => tx.get(notes, ...key));

  beforeEach(async ({ skip }) => {
    if (!world) skip("there is no PostgreSQL on this machine");
    else opened = await world.fresh();
  });

  afterEach(async () => {
    await opened?.store.close();
    opened = undefined;
  });

  test("what was put is there for the next transaction", async () => {
    await put(note("a", "x", "first"));
    expect(await get("a", "x")).toEqual(note("a", "x", "first"));
  });

  test("a row that was never put is undefined", async () => {
    expect(await get("a", "x")).toBeUndefined();
  });

  test("a row put again takes the place of the first", async () => {
    await put(note("a", "x", "first"));
    await put(note("a", "x", "second"));
    expect(await scan({ limit: 10 })).toEqual([note("a", "x", "second")]);
  });

  test("a deleted row is gone, and one that was never there may be deleted", async () => {
    await put(note("a", "x"));
    await store().transact(HERE, async (tx) => {
      tx.delete(notes, "a", "x");
      tx.delete(notes, "a", "y");
    });
    expect(await get("a", "x")).toBeUndefined();
    expect(await scan({ limit: 10 })).toEqual([]);
  });

  test.each([
    ["text in other scripts", "雲箱 🗃 é"],
    ["control characters", "\u0000\u0001\n\u007f"],
    ["half of a surrogate pair", "\ud83d"],
    ["quotes and backslashes", String.raw`"'\n\\`],
    ["numbers", [0, -1.5, 1e300, 9_007_199_254_740_991]],
    ["nothing and emptiness", { a: null, b: "", c: [], d: {} }],
    ["depth", { a: [{ b: [{ c: true }] }] }],
    ["a text of a megabyte", "0123456789abcdef".repeat(65_536)],
  ])("%s comes back equal", async (_what, text) => {
    await put(note("a", "x", text));
    expect(await get("a", "x")).toEqual(note("a", "x", text));
  });

  test("what is done to a row that was given out changes it for nobody else", async () => {
    await put(note("a", "x", { list: [1] }));
    for (let read = 0; read < 3; read++) {
      const row = await get("a", "x");
      expect(row).toEqual(note("a", "x", { list: [1] }));
      if (!Object.isFrozen(row?.text)) Object.assign(row?.text ?? {}, { list: [] });
    }
  });

  test("a row that is given out again and again cannot be changed", async () => {
    await put(note("a", "x", { list: [1] }));
    await get("a", "x");
    const row = await get("a", "x");
    expect(Object.isFrozen(row) && Object.isFrozen(row?.text)).toBe(true);
    expect(() => Object.assign(row?.text ?? {}, { list: [] })).toThrow(TypeError);
  });

  test("a row that is changed after it was put stays as it was put", async () => {
    const text = { list: [1] };
    await store().transact(HERE, async (tx) => {
      tx.put(notes, note("a", "x", text));
      text.list.push(2);
      expect(await tx.get(notes, "a", "x")).toEqual(note("a", "x", { list: [1] }));
    });
    expect(await get("a", "x")).toEqual(note("a", "x", { list: [1] }));
  });

  test("what a body that throws has put is dropped, and its error reaches the caller", async () => {
    const failed = store().transact(HERE, async (tx) => {
      tx.put(notes, note("a", "x"));
      throw new RangeError("no");
    });
    await expect(failed).rejects.toThrow(RangeError);
    expect(await get("a", "x")).toBeUndefined();
  });

  test("a transaction used after its end is refused", async () => {
    const tx = await store().transact(HERE, async (inside) => inside);
    await expect(tx.get(notes, "a", "x")).rejects.toThrow("after its end");
    expect(() => tx.put(notes, note("a", "x"))).toThrow("after its end");
  });

  test("a transaction knows whether it has changed anything", async () => {
    await store().transact(HERE, async (tx) => {
      await tx.get(notes, "a", "x");
      expect(tx.changed).toBe(false);
      tx.in(ELSEWHERE).put(notes, note("a", "x"));
      expect(tx.changed).toBe(true);
    });
  });

  test("own writes are seen by get and by scans in both directions", async () => {
    await put(note("a", "b", "old"), note("a", "d", "old"), note("a", "f", "old"));
    await store().transact(HERE, async (tx) => {
      for (const name of ["g", "c", "a"]) tx.put(notes, note("a", name, "new"));
      tx.put(notes, note("a", "d", "new"));
      tx.delete(notes, "a", "b");
      expect(await tx.get(notes, "a", "b")).toBeUndefined();
      expect(await tx.get(notes, "a", "d")).toEqual(note("a", "d", "new"));
      expect(namesOf(await tx.scan(notes, { limit: 10 }))).toEqual(["a", "c", "d", "f", "g"]);
      expect(namesOf(await tx.scan(notes, { limit: 10, reverse: true }))).toEqual(["g", "f", "d", "c", "a"]);
      expect(namesOf(await tx.scan(notes, { limit: 2 }))).toEqual(["a", "c"]);
      expect(namesOf(await tx.scan(notes, { limit: 2, reverse: true }))).toEqual(["g", "f"]);
      expect(namesOf(await tx.scan(notes, { limit: 10, after: ["a", "c"] }))).toEqual(["d", "f", "g"]);
    });
  });

  test("rows that the transaction deleted do not shorten a limited scan", async () => {
    await put(...["a", "b", "c", "d", "e"].map((name) => note("a", name)));
    await store().transact(HERE, async (tx) => {
      for (const name of ["a", "b", "d"]) tx.delete(notes, "a", name);
      expect(namesOf(await tx.scan(notes, { limit: 2 }))).toEqual(["c", "e"]);
      expect(namesOf(await tx.scan(notes, { limit: 2, reverse: true }))).toEqual(["e", "c"]);
    });
  });

  test("rows belong to a region of an account, to an account, or to everybody", async () => {
    const tables = [notes, accountNotes, globalNotes];
    await store().transact(HERE, async (tx) => {
      for (const each of tables) tx.put(each, note("a", "x"));
    });
    const seen = (scope: typeof HERE) =>
      store().transact(scope, (tx) =>
        Promise.all(tables.map(async (each) => (await tx.scan(each, { limit: 1 })).length)),
      );
    expect(await seen(HERE)).toEqual([1, 1, 1]);
    expect(await seen({ ...HERE, region: ELSEWHERE.region })).toEqual([0, 1, 1]);
    expect(await seen(ELSEWHERE)).toEqual([0, 0, 1]);
  });

  test("a transaction can be seen from another account and region", async () => {
    await store().transact(ELSEWHERE, async (tx) => tx.put(notes, note("a", "there")));
    await store().transact(HERE, async (tx) => {
      expect(namesOf(await tx.in(ELSEWHERE).scan(notes, { limit: 9 }))).toEqual(["there"]);
      expect(await tx.in({ region: ELSEWHERE.region }).scan(notes, { limit: 9 })).toEqual([]);
      tx.in(ELSEWHERE).delete(notes, "a", "there");
    });
    expect(await store().transact(ELSEWHERE, (tx) => tx.scan(notes, { limit: 9 }))).toEqual([]);
  });

  test("tables whose names begin alike do not mix", async () => {
    const longer = table<Note>("test.note-s", "region", notes.keyOf);
    await put(note("a", "x"));
    expect(await store().transact(HERE, (tx) => tx.scan(longer, { limit: 9 }))).toEqual([]);
  });

  test("rows come in the order of their keys: strings by UTF-8 bytes, then numbers by value", async () => {
    const strings = ["", "\u0000", "A", "B", "a", "a\u0000", "aa", "b", "é", "ｚ", "😀"];
    const numbers = [-1e300, -1e9, -2.5, -2, 0, 0.5, 1, 1.5, 2, 10, 256, 1e15, 1e300];
    await put(...[...numbers, ...strings].toReversed().map((name) => note("a", name)));
    expect(namesOf(await scan({ limit: 99 }))).toEqual([...strings, ...numbers]);
  });

  describe("a range", () => {
    const keys = ["a/1", "a/10", "a/2", "ab/1", "b/1", "b/2", "c/1"];

    beforeEach(() =>
      put(
        ...keys.map((key) => {
          const [folder = "", name = ""] = key.split("/");
          return note(folder, name);
        }),
      ),
    );

    test.each<[string, Range, string[]]>([
      ["without bounds is everything", { limit: 99 }, keys],
      ["gives no more than its limit", { limit: 2 }, ["a/1", "a/10"]],
      ["with a limit of nothing is empty", { limit: 0 }, []],
      ["may go backwards", { limit: 2, reverse: true }, ["c/1", "b/2"]],
      ["of a prefix has whole parts only", { prefix: ["a"], limit: 99 }, ["a/1", "a/10", "a/2"]],
      ["of a whole key is that row", { prefix: ["a", "1"], limit: 99 }, ["a/1"]],
      ["may take the first part by its beginning", { startsWith: "a", limit: 99 }, ["a/1", "a/10", "a/2", "ab/1"]],
      [
        "may take the part after a prefix by its beginning",
        { prefix: ["a"], startsWith: "1", limit: 99 },
        ["a/1", "a/10"],
      ],
      ["that begins with nothing is everything", { prefix: ["b"], startsWith: "", limit: 99 }, ["b/1", "b/2"]],
      ["after a key leaves it out", { after: ["a", "10"], limit: 2 }, ["a/2", "ab/1"]],
      ["after a key that is not there goes on behind its place", { after: ["a", "11"], limit: 2 }, ["a/2", "ab/1"]],
      ["past whole parts and the beginning of one", { past: ["a", "1"], limit: 2 }, ["a/2", "ab/1"]],
      ["past the beginning of the first part", { past: ["a"], limit: 99 }, ["b/1", "b/2", "c/1"]],
      ["from a key has it", { from: ["b", "1"], limit: 2 }, ["b/1", "b/2"]],
      ["from the beginning of a key", { from: ["b"], limit: 2 }, ["b/1", "b/2"]],
      ["before a key leaves it out", { before: ["ab", "1"], limit: 99 }, ["a/1", "a/10", "a/2"]],
      ["between two keys", { from: ["a", "10"], before: ["b", "1"], limit: 99 }, ["a/10", "a/2", "ab/1"]],
      [
        "backwards between two keys",
        { from: ["a", "10"], before: ["b", "1"], reverse: true, limit: 2 },
        ["ab/1", "a/2"],
      ],
      ["in a prefix after a key", { prefix: ["a"], after: ["a", "1"], limit: 99 }, ["a/10", "a/2"]],
      ["in a prefix before a key, backwards", { prefix: ["b"], before: ["b", "2"], reverse: true, limit: 9 }, ["b/1"]],
      ["whose bounds cross is empty", { from: ["c"], before: ["b"], limit: 99 }, []],
      ["after a key behind the prefix is empty", { prefix: ["a"], after: ["b", "1"], limit: 99 }, []],
    ])("%s", async (_what, range, expected) => {
      expect(placesOf(await scan(range))).toEqual(expected);
    });
  });

  test("the longest key is taken, a longer one is refused", async () => {
    const fits = table<Note>("t", "global", ({ name }) => [name]);
    const longest = "x".repeat(KEY_BYTES_MAX - pack(["t", ""]).length);
    await store().transact(HERE, async (tx) => tx.put(fits, note("", longest)));
    expect(await store().transact(HERE, (tx) => tx.get(fits, longest))).toEqual(note("", longest));
    await expect(store().transact(HERE, (tx) => tx.get(fits, `${longest}x`))).rejects.toThrow("too long");
  });

  test("ten thousand rows are found in order, page by page", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => String((index * 7919) % 10_000).padStart(5, "0"));
    await put(...names.map((name) => note("a", name)));
    const found: unknown[] = [];
    for (let last: Note | undefined; ;) {
      const page = await scan({ limit: 997, after: last && notes.keyOf(last) });
      found.push(...namesOf(page));
      last = page.at(-1);
      if (!last) break;
    }
    expect(found).toEqual(names.toSorted());
  });
});
