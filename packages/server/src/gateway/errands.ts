/** Services' work that takes I/O: begun by timers, done outside of transactions, many at a time. */
import { pauseAbout, wakeAfter } from "../clock/pause.ts";
import { keepTimer, retryAtMs, setTimer, type TimerRow } from "../clock/timer.ts";
import type { Underway } from "../clock/timers.ts";
import { carry, DELIVERY_JOB } from "../events/delivery.ts";
import { newUuid } from "../kernel/ids.ts";
import { NOWHERE, table, type Transaction } from "../kernel/table.ts";
import type { Cloud } from "./cloud.ts";
import type { Errand } from "../service/errand.ts";
import type { Service } from "../service/service.ts";
import { errandContext } from "./errand-context.ts";
import { findReceiver } from "./receivers.ts";
import { DRAIN_SECONDS_MAX } from "./limits.ts";

/** An errand that has begun, and has not ended as far as the store knows. */
interface Begun {
  readonly id: string;
  readonly timer: TimerRow;
  /** The process that has it. */
  readonly holder: string;
  /** Until when it is that process's alone; real epoch milliseconds. */
  readonly heldUntilMs: number;
}

const begunErrands = table<Begun>("errand.begun", "global", ({ id }) => [id]);

/** So many are worked at a time, of all that have not run for long; the others wait. */
const AT_WORK_MAX = 1000;
/** From then on an errand stands in nobody's way: a target that hangs would else stop those of others. Real time. */
const LONG_MS = 1000;
/** With those that have run for long, and without those that wait for something to come. */
const UNDER_WAY_MAX = 4000;
const TAKEN_OVER_AT_ONCE = 1000;
/** Real time, where the store takes nothing, before it is asked again. */
const STORE_PAUSE_MS = 1000;
/** How long a process that says nothing keeps what it began, where there are others. */
const HOLD_MS = 15_000;

/** Its row is gone: the store was emptied, or another process has taken it over. */
class ForgottenErrand extends Error {
  override readonly name = "ForgottenErrand";
}

interface Parts {
  readonly cloud: Cloud;
  /** Real epoch milliseconds. */
  readonly realNow: () => number;
}

export class Errands implements Underway {
  readonly #cloud: Cloud;
  readonly #realNow: () => number;
  readonly #holder = newUuid();
  readonly #queue = new Set<Begun>();
  /** By what the service calls them: one that is begun again waits for the one before it. */
  readonly #underWay = new Map<string, Begun>();
  /** Of those under way the ones that others wait for. */
  readonly #atWork = new Set<Begun>();
  #waiting = 0;
  #change = Promise.withResolvers<void>();
  #stopHolding = (): void => {};
  #closed = false;

  constructor({ cloud, realNow }: Parts) {
    this.#cloud = cloud;
    this.#realNow = realNow;
  }

