import type { Entry, KeyRange, Write } from "../driver.ts";

/** The present state of an ordered space that only this process writes. */
export interface Space {
  get(key: string): string | undefined;
  /** The same, of a key that nobody is expected to ask for soon. */
  glance(key: string): string | undefined;
  range(range: KeyRange): readonly Entry[];
  /**
   * All or nothing. What it gives is settled once the writes are as durable as the setting asks;
   * `undefined`: they already are.
   */
  apply(writes: readonly Write[]): Promise<void> | undefined;
  /** The last that is written of this moment, asked for at its end. */
  late(words: () => readonly Write[]): void;
  /** When all that was applied so far is durable; `undefined`: it already is. */
  settled(): Promise<void> | undefined;
  clear(): void;
  close(): void | Promise<void>;
}
