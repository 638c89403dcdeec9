/**
 * What services measure of themselves, summed up per minute in memory and handed to CloudWatch behind their work: a call
 * pays for one look into a map. A crash loses what was measured in the last second.
 */
import { wakeAfter } from "../clock/pause.ts";
import { Tally } from "../kernel/distribution.ts";
import { MINUTE_MS } from "../kernel/duration.ts";
import type { AccountId, Region } from "../kernel/arn.ts";
import type { Scope } from "../kernel/table.ts";
import type { Measure, MeasuredMetric, MeasuredMinute } from "../service/measure.ts";

/** Real time that measures lie in memory. */
const HELD_MS = 1000;
/** Of metrics and minutes together. */
const HELD_MAX = 5000;
/** Handed on in one transaction. */
const BATCH_MAX = 100;

export interface MeasuresParts {
  /** Virtual time. */
  readonly now: () => number;
  /** Has CloudWatch keep `minutes`, in a transaction of its own. */
  readonly keep: (minutes: readonly MeasuredMinute[], scope: Scope) => Promise<void>;
  /** Hears of what could not be kept. */
  readonly onLoss: (cause: unknown) => void;
}

/** In CloudWatch's terms: `KMS`, `Encrypt`. */
export interface ApiCall {
  readonly service: string;
  readonly operation: string;
}

interface Held {
  readonly scope: Scope;
  readonly metric: MeasuredMetric;
  readonly atMs: number;
  readonly tally: Tally;
}

export class Measures {
  readonly #parts: MeasuresParts;
  #held = new Map<string, Held>();
  /** Of those, the latest of each API: by service and operation. */
  #usage = new Map<string, Map<string, Held>>();
  #writing: Promise<void> = Promise.resolve();
  #stopWaiting: (() => void) | undefined;

  constructor(parts: MeasuresParts) {
    this.#parts = parts;
  }

  /** Takes one value of a metric of the account and region. */
  add(measure: Measure, account: AccountId, region: Region): void {
    this.#hold(measure, { account, region }, this.#minute(measure.atMs)).tally.add(measure.value);
  }

  /** Counts a call of an API: one of a kind that most likely was counted just before. */
  addUsage({ service, operation }: ApiCall, { account, region }: Scope): void {
    const operations = this.#usage.get(service) ?? new Map<string, Held>();
    let held = operations.get(operation);
    const isSame = held?.atMs === this.#minute() && held.scope.account === account && held.scope.region === region;
    if (held === undefined || !isSame) {
      const dimensions = { Type: "API", Resource: operation, Service: service, Class: "None" };
      held = this.#hold(
        { namespace: "AWS/Usage", name: "CallCount", dimensions, unit: "None" },
        { account, region },
        this.#minute(),
      );
      this.#usage.set(service, operations.set(operation, held));
    }
    held.tally.add(1);
  }

  /** Everything measured so far is with CloudWatch afterwards. */
  async flush(): Promise<void> {
    this.#begin();
    await this.#writing;
  }

  /** What was measured is of no use any more: the store was emptied. */
  forget(): void {
    this.#held = new Map();
    this.#usage = new Map();
  }

  #hold({ namespace, name, dimensions, unit }: MeasuredMetric, scope: Scope, atMs: number): Held {
    const metric = { namespace, name, dimensions, unit };
    const key = keyOf(metric, scope, atMs);
    let held = this.#held.get(key);
    if (held === undefined) {
      held = { scope, metric, atMs, tally: new Tally() };
      this.#held.set(key, held);
      this.#schedule();
    }
    return held;
  }

  /** When the one of `atMs` began, or the present one. */
  #minute(atMs = this.#parts.now()): number {
    return atMs - (atMs % MINUTE_MS);
  }

  #schedule(): void {
    if (this.#held.size >= HELD_MAX) this.#begin();
    else this.#stopWaiting ??= wakeAfter(HELD_MS, () => this.#begin());
  }

  #begin(): void {
    this.#stopWaiting?.();
    this.#stopWaiting = undefined;
    if (this.#held.size === 0) return;
    const held = this.#held;
    this.forget();
    this.#writing = this.#writing.then(() => this.#write([...held.values()]));
  }

  async #write(held: readonly Held[]): Promise<void> {
    const places = Object.values(Object.groupBy(held, ({ scope }) => `${scope.account} ${scope.region}`));
    for (const all of places) {
      const batches = Math.ceil((all?.length ?? 0) / BATCH_MAX);
      for (let batch = 0; batch < batches; batch++) {
        await this.#writeBatch(all?.slice(batch * BATCH_MAX, (batch + 1) * BATCH_MAX) ?? []);
      }
    }
  }

  async #writeBatch(held: readonly Held[]): Promise<void> {
    const [first] = held;
    if (first === undefined) return;
    const minutes = held.map(({ metric, atMs, tally }) => ({ ...metric, atMs, values: tally.distribution() }));
    await this.#parts.keep(minutes, first.scope).catch(this.#parts.onLoss);
  }
}

/** One text per metric, place and minute: the cheapest key there is. */
function keyOf({ namespace, name, dimensions, unit }: MeasuredMetric, { account, region }: Scope, atMs: number) {
  let key = `${account}\0${region}\0${atMs}\0${namespace}\0${name}\0${unit}`;
  for (const dimension in dimensions) key += `\0${dimension}\0${dimensions[dimension]}`;
  return key;
}
