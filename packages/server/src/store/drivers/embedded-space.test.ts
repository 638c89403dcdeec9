/** The embedded space beside a plain map: copies of its files, as a death leaves them, hold what was promised. */
import { deepEqual, equal, ok } from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, onTestFinished, test } from "vitest";
import { Seeded } from "../../../test/store/seeded.ts";
import type { Attempt, Entry, Write } from "../driver.ts";
import { EmbeddedSpace } from "./embedded.ts";
import { LocalDriver } from "./local.ts";

const TURNS = 400;
const KEYS = 40;
const VALUE_BYTES_MAX = 60_000;
const EVERYTHING = { from: "", to: "\xff", limit: Infinity, reverse: false };
const ONE = { from: "one\0", to: "one\0\xff", limit: Infinity, reverse: false };
const isInOne = ({ key }: Entry): boolean => key.startsWith("one\0");
const MIB = 1024 * 1024;

type State = ReadonlyMap<string, string>;

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "kumobako-space-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const inOrder = (state: State): Entry[] =>
  [...state].map(([key, value]) => ({ key, value })).toSorted((one, other) => (one.key < other.key ? -1 : 1));

/** What a server finds that starts on `files` as they are now, the log's last `cut` bytes lost. */
function foundAfterDeath(files: string, cut: number): readonly Entry[] {
  const copy = join(newDirectory(), "copy");
  cpSync(files, copy, { recursive: true });
  const log = join(copy, "store.db-log");
  if (existsSync(log)) truncateSync(log, Math.max(0, statSync(log).size - cut));
  const space = new EmbeddedSpace(join(copy, "store.db"), "normal");
  const found = space.range(EVERYTHING);
  space.close();
  rmSync(copy, { recursive: true });
  return found;
}

class Simulation {
  readonly directory = newDirectory();
  readonly #chance = new Seeded(23);
  #space = this.#open();
  readonly #state = new Map<string, string>();
  /** After each turn, the latest last. */
  readonly states: State[] = [new Map()];
  /** How often a log that was cut off has cost turns. */
  setBack = 0;

