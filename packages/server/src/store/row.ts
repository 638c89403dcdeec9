/** How a row is written: its schema version, then its JSON. */
import { BoundedCache } from "../kernel/bounded-cache.ts";

/** The version that rows are written in. Raised together with a reader of the version before. */
const ROW_VERSION = "1";

/** A row, or the whole store, was written by a later Kumobako. */
export class NewerStoreError extends Error {
  override readonly name = "NewerStoreError";
  readonly remedy = "start the version of Kumobako that wrote it, or choose another data directory";

  constructor(found: string, known: string) {
    super(`the store was written by a newer version: format \`${found}\`, this version reads up to \`${known}\``);
  }
}

export function encodeRow(row: unknown): string {
  return ROW_VERSION + JSON.stringify(row);
}

/** Rows that are read over and over, such as access keys and policies, are parsed once while they stay among the last read. */
const CACHED_ROWS = 2048;
/** Longer rows are parsed each time, so that the cache stays a few megabytes. */
const CACHED_TEXT_MAX = 8192;

interface ReadRow {
  readonly text: string;
  /** Once it was read twice: what is read for the last time, being overwritten, needs not be kept. */
  readonly row: unknown;
}

/**
 * Reads rows. What it gives out more than once is frozen at all depths. Kept by key with the text it was read from, so
 * nothing ever has to be invalidated.
 */
export class RowReader {
  readonly #recent = new BoundedCache<string, ReadRow>(CACHED_ROWS);

  /** @throws {NewerStoreError} */
  read(key: string, text: string): unknown {
    if (text.length > CACHED_TEXT_MAX) return decodeRow(text);
    const known = this.#recent.get(key);
    if (known?.text !== text) {
      this.#recent.set(key, { text, row: undefined });
      return decodeRow(text);
    }
    if (known.row !== undefined) return known.row;
    const row = freeze(decodeRow(text));
    this.#recent.set(key, { text, row });
    return row;
  }
}

/** @throws {NewerStoreError} */
function decodeRow(text: string): unknown {
  const version = text.slice(0, 1);
  if (version !== ROW_VERSION) throw new NewerStoreError(version, ROW_VERSION);
  return JSON.parse(text.slice(1));
}

function freeze(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  for (const member of Object.values(value)) if (typeof member === "object") freeze(member);
  return Object.freeze(value);
}
