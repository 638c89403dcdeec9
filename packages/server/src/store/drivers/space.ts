import type { Entry, KeyRange, Write } from "../driver.ts";

/** What was applied in this moment. */
export interface Pending {
  readonly writes: readonly Write[];
  /** When it is as durable as the setting asks. */
  readonly settled: Promise<void>;
}

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
  /** `undefined`: all that was applied is durable. */
  readonly pending: Pending | undefined;
  clear(): void;
  close(): void | Promise<void>;
}