  async turn(): Promise<void> {
    const writes = Array.from({ length: 1 + this.#chance.below(4) }, () => this.#write());
    const written = this.#space.apply(writes);
    for (const write of writes) enter(write, this.#state);
    if (this.#chance.below(4) === 0) deepEqual(this.#space.range(EVERYTHING), inOrder(this.#state));
    if (this.#chance.below(3) === 0) deepEqual(this.#space.range(ONE), inOrder(this.#state).filter(isInOne));
    this.#readSome();
    const key = this.#key();
    equal(this.#space.get(key), this.#state.get(key));
    await written;
    this.states.push(new Map(this.#state));
  }

  reopen(): void {
    this.#space.close();
    ok(!existsSync(join(this.directory, "store.db-log")));
    this.#space = this.#open();
    deepEqual(this.#space.range(EVERYTHING), inOrder(this.#state));
  }

  dieOrBeCut(): void {
    const last = this.states.at(-1) ?? new Map<string, string>();
    deepEqual(foundAfterDeath(this.directory, 0), inOrder(last));
    const found = foundAfterDeath(this.directory, this.#chance.below(MIB));
    const turn = this.states.findLastIndex((state) => state.size === found.length && isIn(found, state));
    ok(turn >= 0);
    if (turn < this.states.length - 1) this.setBack++;
  }

  end(): void {
    this.#space.close();
  }

  /** A few entries between two keys, from either end. */
  #readSome(): void {
    const [from, to] = [`one\0k${this.#chance.below(KEYS)}`, `one\0k${this.#chance.below(KEYS)}`];
    const [limit, reverse] = [this.#chance.below(KEYS), this.#chance.below(2) === 0];
    const between = inOrder(this.#state).filter(({ key }) => key >= from && key < to);
    const expected = (reverse ? between.toReversed() : between).slice(0, limit);
    deepEqual(this.#space.range({ from, to, limit, reverse }), expected);
  }

  #open(): EmbeddedSpace {
    return new EmbeddedSpace(join(this.directory, "store.db"), "normal");
  }

  #key(): string {
    return `${this.#chance.pick(["one\0", "other\0", ""])}k${this.#chance.below(KEYS)}`;
  }

  #write(): Write {
    const key = this.#key();
    if (this.#chance.below(3) === 0) return { key, value: undefined };
    return { key, value: `${this.states.length}`.padEnd(this.#chance.below(VALUE_BYTES_MAX), "v") };
  }
}

function enter({ key, value }: Write, state: Map<string, string>): void {
  if (value === undefined) state.delete(key);
  else state.set(key, value);
}

const isIn = (found: readonly Entry[], state: State): boolean =>
  found.every(({ key, value }) => state.get(key) === value);

test("what was answered is found after any death; a log that lost its end leaves the state after an earlier turn", async () => {
  const simulation = new Simulation();
  for (let turn = 1; turn <= TURNS; turn++) {
    await simulation.turn();
    if (turn % 97 === 0) simulation.reopen();
    if (turn % 23 === 0) simulation.dieOrBeCut();
  }
  simulation.end();
  expect(simulation.setBack).toBeGreaterThan(3);
});

test("the log begins anew before it is long, and all that was in it is kept", async () => {
  const directory = newDirectory();
  const space = new EmbeddedSpace(join(directory, "store.db"), "normal");
  const longest = { bytes: 0 };
  for (let count = 0; count < 60; count++) {
    await space.apply([{ key: `k${count}`, value: "v".repeat(MIB / 2) }]);
    longest.bytes = Math.max(longest.bytes, statSync(join(directory, "store.db-log")).size);
  }
  expect(longest.bytes).toBe(8 * MIB);
  expect(foundAfterDeath(directory, 0).map(({ value }) => value.length)).toEqual(Array(60).fill(MIB / 2));
  space.close();
});

test("a range that is read often has what was written, whether its table is small, has grown or has shrunk", async () => {
  const space = new EmbeddedSpace(join(newDirectory(), "store.db"), "normal");
  const chance = new Seeded(7);
  const sizes: number[] = [];
  let state = new Map<string, string>();
  for (const { turns, deletedOf10, valueMax, clears } of PHASES) {
    if (clears) {
      space.clear();
      state = new Map();
    }
    for (let turn = 0; turn < turns; turn++) {
      const key = `${chance.pick(["one\0", "one\0\xff", "other\0"])}k${chance.below(400)}`;
      const value = chance.below(10) < deletedOf10 ? undefined : `${turn}`.padEnd(chance.below(valueMax), "v");
      const written = space.apply([{ key, value }]);
      enter({ key, value }, state);
      const all = inOrder(state).filter((entry) => entry.key.startsWith("one\0k"));
      deepEqual(space.range(ONE), all);
      deepEqual(space.range({ ...ONE, limit: 3, reverse: true }), all.toReversed().slice(0, 3));
      await written;
    }
    sizes.push(space.range(TABLE_ONE).length);
  }
  expect(sizes[1]).toBeGreaterThan(256);
  expect(sizes[2]).toBeLessThan(128);
  space.close();
});

const TABLE_ONE = { ...ONE, to: "one\x01" };
/** It grows until it is too large for the memory, shrinks until it is not, and has a value that is. */
const PHASES = [
  { turns: 200, deletedOf10: 4, valueMax: 100, clears: false },
  { turns: 900, deletedOf10: 1, valueMax: 100, clears: true },
  { turns: 2000, deletedOf10: 9, valueMax: 100, clears: false },
  { turns: 300, deletedOf10: 4, valueMax: 600, clears: false },
];

test("what is cleared away does not come back from the log", async () => {
  const directory = newDirectory();
  const space = new EmbeddedSpace(join(directory, "store.db"), "normal");
  await space.apply([{ key: "before", value: "1" }]);
  space.clear();
  expect(foundAfterDeath(directory, 0)).toEqual([]);
  await space.apply([{ key: "after", value: "2" }]);
  expect(foundAfterDeath(directory, 0)).toEqual([{ key: "after", value: "2" }]);
  space.close();
});

test("a file that was kept with SQLite's own log is taken over, what a death left there included", () => {
  const directory = newDirectory();
  const before = new DatabaseSync(join(directory, "store.db"));
  before.exec(`
    pragma journal_mode = wal;
    create table entry (k blob primary key, v text not null) without rowid;
    insert into entry values (cast('a' as blob), '1');
  `);
  const copy = join(newDirectory(), "copy");
  cpSync(directory, copy, { recursive: true });
  before.close();
  expect(existsSync(join(copy, "store.db-wal"))).toBe(true);
  const space = new EmbeddedSpace(join(copy, "store.db"), "normal");
  expect(space.range(EVERYTHING)).toEqual([{ key: "a", value: "1" }]);
  expect(existsSync(join(copy, "store.db-wal"))).toBe(false);
  space.close();
});

test("who only reads waits for what is pending where it was read, and for nothing else", async () => {
  const driver = new LocalDriver(new EmbeddedSpace(join(newDirectory(), "store.db"), "normal"));
  onTestFinished(() => driver.close());
  const waits = (read: (attempt: Attempt) => unknown): boolean => {
    const attempt = driver.begin();
    read(attempt);
    return attempt.commit([]) !== undefined;
  };
  const range = { from: "b", to: "d", limit: 10, reverse: false };
  const readings: readonly ((attempt: Attempt) => unknown)[] = [
    () => undefined,
    (attempt) => attempt.get("a"),
    (attempt) => attempt.get("c"),
    (attempt) => attempt.get("gone"),
    (attempt) => attempt.range(range),
    (attempt) => attempt.range({ ...range, limit: 1 }),
    (attempt) => attempt.range({ ...range, from: "d", to: "e" }),
  ];
  const none = readings.map(() => false);
  expect(readings.map(waits)).toEqual(none);

  await driver.begin().commit([
    { key: "a", value: "1" },
    { key: "b", value: "1" },
    { key: "gone", value: "1" },
  ]);
  const pending = driver.begin().commit([
    { key: "c", value: "2" },
    { key: "gone", value: undefined },
  ]);
  expect(readings.map(waits)).toEqual([false, false, true, true, true, false, false]);
  await pending;
  expect(readings.map(waits)).toEqual(none);

  // much that is pending is not looked through
  const much = driver.begin().commit(Array.from({ length: 100 }, (_, index) => ({ key: `e${index}`, value: "1" })));
  expect(readings.map(waits)).toEqual(readings.map(() => true));
  await much;
});
