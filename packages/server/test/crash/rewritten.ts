/** Rows that are written, some of them anew, until the process is killed or its disk is full; and what it says then. */
import type { Note } from "../store/notes.ts";
import { Seeded } from "../store/seeded.ts";

/** So many there are before; as many others come. */
export const ROWS = 8000;
/** So long that rows lie five to a page. */
const TEXT_LENGTH = 1500;
const ROWS_A_TURN = 100;

/** Texts by the name of their row. */
export type Texts = Readonly<Record<string, string>>;

export interface Rewritten {
  readonly failure: string;
  readonly promised: Texts;
  readonly found: Texts;
}

const rowAt = (number: number, text: string): Note => ({
  folder: "rewritten",
  name: number,
  text: text.padEnd(TEXT_LENGTH),
});

/** The first turn is the one before all others. */
export function rowsOf(turn: number): readonly Note[] {
  if (turn === 0) return Array.from({ length: ROWS }, (_, number) => rowAt(number, "before"));
  const chance = new Seeded(turn);
  return Array.from({ length: ROWS_A_TURN }, () => rowAt(chance.below(2 * ROWS), `turn ${turn}`));
}

export const textsOf = (rows: readonly Note[]): Record<string, string> =>
  Object.fromEntries(rows.map(({ name, text }) => [name, String(text).trimEnd()]));
