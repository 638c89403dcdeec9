/** What the process whose disk grows full rewrites, and says. */
import type { Note } from "../store/notes.ts";

export const ROWS = 6000;
/** So long that rows lie two to a page. */
const TEXT_LENGTH = 3000;

export interface Rewritten {
  readonly failure: string;
  /** Texts by the name of their row. */
  readonly promised: Readonly<Record<string, string>>;
  readonly found: Readonly<Record<string, string>>;
}

export const rowAt = (number: number, text: string): Note => ({
  folder: "rewritten",
  name: number,
  text: text.padEnd(TEXT_LENGTH),
});

export const textsOf = (rows: readonly Note[]): Record<string, string> =>
  Object.fromEntries(rows.map(({ name, text }) => [name, String(text).trimEnd()]));
