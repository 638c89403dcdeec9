import { expect, test } from "vitest";
import { counts, HERE } from "../../test/store/notes.ts";
import type { Transaction } from "../kernel/table.ts";
import { Conflict } from "./driver.ts";
import { openMemory } from "./drivers/open.ts";

async function raise(tx: Transaction): Promise<void> {
  const value = (await tx.get(counts, "a"))?.value ?? 0;
  tx.put(counts, { name: "a", value: value + 1 });
}

test("a transaction that conflicts every time gives up with the conflict", async () => {
  const { store } = await openMemory();
  let runs = 0;
  const hopeless = store.transact(HERE, async (tx) => {
    runs++;
    await raise(tx);
    await store.transact(HERE, raise);
  });
  await expect(hopeless).rejects.toThrow(Conflict);
  expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: runs });
});

test("closing waits for transactions under way and refuses new ones", async () => {
  const { store } = await openMemory();
  const goOn = Promise.withResolvers<void>();
  const steps: string[] = [];
  const underWay = store.transact(HERE, async (tx) => {
    await goOn.promise;
    await raise(tx);
    steps.push("committed");
  });
  const closed = store.close().then(() => steps.push("closed"));
  goOn.resolve();
  await Promise.all([underWay, closed]);
  expect(steps).toEqual(["committed", "closed"]);
  await expect(store.transact(HERE, raise)).rejects.toThrow("the store is closed");
});

test("transactions of one line go one after the other, and none runs twice", async () => {
  const { store } = await openMemory();
  let runs = 0;
  const one = (tx: Transaction): Promise<void> => {
    runs++;
    return raise(tx);
  };
  await Promise.all(Array.from({ length: 50 }, () => store.transact(HERE, one, "a line")));
  expect(runs).toBe(50);
  expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 50 });
});

test("who fails leaves the line, and other lines go on meanwhile", async () => {
  const { store } = await openMemory();
  const goOn = Promise.withResolvers<void>();
  const failing = store.transact(HERE, () => goOn.promise, "a line");
  const next = store.transact(HERE, raise, "a line");
  await store.transact(HERE, (tx) => Promise.resolve(tx.put(counts, { name: "b", value: 1 })), "another");
  expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toBeUndefined();
  goOn.reject(new Error("it fails"));
  await expect(failing).rejects.toThrow("it fails");
  await next;
  expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 1 });
});
