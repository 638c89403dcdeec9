import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { counts, ELSEWHERE, HERE, notes, type Count, type Note } from "../../test/store/notes.ts";
import { startWorlds } from "../../test/store/worlds.ts";
import { table, type Gathering, type Transaction } from "../kernel/table.ts";
import type { OpenedStore } from "./drivers/open.ts";

const worlds = await startWorlds();

afterAll(async () => {
  for (const [, world] of worlds) await world?.end();
});

const many = <T>(count: number, body: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => body(index)));

async function add(tx: Transaction, name: string, by: number): Promise<void> {
  const value = (await tx.get(counts, name))?.value ?? 0;
  tx.put(counts, { name, value: value + by });
}

describe.each(worlds)("transactions in %s", (_name, world) => {
  let opened: OpenedStore | undefined;

  const store = () => {
    if (!opened) throw new Error("no store is open");
    return opened.store;
  };
  const transact = <T>(body: (tx: Transaction) => Promise<T>) => store().transact(HERE, body);
  const setCounts = (values: Readonly<Record<string, number>>) =>
    transact(async (tx) => {
      for (const [name, value] of Object.entries(values)) tx.put(counts, { name, value });
    });
  const allCounts = async () =>
    Object.fromEntries(
      (await transact((tx) => tx.scan(counts, { limit: 99 }))).map(({ name, value }) => [name, value]),
    );

  beforeEach(async ({ skip }) => {
    if (!world) skip("there is no PostgreSQL on this machine");
    else opened = await world.fresh();
  });

  afterEach(async () => {
    await opened?.store.close();
    opened = undefined;
  });

  test("one that reads sees one state, whatever is committed meanwhile", async () => {
    await setCounts({ a: 1, b: 1, d: 1 });
    const seen = await transact(async (tx) => {
      const first = await tx.get(counts, "a");
      await setCounts({ a: 2, b: 2, c: 2 });
      await store().transact(HERE, async (other) => other.delete(counts, "d"));
      const again = await tx.get(counts, "a");
      const scanned = await tx.scan(counts, { limit: 9 });
      const backwards = await tx.scan(counts, { limit: 2, reverse: true });
      return { first, again, scanned, backwards };
    });
    const [a, b, d] = ["a", "b", "d"].map((name) => ({ name, value: 1 }));
    expect(seen).toEqual({ first: a, again: a, scanned: [a, b, d], backwards: [d, b] });
    expect(await allCounts()).toEqual({ a: 2, b: 2, c: 2 });
  });

  test("one that writes what it has read runs again where another was faster", async () => {
    await setCounts({ a: 1 });
    let runs = 0;
    await transact(async (tx) => {
      await add(tx, "a", 10);
      if (runs++ === 0) await transact((other) => add(other, "a", 100));
    });
    expect(runs).toBe(2);
    expect(await allCounts()).toEqual({ a: 111 });
  });

  test("a counter that many raise at once misses none", async () => {
    await many(60, () => transact((tx) => add(tx, "a", 1)));
    expect(await allCounts()).toEqual({ a: 60 });
  });

  test("no write skew: of two that each rely on what the other takes away, one sees it", async () => {
    for (let round = 0; round < 10; round++) {
      await setCounts({ alice: 1, bob: 1 });
      const leave = (name: string) =>
        transact(async (tx) => {
          const onCall = await Promise.all(["alice", "bob"].map((each) => tx.get(counts, each)));
          if (onCall.every((count) => count?.value === 1)) tx.put(counts, { name, value: 0 });
        });
      await Promise.all([leave("alice"), leave("bob")]);
      expect(Object.values(await allCounts())).toContain(1);
    }
  });

  test("no phantoms: of two that each put a row where they saw none, one sees the other's", async () => {
    const got = await many(8, (index) =>
      transact(async (tx) => {
        const taken = await tx.scan(notes, { prefix: ["seat"], limit: 1 });
        if (taken.length === 0) tx.put(notes, { folder: "seat", name: `guest ${index}` });
        return taken.length === 0;
      }),
    );
    expect(got.filter(Boolean)).toHaveLength(1);
  });

  test("a row that vanishes from a range that was read is a conflict", async () => {
    await setCounts({ a: 1, b: 1 });
    let runs = 0;
    await transact(async (tx) => {
      const rows = await tx.scan(counts, { limit: 9 });
      if (runs++ === 0) await transact(async (other) => other.delete(counts, "a"));
      tx.put(counts, { name: "sum", value: rows.length });
    });
    expect(await allCounts()).toEqual({ b: 1, sum: 1 });
  });

  test("a queue that many take from gives each item once", async () => {
    const items = Array.from({ length: 20 }, (_, index) => index);
    await transact(async (tx) => {
      for (const name of items) tx.put(notes, { folder: "queue", name });
    });
    const take = () =>
      transact(async (tx) => {
        const [first] = await tx.scan(notes, { prefix: ["queue"], limit: 1 });
        if (first) tx.delete(notes, first.folder, first.name);
        return first?.name;
      });
    const taken = await many(24, take);
    expect(taken.filter((name) => name !== undefined).toSorted((a, b) => Number(a) - Number(b))).toEqual(items);
  });

  test("money that is moved about is neither made nor lost, and every look at it sees all of it", async () => {
    const accounts = ["a", "b", "c", "d"];
    await setCounts(Object.fromEntries(accounts.map((name) => [name, 100])));
    const sums: number[] = [];
    await many(60, async (index) => {
      const from = accounts[index % 4] ?? "";
      const to = accounts[(index * 7 + 1) % 4] ?? "";
      await transact(async (tx) => {
        await add(tx, from, -index);
        await add(tx, to, index);
      });
      sums.push(sum(await transact((tx) => tx.scan(counts, { limit: 9 }))));
    });
    expect(new Set(sums)).toEqual(new Set([400]));
  });

  test("writes without reads never conflict", async () => {
    let runs = 0;
    await transact(async (tx) => {
      if (runs++ === 0) await setCounts({ b: 1 });
      tx.put(counts, { name: "a", value: 1 });
    });
    expect(runs).toBe(1);
  });

  test("a failed transaction leaves the store fit for the next", async () => {
    for (let round = 0; round < 40; round++) {
      const failed = transact(async (tx) => {
        await add(tx, "a", 1);
        throw new RangeError("no");
      });
      await expect(failed).rejects.toThrow(RangeError);
    }
    expect(await allCounts()).toEqual({});
  });

  test("a listener hears of commits that wrote to its table, and of no others", async () => {
    const heard: string[] = [];
    const end = store().watch(counts, () => heard.push("counts"));
    await setCounts({ a: 1 });
    await transact(async (tx) => tx.in(ELSEWHERE).delete(counts, "a"));
    expect(heard).toEqual(["counts", "counts"]);
    await transact(async (tx) => tx.put(notes, { folder: "a", name: "x" }));
    await allCounts();
    const failed = transact(async (tx) => {
      tx.put(counts, { name: "b", value: 1 });
      throw new RangeError("no");
    });
    await expect(failed).rejects.toThrow(RangeError);
    end();
    await setCounts({ a: 2 });
    expect(heard).toEqual(["counts", "counts"]);
  });

  test("a reset deletes everything, and the store goes on", async () => {
    await setCounts({ a: 1 });
    await store().transact(ELSEWHERE, async (tx) => tx.put(counts, { name: "b", value: 1 }));
    await store().reset();
    expect(await allCounts()).toEqual({});
    expect(await store().transact(ELSEWHERE, (tx) => tx.scan(counts, { limit: 1 }))).toEqual([]);
    await setCounts({ c: 1 });
    expect(await allCounts()).toEqual({ c: 1 });
  });

  test("a transaction under way at a reset writes nothing that it has from before", async () => {
    await setCounts({ a: 1 });
    let runs = 0;
    await transact(async (tx) => {
      await add(tx, "a", 1);
      if (runs++ === 0) await store().reset();
    });
    expect(await allCounts()).toEqual({ a: 1 });
  });

  test("all entries come in order, as they stood at one moment", async () => {
    const rows = Array.from({ length: 2500 }, (_, name): Note => ({ folder: "many", name }));
    await transact(async (tx) => {
      for (const row of rows) tx.put(notes, row);
    });
    const keys: string[] = [];
    for await (const page of store().entries()) {
      if (keys.length === 0) await setCounts({ late: 1 });
      keys.push(...page.map(({ key }) => key));
    }
    expect(keys).toEqual(keys.toSorted());
    expect(keys.filter((key) => key.includes(notes.name))).toHaveLength(2500);
    expect(keys.filter((key) => key.includes(counts.name))).toEqual([]);
  });

  const again = async () => {
    await opened?.store.close();
    opened = undefined;
    opened = await world?.again?.();
  };

  test("what several gather in one moment is kept with them, and of those alone that are committed", async () => {
    const names = namesKept();
    const gather = (name: string) =>
      transact(async (tx) => {
        names.gather(name, tx);
        tx.put(counts, { name: `${name} too`, value: 0 });
      });
    const refused = transact((tx) => {
      names.gather("never", tx);
      return Promise.reject(new Error("refused"));
    });
    await Promise.all([gather("a"), gather("b"), refused.catch(() => {})]);
    await store().gathered();
    expect(Object.keys(await allCounts())).toEqual(["a", "a too", "b", "b too"]);
  });

  test("an attempt that conflicts gathers nothing", async () => {
    const names = namesKept();
    let runs = 0;
    await transact(async (tx) => {
      await add(tx, "a", 1);
      names.gather(`run ${++runs}`, tx);
      if (runs === 1) await transact((other) => add(other, "a", 1));
    });
    await store().gathered();
    expect(await allCounts()).toEqual({ a: 2, "run 2": 1 });
  });

  describe.skipIf(!world?.again)("closed and opened again", () => {
    test("has what was gathered last", async () => {
      const names = namesKept();
      await transact(async (tx) => names.gather("late", tx));
      await again();
      expect(await allCounts()).toEqual({ late: 1 });
    });

    test("has everything that was committed", async () => {
      await setCounts({ a: 1, b: 2 });
      await again();
      expect(await allCounts()).toEqual({ a: 1, b: 2 });
    });

    test("refuses what a newer version has made", async () => {
      const formats = table<{ readonly format: number; readonly keyCheck: string }>("store.format", "global", () => []);
      await transact(async (tx) => {
        const format = await tx.get(formats);
        if (format) tx.put(formats, { ...format, format: 99 });
      });
      await expect(again()).rejects.toThrow("written by a newer version: format `99`");
    });

    test("refuses another master key", async () => {
      const formats = table<{ readonly format: number; readonly keyCheck: string }>("store.format", "global", () => []);
      await transact(async (tx) => tx.put(formats, { format: 1, keyCheck: "of-another-key" }));
      await expect(again()).rejects.toThrow("the master key is not the one");
    });
  });
});

/** Keeps each name as a count of one. */
function namesKept() {
  let added: string[] = [];
  const names: Gathering = {
    keep(tx) {
      for (const name of added) tx.in(HERE).put(counts, { name, value: 1 });
      added = [];
    },
  };
  return { gather: (name: string, tx: Transaction) => tx.gather(names, () => void added.push(name)) };
}

const sum = (rows: readonly Count[]) => rows.reduce((total, { value }) => total + value, 0);
