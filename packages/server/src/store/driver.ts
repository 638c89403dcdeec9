/**
 * The seam between Kumobako and a database: an ordered space of bytes with serialisable commits.
 * Keys are packed tuples as latin1 strings (one character per byte), so that every driver orders
 * them alike; drivers know nothing of tables.
 */

/** Keys `k` with `from <= k < to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
  readonly reverse: boolean;
}

export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
}

export type Write =
  | { readonly key: string; readonly value: Uint8Array }
  | { readonly key: string; readonly value: undefined };

/** One attempt at a transaction: its reads all see one state of the store. */
export interface Attempt {
  get(key: string): Uint8Array | undefined | Promise<Uint8Array | undefined>;
  range(range: KeyRange): readonly Entry[] | Promise<readonly Entry[]>;
  /**
   * Makes all writes visible and durable (by the driver's setting) at once, or none.
   * @throws {Conflict} where something that the attempt has read is no longer so.
   */
  commit(writes: readonly Write[]): void | Promise<void>;
  /** Ends an attempt that is not committed. */
  abandon(): void | Promise<void>;
}

export interface StoreDriver {
  begin(): Attempt | Promise<Attempt>;
  /** Ends once everything answered is written. */
  close(): Promise<void>;
}

/** The attempt must be made again. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}
