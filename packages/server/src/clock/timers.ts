import { NOWHERE, type Transaction } from "../kernel/table.ts";
import { Steps, wakeAfter } from "./pause.ts";
import { claimDue, dues, keepTimer, nextDueMs, retryAtMs, standsUnchanged, type TimerRow } from "./timer.ts";
import type { Alarms, TimeStore, VirtualClock } from "./virtual-clock.ts";

/**
 * Does what a timer was set for, within `tx`: what it puts is committed together with the timer's end. What it gives is
 * called after that.
 */
export type RunTimer = (timer: TimerRow, tx: Transaction) => Promise<(() => void) | void>;

/** What timers began that goes on behind them. */
export interface Underway {
  /** Whether any of it is being done, rather than waiting for something to come. */
  readonly busy: boolean;
  /** Ends when some of it has ended, or waits. */
  change(): Promise<void>;
}

/** Real time between two looks at a store that other processes set timers in. */
const LOOK_AGAIN_MS = 1000;

/** Busy while one of them is. Those that are not may begin, and end, while the others wait for them. */
export const anyOf = (...all: readonly Underway[]): Underway => ({
  get busy() {
    return all.some(({ busy }) => busy);
  },
  change: () => Promise.race(all.map((one) => one.change())),
});

const NOTHING_UNDERWAY: Underway = { busy: false, change: () => Promise.resolve() };

export interface TimersOptions {
  readonly store: TimeStore;
  readonly clock: VirtualClock;
  readonly run: RunTimer;
  readonly underway?: Underway;
  /** Told when a job fails, or the store in the background. */
  readonly report: Report;
}

type Report = (error: unknown, what: string) => void;

/** Runs durable timers as virtual time reaches them. With several processes over one store, each timer runs in one. */
export class Timers implements Alarms {
  readonly #store: TimeStore;
  readonly #clock: VirtualClock;
  readonly #run: RunTimer;
  readonly #underway: Underway;
  readonly #report: Report;
  readonly #unwatch: () => void;
  readonly #steps = new Steps();
  #stopWaiting = (): void => {};
  /** Ends when nothing is done in the background any more. */
  #background: Promise<void> = Promise.resolve();
  #looking = false;
  #closed = false;

  /** Takes over `clock`'s alarms and begins to wake. */
  constructor({ store, clock, run, underway = NOTHING_UNDERWAY, report }: TimersOptions) {
    this.#store = store;
    this.#clock = clock;
    this.#run = run;
    this.#underway = underway;
    this.#report = report;
    this.#unwatch = store.watch(dues, () => this.#look());
    clock.drive(this);
    this.#look();
  }

  nextMs(): Promise<number | undefined> {
    return this.#store.transact(NOWHERE, nextDueMs);
  }

  async fire(nowMs: number): Promise<void> {
    while ((await this.#fireOne(nowMs)) || (await this.#somethingCame(nowMs))) await this.#steps.between();
  }

  /** Where time is being moved: waits for what was begun, and for timers that it sets. Whether there may be one. */
  async #somethingCame(nowMs: number): Promise<boolean> {
    if (!this.#clock.moving || !this.#underway.busy || this.#closed) return false;
    // asked for before anything is awaited, so that no end is missed
    const change = this.#underway.change();
    const set = Promise.withResolvers<void>();
    const unwatch = this.#store.watch(dues, set.resolve);
    const nextMs = await this.nextMs();
    if (nextMs === undefined || nextMs > nowMs) await Promise.race([change, set.promise]);
    unwatch();
    return true;
  }

  timeMoved(): void {
    this.#look();
  }

  /** Ends once the job under way, if any, is done. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#unwatch();
    this.#stopWaiting();
    await this.#background;
  }

  /** Runs the first timer due at `nowMs`. Whether there was one. */
  async #fireOne(nowMs: number): Promise<boolean> {
    let claimed: TimerRow | undefined;
    try {
      const then = await this.#store.transact(NOWHERE, async (tx) => {
        claimed = undefined;
        claimed = await claimDue(tx, nowMs);
        return claimed && this.#run(claimed, tx.in(claimed));
      });
      then?.();
    } catch (error) {
      if (!claimed) throw error;
      await this.#postpone(claimed, nowMs, error);
    }
    return claimed !== undefined;
  }

  /**
   * Of a failed run nothing is in the store, so its timer still stands, unless it was set anew since. It is never given up:
   * a job that sets its own next timer, such as one that delivers each hour, is all that its owner has of it.
   */
  async #postpone(failed: TimerRow, nowMs: number, error: unknown): Promise<void> {
    this.#report(error, `the job ${failed.service}.${failed.job}`);
    const row = { ...failed, failures: failed.failures + 1 };
    await this.#store.transact(NOWHERE, async (tx) => {
      if (await standsUnchanged(tx, failed)) keepTimer(tx, { ...row, dueMs: retryAtMs(row, nowMs) });
    });
  }

  /** Finds out, in the background, when to wake next. */
  #look(): void {
    if (this.#looking || this.#closed || this.#clock.moving) return;
    this.#looking = true;
    this.#inBackground(async () => {
      this.#looking = false;
      const nextMs = await this.nextMs();
      this.#stopWaiting();
      const waitMs = this.#waitMs(nextMs);
      if (waitMs !== undefined && !this.#closed) this.#stopWaiting = wakeAfter(waitMs, () => this.#wake());
    });
  }

  /** Real time until the next alarm or look; `undefined`: for ever. */
  #waitMs(nextMs: number | undefined): number | undefined {
    const untilDueMs = nextMs === undefined ? undefined : nextMs - this.#clock.now();
    const comes = untilDueMs !== undefined && (untilDueMs <= 0 || this.#clock.state.mode === "running");
    if (comes) return this.#store.shared ? Math.min(untilDueMs, LOOK_AGAIN_MS) : untilDueMs;
    return this.#store.shared ? LOOK_AGAIN_MS : undefined;
  }

  #wake(): void {
    this.#inBackground(async () => {
      if (this.#store.shared) await this.#clock.refresh();
      await this.#clock.settle();
    });
    this.#look();
  }

  #inBackground(work: () => Promise<void>): void {
    this.#background = this.#background.then(work).catch((error: unknown) => {
      if (this.#closed) return;
      this.#report(error, "a timer");
      this.#stopWaiting = wakeAfter(LOOK_AGAIN_MS, () => this.#wake());
    });
  }
}
