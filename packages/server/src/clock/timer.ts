import { HOUR_MS } from "../kernel/duration.ts";
import { table, type Scope, type Transaction } from "../kernel/table.ts";

/** Which timer: a service has at most one per job and key in one account and region. */
export interface TimerId extends Scope {
  /** The model's id of the service whose job runs. */
  readonly service: string;
  readonly job: string;
  readonly key: string;
}

/** What runs once virtual time reaches `dueMs`. `payload` is a plain JSON value. */
export interface Timer extends TimerId {
  readonly dueMs: number;
  readonly payload?: unknown;
}

/** A timer as it is kept. */
export interface TimerRow extends Timer {
  /** How often its job has failed. */
  readonly failures: number;
}

/** A place in the order of time. Where the timer was set anew or taken back since, nothing stands behind it. */
export interface DueRow extends TimerId {
  readonly dueMs: number;
}

const partsOf = ({ account, region, service, job, key }: TimerId) => [account, region, service, job, key] as const;

const timers = table<TimerRow>("clock.timer", "global", partsOf);
/** The order of time. */
export const dues = table<DueRow>("clock.due", "global", (due) => [due.dueMs, ...partsOf(due)]);

/** Virtual time before a failed job runs again, the first time; doubled each time after. */
const RETRY_AFTER_MS = 1000;
const RETRY_AFTER_MS_MAX = HOUR_MS;

/** When a job that has failed runs again. */
export const retryAtMs = ({ failures: count }: TimerRow, nowMs: number): number =>
  nowMs + Math.min(RETRY_AFTER_MS * 2 ** (count - 1), RETRY_AFTER_MS_MAX);

/** Sets `timer`, in the place of one with the same id. */
export function setTimer(tx: Transaction, timer: Timer): void {
  keepTimer(tx, { ...timer, failures: 0 });
}

/** Takes back the timer `id`; nothing happens where there is none. */
export function cancelTimer(tx: Transaction, id: TimerId): void {
  tx.delete(timers, ...partsOf(id));
}

export function keepTimer(tx: Transaction, row: TimerRow): void {
  const { account, region, service, job, key, dueMs } = row;
  tx.put(timers, row);
  tx.put(dues, { account, region, service, job, key, dueMs });
}

/** Takes out the first timer that is due at `nowMs`; `undefined`: none is. What `tx` then does, it does with it or not at all. */
export async function claimDue(tx: Transaction, nowMs: number): Promise<TimerRow | undefined> {
  for (;;) {
    const [due] = await tx.scan(dues, { limit: 1 });
    if (!due || due.dueMs > nowMs) return undefined;
    tx.delete(dues, due.dueMs, ...partsOf(due));
    const timer = await tx.get(timers, ...partsOf(due));
    if (timer?.dueMs !== due.dueMs) continue;
    tx.delete(timers, ...partsOf(timer));
    return timer;
  }
}

/** Whether `timer` was neither set anew nor taken back. */
export async function standsUnchanged(tx: Transaction, timer: TimerRow): Promise<boolean> {
  const found = await tx.get(timers, ...partsOf(timer));
  return found?.dueMs === timer.dueMs;
}

/** When the next timer may be due: never too late, but too early where one was set anew or taken back. */
export async function nextDueMs(tx: Transaction): Promise<number | undefined> {
  const [due] = await tx.scan(dues, { limit: 1 });
  return due?.dueMs;
}
