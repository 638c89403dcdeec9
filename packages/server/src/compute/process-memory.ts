import { readFileSync } from "node:fs";
import { wakeAfter } from "../clock/pause.ts";

const PAGE_BYTES = 4096;
const MB = 1024 * 1024;
/** How often a process is asked how much memory it takes. */
const LOOK_MS = 50;

/** The most that a process was seen to take. */
export class MemoryWatch {
  readonly #pid: number | undefined;
  #usedMb = 0;
  #lookedAtMs = -Infinity;

  constructor(pid: number | undefined) {
    this.#pid = pid;
  }

  get usedMb(): number {
    return this.#usedMb;
  }

  /** Asking costs more than a short invocation: once in a while is enough. */
  look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < LOOK_MS / 2) return;
    this.#lookedAtMs = nowMs;
    if (this.#pid !== undefined) this.#usedMb = Math.max(this.#usedMb, residentMb(this.#pid));
  }

  /** Calls `exceeded` when it takes more than `limitMb`. Gives what ends the watch. */
  watch(limitMb: number, exceeded: () => void): () => void {
    let stop: (() => void) | undefined;
    const look = (): void => {
      this.look();
      if (this.#usedMb > limitMb) exceeded();
      else stop = wakeAfter(LOOK_MS, look);
    };
    stop = wakeAfter(LOOK_MS, look);
    return () => stop?.();
  }
}

/** What a process and those that it began hold of the machine's memory, in MB; zero where the system does not say. */
function residentMb(pid: number): number {
  try {
    const [, pages = "0"] = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ", 2);
    return Math.ceil((Number(pages) * PAGE_BYTES) / MB) + childrenMb(pid);
  } catch {
    // it has just ended, or this is no Linux
    return 0;
  }
}

function childrenMb(pid: number): number {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").trim();
  return children === "" ? 0 : children.split(" ").reduce((sum, child) => sum + residentMb(Number(child)), 0);
}
