/** The functions' processes of one server: warm ones are used again, others are started, idle ones end. */
import { rm } from "node:fs/promises";
import { wakeAfter } from "../clock/pause.ts";
import type {
  Ended,
  FunctionHost,
  FunctionLog,
  InstanceSetup,
  InvocationOrder,
  Invoked,
  LogEvent,
} from "../service/function-host.ts";
import { ArchiveError } from "../kernel/archive.ts";
import type { Instance, Start as Beginning } from "./instance.ts";
import { RuntimeMissingError } from "./runtime.ts";
import { launch, layGround, type Ground } from "./launch.ts";

export interface ProcessHostOptions {
  /** Virtual epoch milliseconds. */
  readonly now: () => number;
  /** Where functions reach the cloud. */
  readonly endpoint: () => Promise<string>;
  readonly writeLog: (log: FunctionLog, events: readonly LogEvent[]) => Promise<void>;
  /** Hears that lines were written. */
  readonly changed: () => void;
  /** Hears of failures that are ours. */
  readonly report: (error: unknown) => void;
}

/** Differs: AWS does not say how long an instance is kept. */
const IDLE_MS_MAX = 5 * 60_000;
const IDLE_INSTANCES_MAX = 64;
/**
 * Before the first invocation; where an instance is kept ready it may take longer.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Init phase)
 */
const INIT_MS_MAX = 10_000;
const WARM_INIT_MS_MAX = 130_000;
/** An instance is not used any more when its credentials have less time left than this beyond the invocation. */
const CREDENTIALS_LEFT_MS = 60_000;

interface Idle {
  readonly instance: Instance;
  readonly pool: string;
  readonly group: string;
  readonly stopWaiting: () => void;
}

type How = Pick<Beginning, "phase" | "limitMs"> & { readonly era: number };

type Start = Omit<InvocationOrder, "payload" | "requestId" | "tail" | "onPiece">;

function count(counts: Map<string, number>, name: string, more: 1 | -1): void {
  const now = (counts.get(name) ?? 0) + more;
  if (now === 0) counts.delete(name);
  else counts.set(name, now);
}

async function orWhyNot(start: () => Promise<Instance>): Promise<Instance | RuntimeMissingError | ArchiveError> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof RuntimeMissingError || error instanceof ArchiveError) return error;
    throw error;
  }
}

export class ProcessHost implements FunctionHost {
  readonly #options: ProcessHostOptions;
  /** By pool, the one used last at the end. */
  readonly #idle = new Map<string, Idle[]>();
  #idleCount = 0;
  readonly #running = new Map<string, number>();
  readonly #busy = new Map<string, number>();
  readonly #ofAccount = new Map<string, number>();
  readonly #instances = new Set<Instance>();
  readonly #beginning = new Set<Promise<Instance>>();
  /** Groups whose instances that are busy now are not to be used again. */
  readonly #retired = new Map<string, number>();
  #ground: Promise<Ground> | undefined;
  /** Counts the resets: nothing that was wanted before one runs after it. */
  #era = 0;
  #count = 0;

  constructor(options: ProcessHostOptions) {
    this.#options = options;
  }

  running(of: string): number {
    return this.#running.get(of) ?? 0;
  }

