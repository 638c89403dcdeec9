import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { counts, HERE } from "../../test/store/notes.ts";
import { openMemory } from "../store/drivers/open.ts";
import type { Store } from "../store/store.ts";
import { cancelTimer, setTimer, type Timer } from "./timer.ts";
import { anyOf, Timers, type RunTimer } from "./timers.ts";
import { VirtualClock } from "./virtual-clock.ts";

const HOUR_MS = 3_600_000;

let store: Store;
let clock: VirtualClock;
let timers: Timers | undefined;
let startMs: number;

beforeEach(async () => {
  ({ store } = await openMemory());
  clock = await VirtualClock.open(store);
  await clock.freeze();
  startMs = clock.now();
});

afterEach(async () => {
  await timers?.close();
  timers = undefined;
  await store.close();
});

/** What was told of failures. */
const told: string[] = [];

const report = (error: unknown, what: string): void => void told.push(`${what}: ${String(error)}`);

function begin(run: RunTimer): void {
  told.length = 0;
  timers = new Timers({ store, clock, run, report });
}

const timer = (key: string, afterMs: number, payload?: unknown): Timer => ({
  ...HERE,
  service: "sqs",
  job: "retry",
  key,
  dueMs: startMs + afterMs,
  payload,
});

const set = (...all: readonly Timer[]) =>
  store.transact(HERE, async (tx) => {
    for (const each of all) setTimer(tx, each);
  });

/** Notes what ran and when, in virtual milliseconds since the start. */
function noting(): string[] {
  const ran: string[] = [];
  begin(async ({ key }) => {
    ran.push(`${key} at ${clock.now() - startMs}`);
  });
  return ran;
}

describe("moving time on", () => {
  test("runs what falls due, in order, each at its own moment", async () => {
    const ran = noting();
    await set(timer("c", 3000), timer("a", 1000), timer("b", 2000), timer("later", HOUR_MS));
    await clock.advance(3);
    expect(ran).toEqual(["a at 1000", "b at 2000", "c at 3000"]);
    expect(clock.now()).toBe(startMs + 3000);
  });

  test("leaves others their turn: a week of minutes over a store in memory stops nobody", async () => {
    let runs = 0;
    begin(async (due, tx) => {
      runs += 1;
      setTimer(tx, { ...due, dueMs: due.dueMs + HOUR_MS / 60 });
    });
    await set(timer("minutely", 0));
    let turns = 0;
    let isOver = false;
    const turn = (): void => {
      turns += 1;
      if (!isOver) setImmediate(turn);
    };
    setImmediate(turn);
    await clock.advance(7 * 24 * 3600);
    isOver = true;
    expect(runs).toBe(7 * 24 * 60 + 1);
    expect(turns).toBeGreaterThan(5);
  });

  test("runs what those timers set, if it falls into the same time", async () => {
    const ran: number[] = [];
    begin(async (due, tx) => {
      ran.push(clock.now() - startMs);
      setTimer(tx, { ...due, dueMs: due.dueMs + HOUR_MS });
    });
    await set(timer("hourly", HOUR_MS));
    await clock.advance(12 * 3600);
    expect(ran).toEqual(Array.from({ length: 12 }, (_, index) => (index + 1) * HOUR_MS));
  });

  test("waits for what a job does before it goes on", async () => {
    const steps: string[] = [];
    begin(async ({ key }) => {
      steps.push(`${key} begins`);
      await store.transact(HERE, (tx) => tx.get(counts, "a"));
      steps.push(`${key} ends`);
    });
    await set(timer("a", 1), timer("b", 2));
    await clock.advance(1);
    expect(steps).toEqual(["a begins", "a ends", "b begins", "b ends"]);
  });

  test("runs what was overdue already, without turning time back", async () => {
    const ran = noting();
    await clock.advance(10);
    await set(timer("overdue", 1000));
    await clock.advance(1);
    expect(ran).toEqual(["overdue at 10000"]);
  });
});

describe("a job", () => {
  test("is given what it was set with, in its account and region", async () => {
    const given: unknown[] = [];
    begin(async ({ payload, account, region, service, job, key }, tx) => {
      given.push({ payload, account, region, service, job, key });
      tx.put(counts, { name: "a", value: 1 });
    });
    await set(timer("a", 1, { queue: "q" }));
    await clock.advance(1);
    expect(given).toEqual([{ payload: { queue: "q" }, ...HERE, service: "sqs", job: "retry", key: "a" }]);
    expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 1 });
  });

  test("runs as one of ten thousand", async () => {
    let count = 0;
    begin(async () => {
      count++;
    });
    await set(...Array.from({ length: 10_000 }, (_, index) => timer(String(index), index)));
    await clock.advance(10);
    expect(count).toBe(10_000);
  });
});

