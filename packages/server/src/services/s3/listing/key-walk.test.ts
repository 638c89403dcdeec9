import { expect, test } from "vitest";
import { NOWHERE, table, type Range, type Transaction } from "../../../kernel/table.ts";
import { openMemory } from "../../../store/drivers/open.ts";
import { placeOf, walkKeys, type Place } from "./key-walk.ts";

interface Row {
  readonly bucket: string;
  readonly key: string;
}

const rows = table<Row>("test.row", "global", ({ bucket, key }) => [bucket, key, 0]);

async function storeOf(keys: Iterable<string>) {
  const { store } = await openMemory();
  await store.transact(NOWHERE, async (tx) => {
    for (const key of keys) tx.put(rows, { bucket: "b", key });
    tx.put(rows, { bucket: "a", key: "zz" });
    tx.put(rows, { bucket: "c", key: "aa" });
  });
  return store;
}

interface Ask {
  readonly prefix?: string;
  readonly delimiter?: string;
  readonly after?: Place;
  readonly limit?: number;
}

const walk = ({ prefix = "", delimiter, after, limit = 1000 }: Ask) => ({
  table: rows,
  bucket: "b",
  prefix,
  delimiter,
  after,
  limit,
});

async function namesOf(keys: readonly string[], ask: Ask) {
  const store = await storeOf(keys);
  const { entries, more } = await store.transact(NOWHERE, (tx) => walkKeys(tx, walk(ask)));
  return { names: entries.map((entry) => (entry.kind === "row" ? entry.key : `${entry.prefix}*`)), more };
}

const tree = ["a", "a/1", "a/2", "b", "b/x/1", "b/x/2", "b/y", "c/", "d"];

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
test.each([
  ["everything", {}, tree],
  ["the top level", { delimiter: "/" }, ["a", "a/*", "b", "b/*", "c/*", "d"]],
  ["one folder", { prefix: "b/", delimiter: "/" }, ["b/x/*", "b/y"]],
  ["a prefix that ends within a name", { prefix: "b", delimiter: "/" }, ["b", "b/*"]],
  ["a delimiter of several characters", { delimiter: "/x/" }, ["a", "a/1", "a/2", "b", "b/x/*", "b/y", "c/", "d"]],
  ["a prefix nothing has", { prefix: "e" }, []],
  ["what follows a key", { after: { kind: "key", key: "b" } }, ["b/x/1", "b/x/2", "b/y", "c/", "d"]],
  ["what follows a key that does not exist", { after: { kind: "key", key: "bb" } }, ["c/", "d"]],
  ["what follows a folder", { delimiter: "/", after: { kind: "folder", prefix: "b/" } }, ["c/*", "d"]],
  ["what follows a key inside a folder", { delimiter: "/", after: { kind: "key", key: "b/x" } }, ["c/*", "d"]],
] as const)("a walk gives %s", async (_what, ask, names) => {
  expect(await namesOf(tree, ask)).toEqual({ names: [...names], more: false });
});

test("keys stand in the order of their UTF-8 bytes", async () => {
  const keys = ["z", "é", "\u{1F600}", "\uFF5E", "A", "a", "\u007F"];
  const inOrder = keys.toSorted((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  expect((await namesOf(keys, {})).names).toEqual(inOrder);
});

test("pages of any size on end are the whole", async () => {
  const store = await storeOf(tree);
  const whole = ["a", "a/", "b", "b/", "c/", "d"];
  for (const limit of [1, 2, 3, 5, 6]) {
    const names: string[] = [];
    let after: Place | undefined;
    for (let more = true; more;) {
      const asked = { delimiter: "/", limit, ...(after && { after }) };
      const page = await store.transact(NOWHERE, (tx) => walkKeys(tx, walk(asked)));
      expect(page.entries.length).toBeLessThanOrEqual(limit);
      names.push(...page.entries.map((entry) => (entry.kind === "row" ? entry.key : entry.prefix)));
      const last = page.entries.at(-1);
      after = last && placeOf(last);
      more = page.more;
    }
    expect(names).toEqual(whole);
  }
});

/** Counts the rows that a walk reads. */
function counting(tx: Transaction, count: { rows: number }): Transaction {
  return {
    changed: false,
    onceCommitted: () => {},
    gather: () => {},
    get: (from, ...key) => tx.get(from, ...key),
    put: (into, row) => tx.put(into, row),
    delete: (from, ...key) => tx.delete(from, ...key),
    clear: (from, range) => tx.clear(from, range),
    in: (scope) => tx.in(scope),
    async scan<Scanned>(from: Parameters<Transaction["scan"]>[0], range: Range) {
      const found = await tx.scan(from, range);
      count.rows += found.length;
      return found as Scanned[];
    },
  };
}

test("the keys inside a folder are jumped over, not read", async () => {
  const folders = Array.from({ length: 20 }, (_, index) => `f${String(index).padStart(2, "0")}/`);
  const store = await storeOf(folders.flatMap((folder) => Array.from({ length: 500 }, (_, index) => folder + index)));
  const count = { rows: 0 };
  const page = await store.transact(NOWHERE, (tx) =>
    walkKeys(counting(tx, count), walk({ delimiter: "/", limit: 100 })),
  );
  expect(page.entries).toHaveLength(20);
  expect(count.rows).toBeLessThan(20 * 20 + 101);
});

test("a page reads no more rows than it gives, and one, however many there are", async () => {
  const keys = Array.from({ length: 30_000 }, (_, index) => `k${String(index).padStart(6, "0")}`);
  const store = await storeOf(keys);
  for (const after of [undefined, "k010000", "k029500"]) {
    const count = { rows: 0 };
    const asked = { limit: 1000, ...(after !== undefined && { after: { kind: "key" as const, key: after } }) };
    const page = await store.transact(NOWHERE, (tx) => walkKeys(counting(tx, count), walk(asked)));
    expect(page.entries[0]).toMatchObject({ key: keys[after === undefined ? 0 : keys.indexOf(after) + 1] });
    expect(count.rows).toBeLessThanOrEqual(1001);
  }
});
