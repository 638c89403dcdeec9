/** A process that runs a function, one invocation at a time. */
import { wakeAfter } from "../clock/pause.ts";
import { realNow } from "../clock/real-time.ts";
import { assert } from "../kernel/assert.ts";
import type { InstanceSetup, InvocationOrder, Ended, LogEvent } from "../service/function-host.ts";
import type { Conversation, RuntimeListener } from "./conversation.ts";
import { errorTypeOf, exitReason, withRequestId } from "./ending.ts";
import { failure, Invocation, LineSplitter, type Ending } from "./invocation.ts";
import type { Kin } from "./kin.ts";
import { endLines, initEndLines, initLine, startLine, type InitPhase } from "./log-lines.ts";
import { LogQueue } from "./log-queue.ts";
import type { MemoryWatch } from "./process-memory.ts";
import { descendantsOf, kill, signal } from "./process-tree.ts";
import type { SandboxedProcess } from "./sandbox.ts";
import type { Standstill } from "./standstill.ts";

export interface InstanceParts {
  readonly process: SandboxedProcess;
  readonly setup: InstanceSetup;
  /** Of the interpreter that really runs. */
  readonly runtimeVersion: string;
  readonly memory: MemoryWatch;
  readonly kin: Kin;
  /** Where it may be stopped: nothing stopped outlives the server. */
  readonly standstill: Standstill | undefined;
  /** What is there for its sake: let go of when the process has ended. */
  readonly held: AsyncDisposable;
  readonly now: () => number;
  readonly writeLog: (events: readonly LogEvent[]) => Promise<void>;
  /** Hears that all lines so far are in the log. */
  readonly written: () => void;
}

/** How an instance is to begin. */
export interface Start {
  readonly phase: InitPhase;
  /** How long its code may take before it waits for an invocation. */
  readonly limitMs: number;
  readonly format: Pick<InvocationOrder, "logFormat" | "systemLogLevel">;
}

type InitEnd = { readonly kind: "ready" } | { readonly kind: "failed"; readonly ending: Ending };

export class Instance implements RuntimeListener {
  readonly #parts: InstanceParts;
  #conversation: Conversation | undefined;
  readonly #init = Promise.withResolvers<InitEnd>();
  readonly #startedAtMs = performance.now();
  /** Until the first invocation has told of it. */
  #initMs: number | undefined;
  /** What of the first invocation's time went by before its handler was called. */
  #spentMs = 0;
  #current: Invocation | undefined;
  #tookTooMuch = false;
  #isGone = false;
  /** Whether the runtime has the invocation under way. */
  #isHanded = false;
  /** Whether the runtime waits for an invocation. */
  #isResting = false;
  #whenFree: (() => void) | undefined;
  #whenGone: (() => void) | undefined;
  #stopWatching = (): void => {};
  #ended: Promise<void> | undefined;
  readonly #written: LogQueue;
  /** What the process itself puts out, in the order in which it does: on both of its outputs, which are one pipe. */
  readonly #piped = new LineSplitter();
  /** What the runtime passes on of its outputs. */
  readonly #printed = new LineSplitter();

  constructor(parts: InstanceParts) {
    this.#parts = parts;
    const { process: child } = parts;
    const [, stdout, stderr, , said] = child.stdio;
    this.#written = new LogQueue(parts, [stdout, stderr, said]);
    for (const stream of [stdout, stderr]) stream?.on("data", (text: Buffer) => this.#logAll(this.#piped.take(text)));
    child.on("exit", (code, ended) => {
      // what it began does not outlive it
      this.#killGroup();
      this.#exited(code, ended);
    });
    child.on("error", (error) => this.#exited(undefined, error.message));
  }

  get isGone(): boolean {
    return this.#isGone;
  }

  get expiresAtMs(): number {
    return this.#parts.setup.expiresAtMs;
  }

  /** Ends when the runtime waits for its first invocation, or never will. */
  async begin(conversation: Conversation, start: Start): Promise<void> {
    this.#conversation = conversation;
    const { phase, limitMs, format } = start;
    if (phase === "init") this.#log(this.#initLine(format));
    const stop = wakeAfter(limitMs, () => {
      const errorMessage = `Error: Task timed out after ${(limitMs / 1000).toFixed(2)} seconds`;
      this.#init.resolve({
        kind: "failed",
        ending: failure({ errorType: "Sandbox.Timedout", errorMessage }, "timeout"),
      });
      this.#kill();
    });
    const end = await this.#init.promise;
    stop();
    const tookMs = performance.now() - this.#startedAtMs;
    if (phase === "init") this.#initMs = tookMs;
    else this.#spentMs = tookMs;
    this.#logAll(this.#initEnd(end, start, tookMs));
  }

