import { expect, onTestFinished, test } from "vitest";
import { HERE, notes, type Note } from "../../test/store/notes.ts";
import { openMemory } from "../store/drivers/open.ts";
import { everyRow } from "./every-row.ts";

async function namesIn(range: Parameters<typeof everyRow>[2]): Promise<readonly Note["name"][]> {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  await store.transact(HERE, async (tx) => {
    for (const folder of ["a", "b", "c"])
      for (let name = 0; name < 1200; name++) tx.put(notes, { folder, name, text: "" });
  });
  return store.transact(HERE, (tx) => Array.fromAsync(everyRow(tx, notes, range), ({ name }) => name));
}

const upTo = (from: number, before: number) => Array.from({ length: before - from }, (_, at) => from + at);

test("a table is read to its end, however many rows it has", async () => {
  expect(await namesIn({})).toEqual([...upTo(0, 1200), ...upTo(0, 1200), ...upTo(0, 1200)]);
});

test("a range is read from its beginning to its end, each row once", async () => {
  expect(await namesIn({ prefix: ["b"] })).toEqual(upTo(0, 1200));
  expect(await namesIn({ prefix: ["b"], after: ["b", 99] })).toEqual(upTo(100, 1200));
  expect(await namesIn({ from: ["b", 100], before: ["b", 1100] })).toEqual(upTo(100, 1100));
  expect(await namesIn({ prefix: ["d"] })).toEqual([]);
});
