import type { KeyRange, Write } from "../driver.ts";

/** What ends the first part of a packed key, which few keys share with those of other tables. */
const END = "\0";

/** The last write of each key, of those that the file does not have yet; by the first part of their keys. */
export class WaitingWrites {
  readonly #last = new Map<string, Write>();
  /** In their order, those that were overtaken as well. */
  readonly #parts = new Map<string, Write[]>();

  get size(): number {
    return this.#last.size;
  }

  get(key: string): Write | undefined {
    return this.#last.get(key);
  }

  add(write: Write): void {
    const { key } = write;
    this.#last.set(key, write);
    const part = firstPart(key);
    const writes = this.#parts.get(part);
    if (writes === undefined) this.#parts.set(part, [write]);
    else writes.push(write);
  }

  /** Whether some may lie in `range`. */
  reach(range: KeyRange): boolean {
    const part = partOf(range);
    return part === undefined ? this.#last.size > 0 : this.#parts.has(part);
  }

  /** Those that may lie in `range`, as far as they were not overtaken. */
  *near(range: KeyRange): Generator<Write> {
    const part = partOf(range);
    if (part === undefined) yield* this.#last.values();
    else for (const write of this.#parts.get(part) ?? []) if (this.#last.get(write.key) === write) yield write;
  }

  /** They have gone into the file. */
  removeNear(range: KeyRange): void {
    const part = partOf(range);
    if (part === undefined) {
      this.clear();
      return;
    }
    for (const { key } of this.#parts.get(part) ?? []) this.#last.delete(key);
    this.#parts.delete(part);
  }

  clear(): void {
    this.#last.clear();
    this.#parts.clear();
  }
}

const firstPart = (key: string): string => key.slice(0, key.indexOf(END) + 1);

/** The first part of all keys in `range`; `undefined`: they have several. */
function partOf({ from, to }: KeyRange): string | undefined {
  const part = firstPart(from);
  return part !== "" && to.startsWith(part) ? part : undefined;
}
