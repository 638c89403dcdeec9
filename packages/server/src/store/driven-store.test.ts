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
