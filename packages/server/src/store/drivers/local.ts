import { assert } from "../../kernel/assert.ts";
import { Conflict, type Attempt, type Entry, type KeyRange, type StoreDriver, type Write } from "../driver.ts";
import { limitBelow, overlay } from "../overlay.ts";
import { successor } from "../tuple.ts";
import { History } from "./history.ts";
import type { Space } from "./space.ts";

/** So many writes an attempt is compared with at the most: to wait costs no more than that. */
const LOOKED_THROUGH_MAX = 16;

/**
 * Optimistic, serialisable transactions over a space that this process alone writes. An attempt
 * reads the state it began with, however long it takes and whatever others commit meanwhile; one
 * that writes must find all it has read unchanged when it commits. One that only reads never
 * conflicts.
 */
export class LocalDriver implements StoreDriver {
  readonly shared = false;
  readonly #space: Space;
  readonly #history = new History();
  readonly #underWay = new Queue();
  #version = 0;
  /** No attempt that began before this version can go on. */
  #epoch = 0;

  constructor(space: Space) {
    this.#space = space;
  }

  begin(): Attempt {
    const attempt = new LocalAttempt(this, this.#version);
    this.#underWay.add(attempt);
    return attempt;
  }

  async clear(): Promise<void> {
    await this.#space.pending?.settled;
    this.#space.clear();
    this.#startAnew();
  }

  async close(): Promise<void> {
    await this.#space.pending?.settled;
    await this.#space.close();
  }

  get(key: string, version: number): string | undefined {
    if (version === this.#version) return this.#space.get(key);
    this.#requireEpoch(version);
    const change = this.#history.changeOf(key, version);
    return change ? change.value : this.#space.get(key);
  }

  range(range: KeyRange, version: number): readonly Entry[] {
    if (version === this.#version) return this.#space.range(range);
    this.#requireEpoch(version);
    const changes = this.#history.changesIn(range, version);
    return overlay(this.#space.range(limitBelow(range, changes)), changes, range);
  }

  commit(attempt: LocalAttempt, writes: readonly Write[]): Promise<void> | undefined {
    if (writes.length === 0) {
      this.#requireEpoch(attempt.version);
      this.end(attempt);
      return this.#durable(attempt);
    }
    if (attempt.version !== this.#version) this.#validate(attempt);
    this.#underWay.remove(attempt);
    this.#enter(writes);
    const settled = this.#space.apply(writes);
    settled?.catch(() => this.#startAnew());
    this.#forget();
    return settled;
  }

  /** When all that it has read is on the disk; `undefined`: it is. Much that is pending is not looked through. */
  #durable(attempt: LocalAttempt): Promise<void> | undefined {
    const { pending } = this.#space;
    if (pending === undefined) return undefined;
    const { writes, settled } = pending;
    const isKnown = writes.length <= LOOKED_THROUGH_MAX && !writes.some(({ key }) => attempt.hasRead(key));
    return isKnown ? undefined : settled;
  }

  late(words: () => readonly Write[]): void {
    this.#space.late(() => {
      const writes = words();
      this.#enter(writes);
      return writes;
    });
  }

  /** What attempts under way began before. */
  #enter(writes: readonly Write[]): void {
    const version = ++this.#version;
    if (this.#underWay.oldest) this.#history.record(version, writes, (key) => this.#space.glance(key));
  }

  end(attempt: LocalAttempt): void {
    this.#underWay.remove(attempt);
    this.#forget();
  }

  /** What attempts under way have seen is no more, or never became durable. */
  #startAnew(): void {
    this.#history.clear();
    this.#epoch = ++this.#version;
  }

  #validate(attempt: LocalAttempt): void {
    const { version } = attempt;
    this.#requireEpoch(version);
    if (attempt.keys.some((key) => this.#history.changeOf(key, version))) throw new Conflict("a row read has changed");
    if (attempt.ranges.some((range) => this.#history.changesIn(range, version).length > 0))
      throw new Conflict("a range read has changed");
  }

  #requireEpoch(version: number): void {
    if (version < this.#epoch) throw new Conflict("what was read is gone");
  }

  #forget(): void {
    const { oldest } = this.#underWay;
    if (!oldest) this.#history.clear();
    else this.#history.forget(oldest.version);
  }
}

/**
 * Attempts in the order they began, so that the oldest has the oldest version. Linked, and cut out
 * whole, rather than a set: one that changes all the time leaves old tables behind it, which keep what
 * was in them from the young generation's collector.
 */
class Queue {
  oldest: LocalAttempt | undefined;
  #newest: LocalAttempt | undefined;

  add(attempt: LocalAttempt): void {
    attempt.before = this.#newest;
    if (this.#newest) this.#newest.after = attempt;
    else this.oldest = attempt;
    this.#newest = attempt;
  }

  /** Nothing where it was removed before. */
  remove(attempt: LocalAttempt): void {
    const { before, after } = attempt;
    if (before) before.after = after;
    else if (this.oldest === attempt) this.oldest = after;
    if (after) after.before = before;
    else if (this.#newest === attempt) this.#newest = before;
    attempt.before = attempt.after = undefined;
  }
}

class LocalAttempt implements Attempt {
  before: LocalAttempt | undefined;
  after: LocalAttempt | undefined;
  readonly version: number;
  readonly keys: string[] = [];
  readonly ranges: KeyRange[] = [];
  readonly #driver: LocalDriver;

  constructor(driver: LocalDriver, version: number) {
    this.#driver = driver;
    this.version = version;
  }

  get(key: string): string | undefined {
    this.keys.push(key);
    return this.#driver.get(key, this.version);
  }

  range(range: KeyRange): readonly Entry[] {
    const entries = this.#driver.range(range, this.version);
    this.ranges.push(seen(range, entries));
    return entries;
  }

  hasRead(key: string): boolean {
    return this.keys.includes(key) || this.ranges.some(({ from, to }) => key >= from && key < to);
  }

  commit(writes: readonly Write[]): Promise<void> | undefined {
    return this.#driver.commit(this, writes);
  }

  abandon(): void {
    this.#driver.end(this);
  }
}

/** The part of `range` that `entries` tell about: where the limit cut it off, only as far as they go. */
function seen(range: KeyRange, entries: readonly Entry[]): KeyRange {
  if (entries.length < range.limit) return range;
  const last = entries.at(-1);
  assert(last, "a range was read with a limit of zero");
  return range.reverse ? { ...range, from: last.key } : { ...range, to: successor(last.key) };
}
