/**
 * The seam between Kumobako and a database: an ordered space of texts with serialisable commits.
 * Keys are packed tuples as latin1 strings (one character per byte), so that every driver orders
 * them alike; values are JSON, which holds no NUL and is well-formed Unicode. Drivers know nothing
 * of tables.
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
  readonly value: string;
}

/** `undefined` takes the key away. */
export interface Write {
  readonly key: string;
  readonly value: string | undefined;
}

/** One attempt at a transaction: its reads all see one state of the store. */
export interface Attempt {
  get(key: string): string | undefined | Promise<string | undefined>;
  range(range: KeyRange): readonly Entry[] | Promise<readonly Entry[]>;
  /**
   * Makes all writes visible and durable (by the driver's setting) at once, or none. With no
   * writes it ends the attempt once everything that it has read is durable.
   * @throws {Conflict} where something that the attempt has read is no longer so.
   */
  commit(writes: readonly Write[]): void | Promise<void>;
  /** Ends an attempt that is not committed. */
  abandon(): void | Promise<void>;
}

export interface StoreDriver {
  /** Whether other processes may write too, so that what they did has to be looked for. */
  readonly shared: boolean;
  begin(): Attempt | Promise<Attempt>;
  /**
   * Has what `words` gives written with what is being committed in this moment, and no sooner asked for than it must be.
   * Absent where commits of one moment do not go together.
   */
  late?(words: () => readonly Write[]): void;
  /** Deletes everything at once; attempts that have begun conflict. */
  clear(): void | Promise<void>;
  /** Ends once everything answered is written. */
  close(): void | Promise<void>;
}

/** The longest key, in bytes, that every driver takes: a third of a PostgreSQL index page, less its header. */
export const KEY_BYTES_MAX = 2600;

/** The attempt must be made again. */
export class Conflict extends Error {
  override readonly name = "Conflict";
}
