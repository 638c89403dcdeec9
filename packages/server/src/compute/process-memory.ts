import { wakeAfter } from "../clock/pause.ts";
import type { Kin } from "./kin.ts";
import { bytesOfPage, descendantsOf, proportionalMemoryOf, residentOf, sharedMemoryOf } from "./process-tree.ts";

const MB = 1024 * 1024;
/** How often processes are asked how much memory they take. */
const LOOK_MS = 50;
/** How often it is asked what they began. */
const WALK_MS = 200;
/** How often those are looked for that nobody has begun who is still there. */
const SEARCH_MS = 1000;
/** What is shared is asked of anew when it has changed by so much. */
const CHANGE_BYTES = MB / 4;

/** Of one process. */
class OwnMemory {
  readonly #pid: number;
  readonly #pageBytes: number;
  #sharedBytes = 0;
  /** What of that is no file's. */
  #ownSharedBytes = 0;

  constructor(pid: number, pageBytes: number) {
    this.#pid = pid;
    this.#pageBytes = pageBytes;
  }

  bytes(): number {
    const { anonymousPages, sharedPages } = residentOf(this.#pid);
    const sharedBytes = sharedPages * this.#pageBytes;
    if (Math.abs(sharedBytes - this.#sharedBytes) >= CHANGE_BYTES) {
      this.#sharedBytes = sharedBytes;
      this.#ownSharedBytes = sharedMemoryOf(this.#pid) ?? 0;
    }
    return anonymousPages * this.#pageBytes + this.#ownSharedBytes;
  }

  /** The same, but what it has together with others by its part. */
  partBytes(): number {
    return proportionalMemoryOf(this.#pid) ?? this.bytes();
  }
}

/**
 * The most that a process and all that it began were seen to take of what is theirs. Files that are mapped, such as an
 * interpreter's program, are not: the machine takes them back when it likes.
 * Source: https://docs.kernel.org/admin-guide/mm/concepts.html (page cache, anonymous memory, reclaim)
 */
export class MemoryWatch {
  readonly #pid: number | undefined;
  readonly #kin: Kin;
  readonly #limitBytes: number;
  readonly #pageBytes = bytesOfPage();
  #usedBytes = 0;
  #lookedAtMs = -Infinity;
  #walkedAtMs = -Infinity;
  #searchedAtMs = performance.now();
  /** Those that were found by searching. */
  #found: readonly number[] = [];
  #processes: ReadonlyMap<number, OwnMemory> = new Map();

  constructor({
    pid,
    kin,
    limitMb,
  }: {
    readonly pid: number | undefined;
    readonly kin: Kin;
    readonly limitMb: number;
  }) {
    this.#pid = pid;
    this.#kin = kin;
    this.#limitBytes = limitMb * MB;
  }

  /** Not more than there is. */
  get usedMb(): number {
    return Math.ceil(Math.min(this.#usedBytes, this.#limitBytes) / MB);
  }

  /** Asking costs more than a short invocation: once in a while is enough. */
  look(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lookedAtMs < LOOK_MS / 2) return;
    this.#lookedAtMs = nowMs;
    if (nowMs - this.#walkedAtMs >= WALK_MS) this.#walk(nowMs);
    this.#usedBytes = Math.max(this.#usedBytes, this.#bytes());
  }

  #walk(nowMs: number): void {
    this.#walkedAtMs = nowMs;
    if (this.#pid === undefined) return;
    if (nowMs - this.#searchedAtMs >= SEARCH_MS) {
      this.#searchedAtMs = nowMs;
      this.#found = this.#kin.search();
    }
    const known = this.#processes;
    const pids = new Set([this.#pid, ...descendantsOf(this.#pid), ...this.#found]);
    this.#processes = new Map([...pids].map((pid) => [pid, known.get(pid) ?? new OwnMemory(pid, this.#pageBytes)]));
  }

  /** What several have of each other, as after a fork, is counted once where it matters. */
  #bytes(): number {
    const memories = [...this.#processes.values()];
    const sum = total(memories.map((memory) => memory.bytes()));
    if (sum <= this.#limitBytes || memories.length === 1) return sum;
    return Math.min(sum, total(memories.map((memory) => memory.partBytes())));
  }

  /** Calls `exceeded` when it takes more than there is. Gives what ends the watch. */
  watch(exceeded: () => void): () => void {
    let stop: (() => void) | undefined;
    const look = (): void => {
      this.look();
      if (this.#usedBytes > this.#limitBytes) exceeded();
      else stop = wakeAfter(LOOK_MS, look);
    };
    stop = wakeAfter(LOOK_MS, look);
    return () => stop?.();
  }
}

const total = (numbers: readonly number[]): number => numbers.reduce((sum, one) => sum + one, 0);
