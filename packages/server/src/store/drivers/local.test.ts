import { deepEqual, throws } from "node:assert/strict";
import { expect, test } from "vitest";
import { Seeded } from "../../../test/store/seeded.ts";
import { Conflict, type Attempt, type Entry, type KeyRange, type Write } from "../driver.ts";
import { LocalDriver } from "./local.ts";
import { MemorySpace } from "./memory.ts";

/** One attempt, and what must be true of it: plainly, by copying the whole state. */
class Witness {
  readonly attempt: Attempt;
  readonly #state: ReadonlyMap<string, string>;
  /** Whether a key belongs to what was read. */
  readonly #covers: ((key: string) => boolean)[] = [];
  readonly #written: string[] = [];

  constructor(attempt: Attempt, state: ReadonlyMap<string, string>) {
    this.attempt = attempt;
    this.#state = new Map(state);
  }

  get(key: string): string | undefined {
    this.#covers.push((other) => other === key);
    return this.#state.get(key);
  }

  range({ from, to, limit, reverse }: KeyRange): readonly Entry[] {
    const sorted = [...this.#state]
      .map(([key, value]) => ({ key, value }))
      .toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const within = sorted.filter(({ key }) => key >= from && key < to);
    const entries = (reverse ? within.toReversed() : within).slice(0, limit);
    const last = entries.length === limit ? entries.at(-1)?.key : undefined;
    this.#covers.push((key) => {
      if (key < from || key >= to) return false;
      return last === undefined || (reverse ? key >= last : key <= last);
    });
    return entries;
  }

  seesWrite({ key }: Write): void {
    this.#written.push(key);
  }

  /** Whether something that was read is no longer what it was at the beginning. */
  get stale(): boolean {
    return this.#written.some((key) => this.#covers.some((covers) => covers(key)));
  }
}

class Simulation {
  readonly #chance: Seeded;
  readonly #driver = new LocalDriver(new MemorySpace());
  readonly #state = new Map<string, string>();
  #underWay: Witness[] = [];
  #written = 0;
  readonly counts = { committed: 0, conflicts: 0 };

  constructor(seed: number) {
    this.#chance = new Seeded(seed);
  }

  step(): void {
    const [first, ...others] = this.#underWay;
    if (!first || (others.length < 5 && this.#chance.below(4) === 0)) this.#begin();
    else this.#advance(this.#chance.pick([first, ...others]));
  }

  #begin(): void {
    this.#underWay.push(new Witness(this.#driver.begin(), this.#state));
  }

  #advance(witness: Witness): void {
    const choice = this.#chance.below(10);
    if (choice < 4) this.#get(witness);
    else if (choice < 7) this.#range(witness);
    else if (choice < 8) this.#end(witness, () => witness.attempt.abandon());
    else this.#commit(witness);
  }

  #get(witness: Witness): void {
    const key = this.#key();
    deepEqual(witness.attempt.get(key), witness.get(key));
  }

  #range(witness: Witness): void {
    const chance = this.#chance;
    const range = { from: this.#key(), to: this.#key(), limit: 1 + chance.below(6), reverse: chance.below(2) === 0 };
    deepEqual(witness.attempt.range(range), witness.range(range));
  }

  #commit(witness: Witness): void {
    const keys = new Set(Array.from({ length: this.#chance.below(4) }, () => this.#key()));
    const writes = [...keys].map((key) => ({ key, value: this.#value() }));
    if (witness.stale && writes.length > 0) {
      throws(() => witness.attempt.commit(writes), Conflict);
      this.#end(witness, () => witness.attempt.abandon());
      this.counts.conflicts++;
      return;
    }
    this.#end(witness, () => witness.attempt.commit(writes));
    for (const write of writes) this.#applyToModel(write);
    this.counts.committed++;
  }

  #applyToModel(write: Write): void {
    if (write.value === undefined) this.#state.delete(write.key);
    else this.#state.set(write.key, write.value);
    for (const other of this.#underWay) other.seesWrite(write);
  }

  #end(witness: Witness, how: () => void | Promise<void>): void {
    void how();
    this.#underWay = this.#underWay.filter((other) => other !== witness);
  }

  #key(): string {
    return String.fromCodePoint(97 + this.#chance.below(20));
  }

  #value(): string | undefined {
    return this.#chance.below(3) === 0 ? undefined : `value ${++this.#written}`;
  }
}

test.each([1, 2, 3, 4, 5])(
  "attempts beside each other see their own state and conflict just where they must (seed %i)",
  (seed) => {
    const simulation = new Simulation(seed);
    for (let step = 0; step < 20_000; step++) simulation.step();
    expect(simulation.counts.committed).toBeGreaterThan(1000);
    expect(simulation.counts.conflicts).toBeGreaterThan(100);
  },
);
