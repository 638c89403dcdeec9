import { assert } from "../kernel/assert.ts";
import { wakeAfter } from "./pause.ts";
import { NOWHERE, table, type Scope, type Table, type Transaction } from "../kernel/table.ts";
import type { Clock } from "./clock.ts";

/** How virtual time stands to real time. */
export type TimeState =
  | { readonly mode: "running"; readonly offsetMs: number }
  | { readonly mode: "frozen"; readonly atMs: number };

/** The state, and since what real time it holds; from the beginning where that is left out. */
type TimeRow = TimeState & { readonly sinceMs?: number };

const states = table<TimeRow>("clock.state", "global", () => []);

/** What the clock needs of the store. */
export interface TimeStore {
  /** Whether other processes write to it too. */
  readonly shared: boolean;
  transact<Result>(scope: Scope, body: (tx: Transaction) => Promise<Result>): Promise<Result>;
  watch<Row>(table: Table<Row>, listener: () => void): () => void;
}

/** What happens by itself as time goes on. */
export interface Alarms {
  /** When the next one may go off; `undefined`: there is none. */
  nextMs(): Promise<number | undefined>;
  /** Lets all that is due at `nowMs` go off, one after another. */
  fire(nowMs: number): Promise<void>;
  /** Virtual time has jumped, stopped or set off again. */
  timeMoved(): void;
}

const NO_ALARMS: Alarms = {
  nextMs: () => Promise.resolve(undefined),
  fire: () => Promise.resolve(),
  timeMoved: () => {},
};

/**
 * Virtual time: real time plus an offset, or frozen. Its state lives in the store, so a restart
 * does not turn time back. The one place, with its neighbours in this folder, that asks the
 * machine for the time.
 */
export class VirtualClock implements Clock {
  readonly #store: TimeStore;
  #state: TimeRow;
  readonly #waits = new Set<() => void>();
  /** Those that go off at their own moment, and when that is. */
  readonly #exact = new Map<() => void, number>();
  #alarms = NO_ALARMS;
  #moving = 0;
  /** Ends when the moves asked for so far have been made; they never overlap. */
  #moves: Promise<unknown> = Promise.resolve();

  private constructor(store: TimeStore, state: TimeRow) {
    this.#store = store;
    this.#state = state;
  }

  /** The clock as `store` remembers it; running with real time in a new one. */
  static async open(store: TimeStore): Promise<VirtualClock> {
    return new VirtualClock(store, await readState(store));
  }

  get state(): TimeState {
    return this.#state;
  }

  /** Whether time is being moved: when it has been, alarms are told. */
  get moving(): boolean {
    return this.#moving > 0;
  }

  now(): number {
    return nowIn(this.#state);
  }

  realNow(): number {
    return Date.now();
  }

  virtualAt(realMs: number): number | undefined {
    const state = this.#state;
    if (realMs < (state.sinceMs ?? -Infinity)) return undefined;
    return state.mode === "frozen" ? state.atMs : realMs + state.offsetMs;
  }

  /** From now on, `alarms` go off by this clock. */
  drive(alarms: Alarms): void {
    this.#alarms = alarms;
  }

  /**
   * Calls `action` once, when virtual time is `atMs`; it keeps no process alive. Gives what ends the wait. Where time is
   * moved over it, it goes off at its own moment if it is `exact`, else when time has been moved.
   */
  whenAt(atMs: number, action: () => void, { exact = false }: { readonly exact?: boolean } = {}): () => void {
    let stop: (() => void) | undefined;
    const end = (): void => {
      stop?.();
      this.#waits.delete(look);
      this.#exact.delete(look);
    };
    const look = (): void => {
      stop?.();
      const waitMs = atMs - this.now();
      if (waitMs <= 0) {
        end();
        action();
      } else if (this.#state.mode === "running") stop = wakeAfter(waitMs, look);
    };
    this.#waits.add(look);
    if (exact) this.#exact.set(look, atMs);
    look();
    return end;
  }

  /**
   * Moves time on. Every alarm up to the new now has gone off when it answers, in order, each at
   * its own moment, together with those that they set.
   */
  advance(seconds: number): Promise<void> {
    assert(Number.isFinite(seconds) && seconds >= 0, "time can only move on");
    return this.#move(async () => {
      // what is under way belongs to the time before
      await this.#alarms.fire(this.now());
      const target = later(this.#state, Math.round(seconds * 1000));
      for (;;) {
        const nextMs = Math.min((await this.#alarms.nextMs()) ?? Infinity, ...this.#exact.values());
        if (nextMs > nowIn(target)) break;
        await this.#set(later(this.#state, Math.max(nextMs - this.now(), 0)));
        await this.#alarms.fire(this.now());
      }
      await this.#set(target);
      await this.#alarms.fire(this.now());
    });
  }

  /** Stops time at now. */
  freeze(): Promise<void> {
    return this.#move(() => this.#set({ mode: "frozen", atMs: this.now() }));
  }

  /** Lets time go on from where it stopped. */
  resume(): Promise<void> {
    return this.#move(() => this.#set({ mode: "running", offsetMs: this.now() - Date.now() }));
  }

  /** Lets go off what is due by now. */
  settle(): Promise<void> {
    return this.#queue(() => this.#alarms.fire(this.now()));
  }

  /** Takes over what another process, or a reset, has made of the clock's state. */
  async refresh(): Promise<void> {
    const state = await readState(this.#store);
    const moved = JSON.stringify(state) !== JSON.stringify(this.#state);
    this.#state = state;
    if (!moved) return;
    this.#tellWaits();
    this.#alarms.timeMoved();
  }

  async #move(step: () => Promise<void>): Promise<void> {
    this.#moving++;
    try {
      await this.#queue(step);
    } finally {
      this.#moving--;
      this.#alarms.timeMoved();
    }
  }

  #queue(step: () => Promise<void>): Promise<void> {
    const done = this.#moves.then(step);
    this.#moves = done.catch(() => {});
    return done;
  }

  /** Durable before it takes effect: no crash turns time back behind what has been done in it. */
  async #set(state: TimeState): Promise<void> {
    const row: TimeRow = { ...state, sinceMs: Date.now() };
    await this.#store.transact(NOWHERE, async (tx) => tx.put(states, row));
    this.#state = row;
    this.#tellWaits();
  }

  #tellWaits(): void {
    for (const look of this.#waits) look();
  }
}

function readState(store: TimeStore): Promise<TimeRow> {
  return store.transact(NOWHERE, async (tx) => (await tx.get(states)) ?? { mode: "running", offsetMs: 0 });
}

function nowIn(state: TimeState): number {
  return state.mode === "frozen" ? state.atMs : Date.now() + state.offsetMs;
}

function later(state: TimeState, milliseconds: number): TimeState {
  return state.mode === "frozen"
    ? { mode: "frozen", atMs: state.atMs + milliseconds }
    : { mode: "running", offsetMs: state.offsetMs + milliseconds };
}
