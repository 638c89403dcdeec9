import type { Entry, KeyRange, Write } from "../driver.ts";
import { SortedKeys } from "./sorted-keys.ts";
import type { Space } from "./space.ts";

/** An ordered space that ends with the process. Values by key for `get`, the keys in order for `range`. */
export class MemorySpace implements Space {
  readonly pending = undefined;
  #values = new Map<string, string>();
  #keys = new SortedKeys();

  get size(): number {
    return this.#values.size;
  }

  get(key: string): string | undefined {
    return this.#values.get(key);
  }

  glance(key: string): string | undefined {
    return this.#values.get(key);
  }

  range({ from, to, limit, reverse }: KeyRange): readonly Entry[] {
    const keys = reverse ? this.#keys.descending(from, to, limit) : this.#keys.ascending(from, to, limit);
    return keys.map((key) => ({ key, value: this.#values.get(key) ?? "" }));
  }

  apply(writes: readonly Write[]): undefined {
    for (const { key, value } of writes) {
      const known = this.#values.has(key);
      if (value === undefined) {
        if (known) this.#keys.remove(key);
        this.#values.delete(key);
      } else {
        if (!known) this.#keys.add(key);
        this.#values.set(key, value);
      }
    }
  }

  late(words: () => readonly Write[]): void {
    setImmediate(() => this.apply(words()));
  }

  clear(): void {
    this.#values = new Map();
    this.#keys = new SortedKeys();
  }

  close(): void {
    this.clear();
  }
}
