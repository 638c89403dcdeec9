/** Calls that wait for something to come: a transaction at a time, with none open in between. */
import { wakeAfter } from "../clock/pause.ts";
import type { VirtualClock } from "../clock/virtual-clock.ts";
import type { Scope, Table, Transaction } from "../kernel/table.ts";
import type { Look } from "../service/context.ts";
import type { Store } from "../store/store.ts";

/** Real time between two looks at a store that other processes write to. */
const LOOK_AGAIN_MS = 250;

interface Waiting {
  readonly watched: Table<never>;
  /** Virtual epoch milliseconds. */
  readonly untilMs: number;
  readonly scope: Scope;
  /** Calls its listener when the client has gone. */
  readonly whenGone: ((listener: () => void) => void) | undefined;
  /** Hears that nothing is done but waiting, and, before anything else happens, that there is something to look at. */
  readonly waits?: ((more: 1 | -1) => void) | undefined;
}

export class Polls {
  readonly #store: Store;
  readonly #clock: Pick<VirtualClock, "now" | "whenAt">;
  readonly #open = new Set<Bell>();
  /** The last look of each table, while it is under way. */
  readonly #turns = new Map<string, Promise<unknown>>();
  #ended = false;

  constructor({ store, clock }: { readonly store: Store; readonly clock: Pick<VirtualClock, "now" | "whenAt"> }) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Looks until something is found; `undefined` once it is too late, or nobody waits for the answer. */
  async run<Found>(waiting: Waiting, look: (tx: Transaction) => Promise<Look<Found>>): Promise<Found | undefined> {
    if (this.#clock.now() >= waiting.untilMs) return this.#once(waiting, look);
    const bell = new Bell();
    // heard from before the first look on, so that nothing comes unnoticed in between
    const unwatch = this.#store.watch(waiting.watched, () => bell.ring());
    waiting.whenGone?.(() => bell.end());
    this.#open.add(bell);
    try {
      for (;;) {
        bell.reset();
        const seen = await this.#inTurn(waiting.watched, () => this.#store.transact(waiting.scope, look));
        if ("found" in seen) return seen.found;
        if (this.#ended || bell.ended || this.#clock.now() >= waiting.untilMs) return undefined;
        bell.tell(waiting.waits);
        await this.#until(waiting.untilMs, seen.againAtMs, bell);
      }
    } finally {
      unwatch();
      this.#open.delete(bell);
    }
  }

  /** Of what does not wait. */
  async #once<Found>({ watched, scope }: Waiting, look: (tx: Transaction) => Promise<Look<Found>>) {
    const seen = await this.#inTurn(watched, () => this.#store.transact(scope, look));
    return "found" in seen ? seen.found : undefined;
  }

  /** Looks at the same table come one after the other: what one takes all the others would find taken, and look again. */
  #inTurn<Seen>({ name }: Table<never>, look: () => Promise<Seen>): Promise<Seen> {
    const before = this.#turns.get(name);
    const mine = before === undefined ? look() : before.then(look, look);
    this.#turns.set(name, mine);
    const over = (): void => {
      if (this.#turns.get(name) === mine) this.#turns.delete(name);
    };
    mine.then(over, over);
    return mine;
  }

  /** Those that wait look once more and answer; nobody waits from now on. */
  end(): void {
    this.#ended = true;
    for (const bell of this.#open) bell.ring();
  }

  /** Where nothing is known to come, time may be moved over the end of the wait. */
  async #until(untilMs: number, againAtMs: number | undefined, bell: Bell): Promise<void> {
    const ring = (): void => bell.ring();
    const dueMs = Math.min(untilMs, againAtMs ?? Infinity);
    const stopClock = this.#clock.whenAt(dueMs, ring, { exact: againAtMs !== undefined });
    const stopLooking = this.#store.shared ? wakeAfter(LOOK_AGAIN_MS, ring) : undefined;
    await bell.rung;
    stopClock();
    stopLooking?.();
  }
}

class Bell {
  #next = Promise.withResolvers<void>();
  #isRung = false;
  #rings: (() => void) | undefined;
  ended = false;

  get rung(): Promise<void> {
    return this.#next.promise;
  }

  ring(): void {
    this.#isRung = true;
    this.#next.resolve();
    this.#rings?.();
    this.#rings = undefined;
  }

  /** Tells that somebody waits until it rings, where it has not rung yet. */
  tell(waits: Waiting["waits"]): void {
    if (this.#isRung || waits === undefined) return;
    waits(1);
    this.#rings = () => waits(-1);
  }

  end(): void {
    this.ended = true;
    this.ring();
  }

  reset(): void {
    this.#isRung = false;
    this.#next = Promise.withResolvers();
  }
}
