/** Keys are kept in blocks of at most this many: large enough for few blocks, small enough to insert into. */
const BLOCK_SIZE_MAX = 512;

/**
 * A set of strings in order: sorted blocks in a sorted list. Finding is two binary searches,
 * inserting moves at most one block's keys.
 */
export class SortedKeys {
  readonly #blocks: string[][] = [];

  /** `key` is not in the set yet. */
  add(key: string): void {
    const at = Math.max(this.#blockOf(key), 0);
    const block = this.#blocks[at];
    if (!block) {
      this.#blocks.push([key]);
      return;
    }
    if (block.length > 0 && key > (block[block.length - 1] ?? "")) block.push(key);
    else block.splice(lowerBound(block, key), 0, key);
    if (block.length > BLOCK_SIZE_MAX) this.#split(at, block);
  }

  /** `key` is in the set. */
  remove(key: string): void {
    const at = this.#blockOf(key);
    const block = this.#blocks[at];
    if (!block) return;
    block.splice(lowerBound(block, key), 1);
    if (block.length === 0) this.#blocks.splice(at, 1);
  }

  /** At most `limit` keys `k` with `from <= k < to`, in order. */
  ascending(from: string, to: string, limit: number): string[] {
    const keys: string[] = [];
    const first = Math.max(this.#blockOf(from), 0);
    for (let at = first; at < this.#blocks.length; at++) {
      const block = this.#blocks[at] ?? [];
      for (let index = at === first ? lowerBound(block, from) : 0; index < block.length; index++) {
        const key = block[index] ?? "";
        if (key >= to || keys.length >= limit) return keys;
        keys.push(key);
      }
    }
    return keys;
  }

  /** At most `limit` keys `k` with `from <= k < to`, the greatest first. */
  descending(from: string, to: string, limit: number): string[] {
    const keys: string[] = [];
    const first = this.#blockOf(to);
    for (let at = first; at >= 0; at--) {
      const block = this.#blocks[at] ?? [];
      for (let index = (at === first ? lowerBound(block, to) : block.length) - 1; index >= 0; index--) {
        const key = block[index] ?? "";
        if (key < from || keys.length >= limit) return keys;
        keys.push(key);
      }
    }
    return keys;
  }

  /** Keys that arrive in order leave full blocks behind them; others leave room on both sides. */
  #split(at: number, block: string[]): void {
    const last = at === this.#blocks.length - 1;
    this.#blocks.splice(at + 1, 0, block.splice(last ? BLOCK_SIZE_MAX : BLOCK_SIZE_MAX / 2));
  }

  /** The last block whose first key is not greater than `key`, or −1. */
  #blockOf(key: string): number {
    let low = 0;
    let high = this.#blocks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#blocks[middle]?.[0] ?? "") <= key) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The index of the first of `keys` that is not less than `key`. */
function lowerBound(keys: readonly string[], key: string): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((keys[middle] ?? "") < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
