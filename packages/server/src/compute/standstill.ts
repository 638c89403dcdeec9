/**
 * The processes of an instance that is not wanted stand still, those too that have let go of it.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html (the environment is frozen;
 * background processes resume with the next invocation)
 */
import { wakeAfter } from "../clock/pause.ts";
import type { Kin } from "./kin.ts";
import { signal } from "./process-tree.ts";

/** An instance that waits this long is stopped until it is wanted. */
const STILL_AFTER_MS = 20;
/** How often it is searched at the most for those that are not in its group, and not known. */
const SEARCH_MS = 1000;
/** What is not stopped yet may begin another one; what is stopped begins none. */
const ROUNDS_MAX = 8;

export class Standstill {
  readonly #pid: number | undefined;
  readonly #kin: Kin;
  #state: "running" | "resting" | "still" = "running";
  #searchedAtMs = -Infinity;
  /** Those that were found besides the first one. */
  #others: readonly number[] = [];
  #stopWaiting = (): void => {};

  constructor({ pid, kin }: { readonly pid: number | undefined; readonly kin: Kin }) {
    this.#pid = pid;
    this.#kin = kin;
  }

  /** Stops all of them in a moment, unless they are wanted before. */
  begin(): void {
    if (this.#state !== "running") return;
    this.#state = "resting";
    this.#stopWaiting = wakeAfter(STILL_AFTER_MS, () => this.#stop());
  }

  /** They go on. */
  end(): void {
    this.#stopWaiting();
    if (this.#state === "still") this.#signal("SIGCONT");
    this.#state = "running";
  }

  /** Nothing is stopped any more that is not yet; what is, stays so. */
  abandon(): void {
    this.#stopWaiting();
  }

  #stop(): void {
    this.#state = "still";
    this.#signal("SIGSTOP");
    const leftMs = this.#searchedAtMs + SEARCH_MS - performance.now();
    if (leftMs <= 0) this.#search();
    else this.#stopWaiting = wakeAfter(leftMs, () => this.#search());
  }

  /** To the group of the first one, and to those that are known; their numbers may be others' meanwhile. */
  #signal(name: "SIGSTOP" | "SIGCONT"): void {
    if (this.#pid !== undefined) signal(-this.#pid, name);
    this.#others = this.#others.filter((pid) => this.#kin.has(pid));
    for (const pid of this.#others) signal(pid, name);
  }

  #search(): void {
    this.#searchedAtMs = performance.now();
    for (let round = 0; round < ROUNDS_MAX; round++) {
      const known = new Set([this.#pid, ...this.#others]);
      const found = this.#kin.search().filter((pid) => !known.has(pid));
      if (found.length === 0) return;
      for (const pid of found) signal(pid, "SIGSTOP");
      this.#others = [...this.#others, ...found];
    }
  }
}
