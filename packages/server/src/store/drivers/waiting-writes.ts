import type { KeyRange, Write } from "../driver.ts";
import { firstPart, partOf } from "./first-part.ts";

/** The last write of each key, of those that the file does not have yet; by the first part of their keys. */
export class WaitingWrites {
  readonly #parts = new Map<string, Map<string, Write>>();

  get(key: string): Write | undefined {
    return this.#parts.get(firstPart(key))?.get(key);
  }

  add(write: Write): void {
    const part = firstPart(write.key);
    const writes = this.#parts.get(part);
    if (writes === undefined) this.#parts.set(part, new Map([[write.key, write]]));
    else writes.set(write.key, write);
  }

  /** Whether some may lie in `range`. */
  reach(range: KeyRange): boolean {
    const name = partOf(range);
    return name === undefined ? this.#parts.size > 0 : this.#parts.has(name);
  }

  /** Those that lie in `range`; `undefined`: more than `max` are near it. */
  within(range: KeyRange, max: number): readonly Write[] | undefined {
    const found: Write[] = [];
    let near = 0;
    for (const part of this.#partsNear(range)) {
      near += part.size;
      if (near > max) return undefined;
      for (const write of part.values()) if (write.key >= range.from && write.key < range.to) found.push(write);
    }
    return found;
  }

  /** Those that may lie in `range`. */
  *near(range: KeyRange): Generator<Write> {
    for (const part of this.#partsNear(range)) yield* part.values();
  }

  /** They have gone into the file. */
  removeNear(range: KeyRange): void {
    const name = partOf(range);
    if (name === undefined) this.#parts.clear();
    else this.#parts.delete(name);
  }

  clear(): void {
    this.#parts.clear();
  }

  #partsNear(range: KeyRange): Iterable<ReadonlyMap<string, Write>> {
    const name = partOf(range);
    if (name === undefined) return this.#parts.values();
    const part = this.#parts.get(name);
    return part === undefined ? [] : [part];
  }
}