  async invoke(order: InvocationOrder): Promise<Invoked> {
    const { of, max } = order.concurrency;
    if (this.running(of) >= max) return { kind: "throttled" };
    count(this.#running, of, 1);
    count(this.#busy, order.group, 1);
    count(this.#ofAccount, order.account, 1);
    const together = {
      ofGroup: this.#busy.get(order.group) ?? 1,
      sharing: this.running(of),
      ofAccount: this.#ofAccount.get(order.account) ?? 1,
    };
    try {
      const invoked = await this.#run(order);
      return invoked.kind === "ended" ? { ...invoked, together } : invoked;
    } finally {
      count(this.#running, of, -1);
      count(this.#busy, order.group, -1);
      count(this.#ofAccount, order.account, -1);
    }
  }

  async #run(order: InvocationOrder): Promise<Ended | Extract<Invoked, { readonly kind: "unrunnable" }>> {
    const hasRetired = this.#watchRetired(order.group);
    const found = this.#takeIdle(order) ?? (await orWhyNot(() => this.#start(order)));
    if (found instanceof RuntimeMissingError) return { kind: "unrunnable", lacks: "runtime", reason: found.message };
    if (found instanceof ArchiveError) return { kind: "unrunnable", lacks: "code", reason: found.message };
    const instance = found;
    const invoked = await instance.invoke(order);
    instance.whenFree(() => {
      // its code is there for the next one, which comes anew each time where each fails
      if (instance.isGone) this.#end(instance, () => !hasRetired());
      else if (hasRetired()) this.#end(instance);
      else this.#keepIdle(instance, order, hasRetired);
    });
    return invoked;
  }

  /** Tells whether its instances are not to be used again that were begun before now. */
  #watchRetired(group: string): () => boolean {
    const before = this.#retired.get(group);
    return () => this.#retired.get(group) !== before;
  }

  async warm(order: Start): Promise<boolean> {
    const hasRetired = this.#watchRetired(order.group);
    const limitMs = Math.max(WARM_INIT_MS_MAX, order.timeoutMs);
    const how = { phase: "init", limitMs, era: this.#era } as const;
    const instance = await orWhyNot(async () => this.#begin(await order.setUp(), order, how));
    if (instance instanceof Error) return false;
    const isReady = !instance.isGone;
    if (isReady && !hasRetired()) this.#keepIdle(instance, order, hasRetired);
    else this.#end(instance);
    return isReady;
  }

  retire(group: string): void {
    this.#retired.set(group, (this.#retired.get(group) ?? 0) + 1);
    for (const waiting of this.#idle.values()) {
      for (const idle of waiting.filter((one) => one.group === group)) this.#drop(idle);
    }
    this.#removeUnused().catch((error: unknown) => this.#options.report(error));
  }

  /** Whether lines are on their way. */
  get isWriting(): boolean {
    return [...this.#instances].some((instance) => instance.isWriting);
  }

  /** Ends all processes. */
  async reset(): Promise<void> {
    this.#era++;
    for (const waiting of this.#idle.values()) for (const { stopWaiting } of waiting) stopWaiting();
    this.#idle.clear();
    this.#idleCount = 0;
    await Promise.all([...this.#instances].map((instance) => instance.end()));
    this.#instances.clear();
    await this.#removeUnused();
  }

  /** Ends all processes, and leaves nothing behind. */
  async close(): Promise<void> {
    await this.reset();
    await Promise.allSettled(this.#beginning);
    const ground = await this.#ground?.catch(() => undefined);
    if (ground !== undefined) await rm(ground.folder, { recursive: true, force: true });
  }

  #takeIdle({ pool, timeoutMs }: InvocationOrder): Instance | undefined {
    const waiting = this.#idle.get(pool);
    for (;;) {
      const idle = waiting?.at(-1);
      if (idle === undefined) return undefined;
      const isGood =
        !idle.instance.isGone && idle.instance.expiresAtMs - this.#options.now() > timeoutMs + CREDENTIALS_LEFT_MS;
      if (!isGood) {
        this.#drop(idle);
        continue;
      }
      this.#forget(idle);
      return idle.instance;
    }
  }

  #keepIdle(instance: Instance, { pool, group }: Start, hasRetired: () => boolean): void {
    const stop = wakeAfter(IDLE_MS_MAX, () => this.#drop(idle));
    const stopListening = instance.whenGone(() => {
      this.#forget(idle);
      this.#end(instance, () => !hasRetired());
    });
    const stopWaiting = (): void => {
      stop();
      stopListening();
    };
    const idle: Idle = { instance, pool, group, stopWaiting };
    const waiting = this.#idle.get(pool);
    if (waiting === undefined) this.#idle.set(pool, [idle]);
    else waiting.push(idle);
    this.#idleCount++;
    if (this.#idleCount > IDLE_INSTANCES_MAX) this.#dropOldest();
  }

  #dropOldest(): void {
    for (const [first] of this.#idle.values()) {
      if (first !== undefined) return this.#drop(first);
    }
  }

  #forget(idle: Idle): void {
    idle.stopWaiting();
    const waiting = this.#idle.get(idle.pool) ?? [];
    waiting.splice(waiting.indexOf(idle), 1);
    if (waiting.length === 0) this.#idle.delete(idle.pool);
    this.#idleCount--;
  }

  #drop(idle: Idle): void {
    this.#forget(idle);
    this.#end(idle.instance);
  }

  /** Ends it, and takes its code away where no other has it and none is to come. */
  #end(instance: Instance, isCodeWanted = (): boolean => false): void {
    instance
      .end()
      .then(() => (isCodeWanted() ? undefined : this.#removeUnused()))
      .catch((error: unknown) => this.#options.report(error))
      .finally(() => this.#instances.delete(instance));
  }

  /**
   * What fails before the first invocation is tried once more as a part of it.
   * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Failures during the Init phase)
   */
  async #start(order: Start): Promise<Instance> {
    const era = this.#era;
    const setup = await order.setUp();
    const first = await this.#begin(setup, order, { phase: "init", limitMs: INIT_MS_MAX, era });
    if (!first.isGone || era !== this.#era) return first;
    await first.end();
    this.#instances.delete(first);
    return this.#begin(setup, order, { phase: "invoke", limitMs: order.timeoutMs, era });
  }

  async #begin(setup: InstanceSetup, order: Start, how: How): Promise<Instance> {
    const beginning = this.#launch(setup, order, how);
    this.#beginning.add(beginning);
    try {
      return await beginning;
    } finally {
      this.#beginning.delete(beginning);
    }
  }

  async #launch(setup: InstanceSetup, order: Start, { era, ...how }: How): Promise<Instance> {
    const ground = await this.#layGround();
    const number = this.#count++;
    const endpoint = await this.#options.endpoint();
    const { now, changed } = this.#options;
    const writeLog = (events: readonly LogEvent[]) => this.#writeLog(setup.log, events);
    const { instance, conversation } = await launch({
      setup,
      order,
      ground,
      number,
      endpoint,
      now,
      writeLog,
      written: changed,
    });
    this.#instances.add(instance);
    const begun = instance.begin(conversation, { ...how, format: order });
    if (era !== this.#era) {
      await instance.end();
      await this.#removeUnused();
    }
    await begun;
    return instance;
  }

  async #removeUnused(): Promise<void> {
    const ground = await this.#ground?.catch(() => undefined);
    await ground?.code.removeUnused();
  }

  /** What fails is tried anew the next time. */
  #layGround(): Promise<Ground> {
    if (this.#ground !== undefined) return this.#ground;
    const laying = layGround();
    this.#ground = laying;
    laying.catch(() => (this.#ground = undefined));
    return laying;
  }

  async #writeLog(log: FunctionLog, events: readonly LogEvent[]): Promise<void> {
    try {
      await this.#options.writeLog(log, events);
    } catch (error) {
      this.#options.report(error);
    }
  }
}