describe("a timer", () => {
  test("set again under the same key runs once, at the later word", async () => {
    const ran = noting();
    await set(timer("a", 1000));
    await set(timer("a", 5000));
    await set(timer("b", 5000));
    await set(timer("b", 1000));
    await clock.advance(10);
    expect(ran).toEqual(["b at 1000", "a at 5000"]);
  });

  test("taken back does not run", async () => {
    const ran = noting();
    await set(timer("a", 1000), timer("b", 1000));
    await store.transact(HERE, async (tx) => cancelTimer(tx, timer("a", 0)));
    await clock.advance(10);
    expect(ran).toEqual(["b at 1000"]);
  });

  test("of a transaction that fails does not run", async () => {
    const ran = noting();
    const failed = store.transact(HERE, async (tx) => {
      setTimer(tx, timer("a", 1000));
      throw new RangeError("no");
    });
    await expect(failed).rejects.toThrow(RangeError);
    await clock.advance(10);
    expect(ran).toEqual([]);
  });
});

describe("a timer, by itself,", () => {
  test("set for the very moment at which time stands still, runs", async () => {
    const ran = Promise.withResolvers<string>();
    begin(async ({ key }) => ran.resolve(key));
    await set(timer("now", 0));
    expect(await ran.promise).toBe("now");
  });

  test("runs when real time reaches it", async () => {
    const ran = Promise.withResolvers<number>();
    begin(async () => ran.resolve(clock.now()));
    await clock.resume();
    await set(timer("later", HOUR_MS));
    const dueMs = clock.now() + 20;
    await set({ ...timer("soon", 0), dueMs });
    expect(await ran.promise).toBeGreaterThanOrEqual(dueMs);
  });

  test("that fell due while no server ran runs at the next start", async () => {
    await set(timer("missed", 1000));
    await clock.advance(3600);
    const ran = Promise.withResolvers<string>();
    begin(async ({ key }) => ran.resolve(key));
    expect(await ran.promise).toBe("missed");
  });

  test("runs once, though two servers look after the same store", async () => {
    const other = await VirtualClock.open(store);
    let runs = 0;
    const run: RunTimer = async (_timer, tx) => {
      runs++;
      const value = (await tx.get(counts, "a"))?.value ?? 0;
      tx.put(counts, { name: "a", value: value + 1 });
    };
    const second = new Timers({ store, clock: other, run, report });
    begin(run);
    await set(...Array.from({ length: 50 }, (_, index) => timer(String(index), 10)));
    await Promise.all([clock.advance(1), other.advance(1)]);
    expect(await store.transact(HERE, (tx) => tx.get(counts, "a"))).toEqual({ name: "a", value: 50 });
    expect(runs).toBeGreaterThanOrEqual(50);
    await second.close();
  });
});

describe("a job that fails", () => {
  test("runs again later, longer each time, and leaves nothing of the failed run", async () => {
    const ran: number[] = [];
    begin(async (_timer, tx) => {
      ran.push(clock.now() - startMs);
      tx.put(counts, { name: `run ${ran.length}`, value: 1 });
      if (ran.length < 4) throw new Error("not yet");
    });
    await set(timer("a", 1000));
    await clock.advance(3600);
    expect(ran).toEqual([1000, 2000, 4000, 8000]);
    expect((await store.transact(HERE, (tx) => tx.scan(counts, { limit: 9 }))).map(({ name }) => name)).toEqual([
      "run 4",
    ]);
  });

  test("does not hold up the others", async () => {
    const ran: string[] = [];
    begin(async ({ key }) => {
      if (key === "bad") throw new Error("never");
      ran.push(key);
    });
    await set(timer("bad", 1000), timer("good", 1000), timer("later", 60_000));
    await clock.advance(3600);
    expect(ran).toEqual(["good", "later"]);
  });

  test("is told of, and never given up: in the end it runs once an hour", async () => {
    const ran: number[] = [];
    let isWell = false;
    begin(async () => {
      ran.push((clock.now() - startMs) / 1000);
      if (!isWell) throw new Error("the disk is full");
    });
    await set(timer("bad", 1000));
    await clock.advance(4 * 3600);
    expect(ran.slice(0, 6)).toEqual([1, 2, 4, 8, 16, 32]);
    expect((ran.at(-1) ?? 0) - (ran.at(-2) ?? 0)).toBe(3600);
    expect(told.at(-1)).toBe("the job sqs.retry: Error: the disk is full");
    isWell = true;
    await clock.advance(3600);
    const { length } = ran;
    await clock.advance(7200);
    expect([told.length, ran.length]).toEqual([length - 1, length]);
  });

  test("does not undo that it was set anew meanwhile", async () => {
    const ran: string[] = [];
    begin(async ({ payload }) => {
      ran.push(String(payload));
      if (payload === "old") {
        await set(timer("a", 5000, "new"));
        throw new Error("old");
      }
    });
    await set(timer("a", 1000, "old"));
    await clock.advance(3600);
    expect(ran.at(-1)).toBe("new");
    expect(ran.filter((payload) => payload === "new")).toHaveLength(1);
  });
});

test("of several, one that is not busy yet is heard of too", async () => {
  const began = Promise.withResolvers<void>();
  const waiting = { busy: true, change: () => new Promise<void>(() => {}) };
  const idle = { busy: false, change: () => began.promise };
  const change = anyOf(waiting, idle).change();
  began.resolve();
  await expect(change).resolves.toBeUndefined();
});
