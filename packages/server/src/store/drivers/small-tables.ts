import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { Entry, KeyRange, Write } from "../driver.ts";
import { endOfPart, firstPart, partOf } from "./first-part.ts";
import { MemorySpace } from "./memory.ts";

const TABLES_MAX = 32;
/** What makes a table small enough to be taken in, and too large to be kept. */
const ROWS_TAKEN_MAX = 128;
const ROWS_MAX = 256;
const VALUE_MAX = 512;
/** So often is a table's range read before it is seen whether the table is small, and again. */
const READS_BETWEEN = 64;
/** Of so many tables the reads are counted. */
const COUNTED_MAX = 1000;

/**
 * Small tables whose ranges are read over and over, such as the line of a queue with little in it: whole in memory, what
 * the file does not have yet included.
 */
export class SmallTables {
  readonly #tables = new BoundedCache<string, MemorySpace>(TABLES_MAX);
  readonly #reads = new BoundedCache<string, number>(COUNTED_MAX);

  /** What lies in `range`; `read` reads what is not in memory. */
  range(range: KeyRange, read: (range: KeyRange) => readonly Entry[]): readonly Entry[] {
    const part = partOf(range);
    if (part === undefined) return read(range);
    return (this.#tables.get(part) ?? this.#takeIn(part, read))?.range(range) ?? read(range);
  }

  add(write: Write): void {
    const part = firstPart(write.key);
    const table = this.#tables.get(part);
    if (table === undefined) return;
    table.apply([write]);
    if (isLong(write) || table.size > ROWS_MAX) this.#tables.delete(part);
  }

  clear(): void {
    this.#tables.clear();
  }

  #takeIn(part: string, read: (range: KeyRange) => readonly Entry[]): MemorySpace | undefined {
    const reads = (this.#reads.get(part) ?? 0) + 1;
    this.#reads.set(part, reads);
    if (reads % READS_BETWEEN !== 0) return undefined;
    const entries = read({ from: part, to: endOfPart(part), limit: ROWS_TAKEN_MAX + 1, reverse: false });
    if (entries.length > ROWS_TAKEN_MAX || entries.some(isLong)) return undefined;
    const table = new MemorySpace();
    table.apply(entries);
    this.#tables.set(part, table);
    return table;
  }
}

const isLong = ({ value }: Write): boolean => value !== undefined && value.length > VALUE_MAX;