  #initLine(format: Start["format"]): string | undefined {
    const { setup, runtimeVersion } = this.#parts;
    const beginning = {
      runtime: /^[a-z]+/.exec(setup.runtime)?.[0] ?? "",
      version: runtimeVersion,
      runtimeArn: setup.runtimeArn,
      initialization: this.#initialization,
    };
    return initLine(beginning, format, new Date(this.#parts.now()));
  }

  #initEnd(end: InitEnd, { phase, format }: Start, durationMs: number): readonly string[] {
    const ending = end.kind === "failed" ? end.ending : undefined;
    const status = ending?.kind === "failure" ? ending.status : "success";
    const errorType = ending === undefined || status === "timeout" ? undefined : errorTypeOf(ending);
    const init = { initialization: this.#initialization, phase, durationMs, status, errorType } as const;
    return initEndLines(init, format, new Date(this.#parts.now()));
  }

  get #initialization(): string {
    return this.#parts.setup.environment["AWS_LAMBDA_INITIALIZATION_TYPE"] ?? "on-demand";
  }

  async invoke(order: InvocationOrder): Promise<Ended> {
    assert(this.#current === undefined, "an instance has one invocation at a time");
    this.#isResting = false;
    this.#parts.standstill?.end();
    const invocation = new Invocation(order);
    this.#current = invocation;
    this.#log(startLine(order.requestId, order.version, order, new Date(this.#parts.now())));
    const init = await this.#init.promise;
    if (init.kind === "failed") this.#initEnded(invocation, init.ending);
    else if (this.#isGone) this.#exited(undefined, null);
    else this.#hand(invocation);
    return invocation.ended;
  }

  #initEnded(invocation: Invocation, ending: Ending): void {
    if (ending.kind === "failure" && ending.status === "timeout") this.#timedOut(invocation);
    else this.#finish(withRequestId(ending, invocation.order.requestId));
  }

  /** Calls `take` as soon as another invocation may come, or none any more. */
  whenFree(take: () => void): void {
    if (this.#isResting || this.#isGone) take();
    else this.#whenFree = take;
  }

  /** Calls `take` when it has ended though nothing was asked of it. Gives what ends the wait. */
  whenGone(take: () => void): () => void {
    this.#whenGone = take;
    return () => (this.#whenGone = undefined);
  }

  /** Ends the process and all that it left, and once its last lines are written, lets go of what it held. */
  end(): Promise<void> {
    return (this.#ended ??= this.#end());
  }

  async #end(): Promise<void> {
    const { kin, held } = this.#parts;
    this.#kill();
    this.#conversation?.close();
    await kin.endAll();
    await this.#written.whole();
    await held[Symbol.asyncDispose]();
  }

  ready(): void {
    this.#parts.memory.look();
    this.#init.resolve({ kind: "ready" });
    if (this.#current === undefined) this.#rest();
  }

  initFailed(error: Uint8Array): void {
    const ending: Ending = { kind: "failure", payload: Buffer.from(error), status: "error" };
    this.#parts.memory.look();
    this.#init.resolve({ kind: "failed", ending });
    // what the code left running may fail when an invocation is on its way already
    if (this.#isHanded) this.#finish(ending);
    this.#kill();
  }

  answered(id: string, payload: Uint8Array): void {
    const invocation = this.#currentOf(id);
    if (invocation !== undefined) this.#finish(invocation.held(Buffer.from(payload)));
  }

  failed(id: string, error: Uint8Array, isLast = false): void {
    if (this.#currentOf(id) === undefined) return;
    this.#finish({ kind: "failure", payload: Buffer.from(error), status: "failure" }, isLast);
  }

  piece(piece: Uint8Array, contentType: string): void {
    const invocation = this.#current;
    invocation?.piece(Buffer.from(piece), contentType);
    if (invocation?.isTooLong !== true) return;
    this.#finish(
      failure(
        {
          errorType: "Function.ResponseSizeTooLarge",
          errorMessage: "Response payload size exceeded maximum allowed payload size (209715200 bytes).",
        },
        "failure",
      ),
    );
    this.#kill();
  }

  streamEnded(error?: Uint8Array): void {
    const invocation = this.#current;
    if (invocation === undefined) return;
    if (error === undefined) this.#finish({ kind: "answer", payload: invocation.streamed });
    else this.#finish({ kind: "failure", payload: Buffer.from(error), status: "failure" });
  }

  logged(message: Uint8Array): void {
    this.#logAll(this.#printed.rest());
    this.#log(Buffer.from(message).toString("utf8"));
  }

  printed(text: Uint8Array): void {
    this.#logAll(this.#printed.take(text));
  }

  garbled(): void {
    this.#kill();
  }

  #currentOf(id: string): Invocation | undefined {
    return this.#current?.order.requestId === id ? this.#current : undefined;
  }

  #hand(invocation: Invocation): void {
    const { order } = invocation;
    const { requestId: id, functionArn, traceId, clientContext, identity } = order;
    const leftMs = Math.max(order.timeoutMs - this.#spentMs, 0);
    const stop = wakeAfter(leftMs, () => this.#timedOut(invocation));
    const stopLooking = this.#parts.memory.watch(() => {
      this.#tookTooMuch = true;
      this.#kill();
    });
    this.#stopWatching = () => {
      stop();
      stopLooking();
    };
    const deadlineMs = realNow() + leftMs;
    this.#isHanded = true;
    this.#conversation?.invoke({ id, functionArn, deadlineMs, traceId, clientContext, identity }, order.payload);
  }

  #timedOut({ order }: Invocation): void {
    const words = `Task timed out after ${(order.timeoutMs / 1000).toFixed(2)} seconds`;
    const at = new Date(this.#parts.now()).toISOString();
    this.#log(`${at} ${order.requestId} ${words}\n\n`);
    const errorMessage = `RequestId: ${order.requestId} Error: ${words}`;
    this.#finish(failure({ errorType: "Sandbox.Timedout", errorMessage }, "timeout"));
    this.#kill();
  }

  #exited(code: number | null | undefined, ended: string | null): void {
    this.#isGone = true;
    this.#parts.standstill?.abandon();
    const reason = exitReason(code, ended);
    const errorType = this.#tookTooMuch ? "Runtime.OutOfMemory" : "Runtime.ExitError";
    const ending = failure({ errorType, errorMessage: `Error: ${reason}` }, "error");
    this.#init.resolve({ kind: "failed", ending });
    const { requestId } = this.#current?.order ?? {};
    if (requestId === undefined) return this.#free();
    this.#log(`RequestId: ${requestId} Error: ${reason}\n${errorType}\n`);
    this.#finish(withRequestId(ending, requestId));
  }

  #finish(ending: Ending, isLast = false): void {
    const invocation = this.#current;
    if (invocation === undefined) return;
    this.#stopWatching();
    this.#current = undefined;
    this.#isHanded = false;
    for (const splitter of [this.#piped, this.#printed]) this.#logAll(splitter.rest(), invocation);
    this.#parts.memory.look();
    const durationMs = performance.now() - invocation.startedAtMs + this.#spentMs;
    const initMs = this.#initMs;
    this.#initMs = undefined;
    this.#spentMs = 0;
    this.#report(invocation, { ending, durationMs, initMs });
    invocation.end(ending, durationMs, initMs);
    this.#written.flush();
    const goesOn = isLast || this.#conversation?.saysWhenReady === true;
    if (goesOn && !this.#isGone) this.#awaitRest(invocation.order.timeoutMs - durationMs);
    else this.#rest();
  }

  /**
   * What the runtime still does before it asks for the next invocation, or ends, is of this one.
   * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (Invoke phase)
   */
  #awaitRest(leftMs: number): void {
    this.#stopWatching = wakeAfter(Math.max(leftMs, 0), () => this.#kill());
  }

  #rest(): void {
    this.#stopWatching();
    this.#isResting = true;
    if (!this.#isGone) this.#parts.standstill?.begin();
    this.#free();
  }

  #free(): void {
    const take = this.#whenFree;
    this.#whenFree = undefined;
    take?.();
    if (this.#isGone) this.#whenGone?.();
  }

  #report(
    invocation: Invocation,
    { ending, durationMs, initMs }: { ending: Ending; durationMs: number; initMs: number | undefined },
  ): void {
    const { order } = invocation;
    const status = ending.kind === "answer" ? "success" : ending.status;
    const report = {
      ...order,
      durationMs,
      initMs,
      usedMb: this.#parts.memory.usedMb,
      status,
      errorType: errorTypeOf(ending),
    } as const;
    this.#logAll(endLines(report, order, new Date(this.#parts.now())), invocation);
  }

  #logAll(messages: readonly string[], invocation = this.#current): void {
    for (const message of messages) this.#log(message, invocation);
  }

  #log(message: string | undefined, invocation = this.#current): void {
    if (message === undefined) return;
    invocation?.line(message);
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/lambda_/test_lambda_runtimes.snapshot.json (test_multi_line_prints)
    if (message === "\n") return;
    this.#written.push({ timestamp: this.#parts.now(), message });
  }

  /** Whether lines are on their way into the log. */
  get isWriting(): boolean {
    return this.#written.isWriting;
  }

  #kill(): void {
    if (this.#isGone) return;
    this.#isGone = true;
    this.#stopWatching();
    this.#parts.standstill?.abandon();
    const { pid } = this.#parts.process;
    // while it can be seen what it began
    const began = pid === undefined ? [] : descendantsOf(pid);
    this.#killGroup();
    for (const one of began) kill(one);
    this.#free();
  }

  /** The process and all of its group. */
  #killGroup(): void {
    const { pid } = this.#parts.process;
    if (pid !== undefined) signal(-pid, "SIGKILL");
  }
}