  /** Begins again what a process before this one did not end. */
  async recover(): Promise<void> {
    await this.#takeOver();
    if (this.#cloud.store.shared) this.#holdOn();
  }

  /** Keeps the errand of `timer` in `tx`. What it gives begins it, once `tx` is through. */
  begin(timer: TimerRow, tx: Transaction): () => void {
    const begun = { id: newUuid(), timer, holder: this.#holder, heldUntilMs: this.#realNow() + HOLD_MS };
    tx.put(begunErrands, begun);
    return () => {
      this.#queue.add(begun);
      this.#next();
    };
  }

  get busy(): boolean {
    return this.#underWay.size > this.#waiting;
  }

  change(): Promise<void> {
    return this.#change.promise;
  }

  /** From now on none begins, and one that fails is left to the next process. */
  stop(): void {
    this.#closed = true;
    this.#stopHolding();
    this.#queue.clear();
  }

  /** The store is being emptied: what has not begun never does, and what has can write nothing any more. */
  forget(): void {
    this.#queue.clear();
  }

  /** Ends once those under way have, or have had their time: what they did not end the next process begins again. */
  async close(): Promise<void> {
    this.stop();
    const late = Promise.withResolvers<void>();
    const stopWaiting = wakeAfter(DRAIN_SECONDS_MAX * 1000, () => {
      this.#underWay.clear();
      late.resolve();
    });
    while (this.#underWay.size > 0) await Promise.race([this.#change.promise, late.promise]);
    stopWaiting();
  }

  #next(): void {
    for (const begun of this.#queue) {
      if (this.#closed || this.#isFull) return;
      if (this.#underWay.has(nameOf(begun))) continue;
      this.#queue.delete(begun);
      this.#underWay.set(nameOf(begun), begun);
      void this.#run(begun);
    }
  }

  get #isFull(): boolean {
    return this.#atWork.size >= AT_WORK_MAX || this.#underWay.size - this.#waiting >= UNDER_WAY_MAX;
  }

  async #run(begun: Begun): Promise<void> {
    this.#atWork.add(begun);
    const endLong = wakeAfter(LONG_MS, () => this.#leaveWork(begun));
    try {
      await this.#do(begun);
      await this.#end(begun, () => {});
    } catch (error) {
      if (!this.#closed && !(error instanceof ForgottenErrand)) await this.#fail(begun, error);
    }
    endLong();
    this.#underWay.delete(nameOf(begun));
    this.#leaveWork(begun);
    this.#tell();
  }

  #leaveWork(begun: Begun): void {
    this.#atWork.delete(begun);
    this.#next();
  }

  async #do(begun: Begun): Promise<void> {
    const { service: name, job, key, payload, account, region } = begun.timer;
    const service = await this.#cloud.service(name);
    const errand = job === DELIVERY_JOB ? this.#carryFor(service) : service?.errands[job];
    if (service === undefined || errand === undefined) return;
    let waits = 0;
    const heard = (more: 1 | -1): void => {
      waits += more;
      if (waits === (more === 1 ? 1 : 0)) this.#waiting += more;
      if (waits > 0) this.#leaveWork(begun);
      this.#tell();
    };
    const stands = (tx: Transaction) => requireStanding(begun, tx);
    const context = errandContext({ service, account, region, waits: heard, stands }, this.#cloud);
    await errand(context, key, payload);
  }

  /** What services send each other. */
  #carryFor(sender: Service | undefined): Errand {
    return (context, key) =>
      carry(context, key, {
        find: (asked) => findReceiver(asked, this.#cloud),
        report: (error) => this.#cloud.report(error, `the delivery ${key}`),
        hear: sender?.delivered,
      });
  }

  /** What the store does not take now it takes later: an errand is not lost for a disk that was full. */
  async #fail(begun: Begun, error: unknown): Promise<void> {
    this.#cloud.report(error, `the errand ${begun.timer.service}.${begun.timer.job}`);
    while (!(await this.#isPutBack(begun)) && !this.#closed) {
      this.#waiting++;
      this.#leaveWork(begun);
      this.#tell();
      await pauseAbout(STORE_PAUSE_MS);
      this.#waiting--;
    }
  }

  async #isPutBack(begun: Begun): Promise<boolean> {
    const nowMs = this.#cloud.now();
    const failed = { ...begun.timer, failures: begun.timer.failures + 1 };
    try {
      // never given up: an errand that reads a queue is all that its owner has of it
      await this.#end(begun, (tx) => keepTimer(tx, { ...failed, dueMs: retryAtMs(failed, nowMs) }));
      return true;
    } catch (worse) {
      this.#cloud.report(worse, "an errand");
      return false;
    }
  }

  #end({ id }: Begun, also: (tx: Transaction) => void): Promise<void> {
    return this.#cloud.store.transact(NOWHERE, async (tx) => {
      // the store may have been emptied meanwhile
      if ((await tx.get(begunErrands, id)) === undefined) return;
      tx.delete(begunErrands, id);
      also(tx);
    });
  }

  #tell(): void {
    this.#change.resolve();
    this.#change = Promise.withResolvers();
  }

  /** What nobody holds any more is due now. */
  async #takeOver(): Promise<void> {
    let after: string | undefined;
    do after = await this.#takeOverSome(after);
    while (after !== undefined);
  }

  /** The last that was looked at, where there may be more. */
  #takeOverSome(after: string | undefined): Promise<string | undefined> {
    const { store } = this.#cloud;
    const limit = TAKEN_OVER_AT_ONCE;
    return store.transact(NOWHERE, async (tx) => {
      const nowMs = this.#cloud.now();
      const some = await tx.scan(begunErrands, { limit, ...(after !== undefined && { after: [after] }) });
      for (const begun of some) {
        if (begun.holder === this.#holder || (store.shared && begun.heldUntilMs > this.#realNow())) continue;
        tx.delete(begunErrands, begun.id);
        setTimer(tx, { ...begun.timer, dueMs: nowMs });
      }
      return some.length < limit ? undefined : some.at(-1)?.id;
    });
  }

  /** Tells other processes, every now and then, that this one lives. */
  #holdOn(): void {
    this.#stopHolding = wakeAfter(HOLD_MS / 3, () => {
      this.#renew()
        .then(() => this.#takeOver())
        .catch((error: unknown) => this.#cloud.report(error, "errands"))
        .finally(() => {
          if (!this.#closed) this.#holdOn();
        });
    });
  }

  async #renew(): Promise<void> {
    if (this.#underWay.size + this.#queue.size === 0) return;
    const heldUntilMs = this.#realNow() + HOLD_MS;
    await this.#cloud.store.transact(NOWHERE, async (tx) => {
      for (const { id } of [...this.#underWay.values(), ...this.#queue]) {
        const begun = await tx.get(begunErrands, id);
        if (begun !== undefined) tx.put(begunErrands, { ...begun, heldUntilMs });
      }
    });
  }
}

/** @throws {ForgottenErrand} */
async function requireStanding({ id }: Begun, tx: Transaction): Promise<void> {
  if ((await tx.get(begunErrands, id)) === undefined) throw new ForgottenErrand();
}

const nameOf = ({ timer: { account, region, service, job, key } }: Begun): string =>
  JSON.stringify([account, region, service, job, key]);
