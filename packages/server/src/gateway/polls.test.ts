import { onTestFinished, expect, test } from "vitest";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { NOWHERE, table, type Transaction } from "../kernel/table.ts";
import { openMemory } from "../store/drivers/open.ts";
import { Polls } from "./polls.ts";

interface Letter {
  readonly name: string;
}

const letters = table<Letter>("test.letter", "global", ({ name }) => [name]);

async function parts() {
  const { store } = await openMemory();
  onTestFinished(() => store.close());
  const clock = await VirtualClock.open(store);
  await clock.freeze();
  const polls = new Polls({ store, clock });
  const gone: (() => void)[] = [];
  const looks: number[] = [];
  const wait = (untilMs: number) =>
    polls.run(
      { watched: letters, untilMs, scope: NOWHERE, whenGone: (listener) => void gone.push(listener) },
      async (tx: Transaction) => {
        looks.push(clock.now());
        const [first] = await tx.scan(letters, { limit: 1 });
        return first === undefined ? { againAtMs: undefined } : { found: first.name };
      },
    );
  return { store, clock, polls, gone, looks, wait };
}

test("what is written wakes who waits for it", async () => {
  const { store, clock, wait } = await parts();
  const waiting = wait(clock.now() + 1000);
  await store.transact(NOWHERE, async (tx) => tx.put(letters, { name: "a" }));
  expect(await waiting).toBe("a");
});

test("the wait ends by virtual time", async () => {
  const { clock, wait, looks } = await parts();
  const endMs = clock.now() + 20_000;
  const waiting = wait(endMs);
  await clock.advance(20);
  expect(await waiting).toBeUndefined();
  expect(looks.at(-1)).toBe(endMs);
});

test("who has gone is not waited for", async () => {
  const { clock, wait, gone } = await parts();
  const waiting = wait(clock.now() + 1000);
  for (const leave of gone) leave();
  expect(await waiting).toBeUndefined();
});

test("nobody waits once all waits were ended", async () => {
  const { clock, wait, polls } = await parts();
  polls.end();
  expect(await wait(clock.now() + 1000)).toBeUndefined();
});

test("what waits for something to look at is told apart from what looks, before anything else happens", async () => {
  const { store, clock, polls } = await parts();
  const heard: number[] = [];
  const rests = Promise.withResolvers<void>();
  const waiting = polls.run(
    {
      watched: letters,
      untilMs: clock.now() + 1000,
      scope: NOWHERE,
      whenGone: undefined,
      waits(more) {
        heard.push(more);
        rests.resolve();
      },
    },
    async (tx: Transaction) => {
      const [first] = await tx.scan(letters, { limit: 1 });
      return first === undefined ? { againAtMs: undefined } : { found: first.name };
    },
  );
  await rests.promise;
  expect(heard).toEqual([1]);
  await store.transact(NOWHERE, async (tx) => tx.put(letters, { name: "a" }));
  expect(heard).toEqual([1, -1]);
  expect(await waiting).toBe("a");
});

test("looks at one table come one after the other", async () => {
  const { store, clock, polls } = await parts();
  await store.transact(NOWHERE, async (tx) => ["a", "b", "c"].forEach((name) => tx.put(letters, { name })));
  let looks = 0;
  const take = () =>
    polls.run({ watched: letters, untilMs: clock.now(), scope: NOWHERE, whenGone: undefined }, async (tx) => {
      looks++;
      const [first] = await tx.scan(letters, { limit: 1 });
      if (first === undefined) return { againAtMs: undefined };
      tx.delete(letters, first.name);
      return { found: first.name };
    });
  expect(await Promise.all([take(), take(), take()])).toEqual(["a", "b", "c"]);
  expect(looks).toBe(3);
});
