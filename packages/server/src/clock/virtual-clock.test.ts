import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { openEmbedded, openMemory } from "../store/drivers/open.ts";
import type { Store } from "../store/store.ts";
import { VirtualClock } from "./virtual-clock.ts";

const DAY_MS = 86_400_000;
/** How much real time a test may take between two looks at the clock. */
const SLACK_MS = 2000;

let store: Store;
let clock: VirtualClock;

beforeEach(async () => {
  ({ store } = await openMemory());
  clock = await VirtualClock.open(store);
});

/** Looks again where real time ticked between two looks. */
function aheadMs(of: VirtualClock = clock): number {
  for (;;) {
    const real = of.realNow();
    const ahead = of.now() - real;
    if (of.realNow() === real) return ahead;
  }
}

describe("virtual time", () => {
  test("is real time in a new cloud", () => {
    expect(aheadMs()).toBe(0);
  });

  test("moves on by as much as it is told, and then goes on by itself", async () => {
    await clock.advance(12 * 3600);
    expect(aheadMs()).toBe(12 * 3_600_000);
    await clock.advance(0.5);
    expect(aheadMs()).toBe(12 * 3_600_000 + 500);
  });

  test("adds up where it is told twice at once", async () => {
    await Promise.all([clock.advance(1), clock.advance(2), clock.advance(3)]);
    expect(aheadMs()).toBe(6000);
  });

  test.each([-1, Number.NaN, Infinity])("cannot move by %d seconds", (seconds) => {
    expect(() => clock.advance(seconds)).toThrow("time can only move on");
  });

  test("stands still once frozen, also while it is moved on", async () => {
    await clock.advance(86_400);
    await clock.freeze();
    const frozenAt = clock.now();
    expect(frozenAt - clock.realNow()).toBeGreaterThan(DAY_MS - SLACK_MS);
    expect(clock.state).toMatchObject({ mode: "frozen", atMs: frozenAt });
    await clock.advance(60);
    expect(clock.now()).toBe(frozenAt + 60_000);
  });

  test("goes on from where it stood", async () => {
    await clock.freeze();
    await clock.advance(3600);
    const frozenAt = clock.now();
    await clock.resume();
    expect(clock.state.mode).toBe("running");
    expect(clock.now() - frozenAt).toBeLessThan(SLACK_MS);
    expect(clock.now()).toBeGreaterThanOrEqual(frozenAt);
  });

  test("resumed while it runs stays as it is", async () => {
    await clock.advance(100);
    await clock.resume();
    expect(aheadMs()).toBe(100_000);
  });
});

describe("virtual time in the store", () => {
  test("starts anew after a reset of the store", async () => {
    await clock.advance(100);
    await store.reset();
    await clock.refresh();
    expect(aheadMs()).toBe(0);
  });

  test("is seen by another clock over the same store once that looks", async () => {
    const other = await VirtualClock.open(store);
    await clock.advance(100);
    expect(aheadMs(other)).toBe(0);
    await other.refresh();
    expect(aheadMs(other)).toBe(100_000);
  });

  test("outlives its process, running or frozen", async () => {
    const directory = mkdtempSync(join(tmpdir(), "kumobako-clock-"));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const reopened = async <T>(body: (of: VirtualClock) => Promise<T>) => {
      const opened = await openEmbedded({ directory });
      const outcome = await body(await VirtualClock.open(opened.store));
      await opened.store.close();
      return outcome;
    };
    await reopened((of) => of.advance(3600));
    expect(await reopened(async (of) => aheadMs(of))).toBe(3_600_000);
    const frozenAt = await reopened(async (of) => {
      await of.freeze();
      return of.now();
    });
    expect(await reopened(async (of) => of.now())).toBe(frozenAt);
  });
});

test("time that is moved over an exact wait stops at its moment, and not at others", async () => {
  await clock.freeze();
  clock.drive({ nextMs: async () => undefined, fire: async () => {}, timeMoved: () => {} });
  const startMs = clock.now();
  const at: Record<string, number> = {};
  clock.whenAt(startMs + 5000, () => void (at["exact"] = clock.now() - startMs), { exact: true });
  clock.whenAt(startMs + 6000, () => void (at["other"] = clock.now() - startMs));
  await clock.advance(60);
  expect(at).toEqual({ exact: 5000, other: 60_000 });
});
