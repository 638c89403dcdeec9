import { wakeAfter } from "../clock/pause.ts";
import { NOWHERE } from "../kernel/table.ts";
import { drops, isKept, settleDrops, type Drop } from "./blob-reference.ts";
import type { BlobStore } from "./blob-store.ts";
import type { Store } from "./store.ts";

/** A reader that was promised a body just before it was dropped has so long, in real time, to begin. */
const DROPPED_GRACE_MS = 60_000;
/** A body that is still coming in, or whose transaction is still under way, was written to within this real time. */
const ORPHAN_GRACE_MS = 3_600_000;
/** A body that came in just before a reset may belong to a call that goes on after it. */
const RESET_GRACE_MS = 1000;
const DROPPED_EVERY_MS = 60_000;
const ORPHANS_EVERY_MS = 3_600_000;
const DROPS_PER_PAGE = 500;

export interface BlobSweepOptions {
  readonly store: Store;
  readonly blobStore: BlobStore;
  /** Told when a sweep fails; the next one is made all the same. */
  readonly report: (error: unknown) => void;
}

/** Collects bodies that nothing refers to: dropped ones, and those whose transaction never was. */
export class BlobSweep {
  readonly #store: Store;
  readonly #blobStore: BlobStore;
  readonly #report: (error: unknown) => void;
  #stopWaiting = (): void => {};
  #background: Promise<void> = Promise.resolve();
  #orphansDueMs = 0;
  #closed = false;

  constructor({ store, blobStore, report }: BlobSweepOptions) {
    this.#store = store;
    this.#blobStore = blobStore;
    this.#report = report;
  }

  /** Sweeps now, in the background, and from time to time until `close`. */
  start(): void {
    this.#sweepNow(ORPHAN_GRACE_MS);
  }

  /** Sees to it that what an emptied store no longer refers to goes soon. Where others write too, their bodies need the usual grace. */
  afterReset(): void {
    if (this.#store.shared) return;
    this.#stopWaiting();
    this.#orphansDueMs = 0;
    this.#stopWaiting = wakeAfter(2 * RESET_GRACE_MS, () => this.#sweepNow(RESET_GRACE_MS));
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#stopWaiting();
    await this.#background;
  }

  /** Removes what was dropped longer ago than the grace. Gives how many bodies went. */
  async collectDropped(nowMs: number): Promise<number> {
    let count = 0;
    for (let after: Drop | undefined; !this.#closed;) {
      const page = await this.#dropsAfter(after);
      for (const id of settled(page, nowMs - DROPPED_GRACE_MS)) count += await this.#collect(id);
      after = page.at(-1);
      if (!after) break;
    }
    return count;
  }

  /** Removes what no row refers to and was last written to longer ago than `graceMs`. Gives how many bodies went. */
  async collectOrphans(nowMs: number, graceMs = ORPHAN_GRACE_MS): Promise<number> {
    let count = 0;
    for await (const ids of this.#blobStore.shelf.list()) {
      if (this.#closed) break;
      const kept = await this.#store.transact(NOWHERE, (tx) => Promise.all(ids.map((id) => isKept(tx, id))));
      for (const id of ids.filter((_, index) => kept[index] === false)) {
        if (!(await this.#isOver(id, nowMs - graceMs))) continue;
        await this.#blobStore.shelf.remove(id);
        count++;
      }
    }
    return count;
  }

  #sweepNow(orphanGraceMs: number): void {
    const nowMs = this.#blobStore.realNow();
    this.#background = this.#background
      .then(() => this.#sweep(nowMs, orphanGraceMs))
      .catch((error: unknown) => this.#report(error));
    this.#stopWaiting = wakeAfter(DROPPED_EVERY_MS, () => this.start());
  }

  async #sweep(nowMs: number, orphanGraceMs: number): Promise<void> {
    await this.collectDropped(nowMs);
    if (nowMs < this.#orphansDueMs) return;
    await this.collectOrphans(nowMs, orphanGraceMs);
    this.#orphansDueMs = nowMs + ORPHANS_EVERY_MS;
  }

  #dropsAfter(after: Drop | undefined): Promise<Drop[]> {
    const past = after && [after.id, after.entry];
    return this.#store.transact(NOWHERE, (tx) => tx.scan(drops, { after: past, limit: DROPS_PER_PAGE }));
  }

  async #collect(id: string): Promise<number> {
    const over = await this.#store.transact(NOWHERE, (tx) => settleDrops(tx, id));
    if (!over) return 0;
    await this.#blobStore.shelf.remove(id);
    return 1;
  }

  /** Whether nobody can be about to refer to it: an earlier run's, where no other process has the store, or an old one. */
  async #isOver(id: string, latestMs: number): Promise<boolean> {
    if (!this.#store.shared && !id.endsWith(`-${this.#blobStore.run}`)) return true;
    if (this.#blobStore.writing.has(id)) return false;
    const writtenAtMs = await this.#blobStore.shelf.writtenAtMs(id);
    return writtenAtMs !== undefined && writtenAtMs <= latestMs;
  }
}

/** The bodies on `page` of which no drop is later than `latestMs`. */
function settled(page: readonly Drop[], latestMs: number): ReadonlySet<string> {
  const ids = new Set(page.map(({ id }) => id));
  for (const { id, atMs } of page) if (atMs > latestMs) ids.delete(id);
  return ids;
}
