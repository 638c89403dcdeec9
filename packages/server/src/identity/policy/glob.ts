/** Texts with `*` (any run of characters) and `?` (any one), matched in time linear in both for usual patterns. */

/** A wildcard, or a character that stands for itself. */
const MANY = -1;
const ONE = -2;

/** What a pattern is put together from: texts that mean themselves, and wildcards. */
export type GlobPiece = { readonly literal: string } | "*" | "?";

export interface Glob {
  readonly test: (text: string) => boolean;
  /** What every match begins with. */
  readonly head: string;
  /** `exact`: only the head itself matches; `prefix`: whatever begins with it; `pattern`: not all of that. */
  readonly reach: "exact" | "prefix" | "pattern";
}

/** `text` with its wildcards. */
export function globPieces(text: string): GlobPiece[] {
  return text
    .split(/([*?])/)
    .filter((part) => part !== "")
    .map((part) => (part === "*" || part === "?" ? part : { literal: part }));
}

export function parseGlob(text: string): Glob {
  return makeGlob(globPieces(text));
}

export function makeGlob(pieces: readonly GlobPiece[]): Glob {
  const head = headOf(pieces);
  const wild = pieces.findIndex((piece) => typeof piece === "string");
  if (wild === -1) return { head, reach: "exact", test: (text) => text === head };
  if (wild === pieces.length - 1 && pieces[wild] === "*") {
    return { head, reach: "prefix", test: head === "" ? () => true : (text) => text.startsWith(head) };
  }
  const units = unitsOf(pieces);
  return { head, reach: "pattern", test: (text) => matches(units, text) };
}

function headOf(pieces: readonly GlobPiece[]): string {
  let head = "";
  for (const piece of pieces) {
    if (typeof piece === "string") break;
    head += piece.literal;
  }
  return head;
}

function unitsOf(pieces: readonly GlobPiece[]): readonly number[] {
  const units: number[] = [];
  for (const piece of pieces) {
    if (piece === "?") units.push(ONE);
    else if (piece === "*") {
      if (units.at(-1) !== MANY) units.push(MANY);
    } else for (let at = 0; at < piece.literal.length; at++) units.push(piece.literal.charCodeAt(at));
  }
  return units;
}

/**
 * On a mismatch only the last `*` is tried again, one character further: an earlier one need never
 * be, so the cost is at the most the product of both lengths, whatever the pattern.
 */
function matches(units: readonly number[], text: string): boolean {
  let unit = 0;
  let at = 0;
  let resumeUnit = -1;
  let resumeAt = 0;
  while (at < text.length) {
    const wanted = units[unit];
    if (wanted === MANY) {
      resumeUnit = ++unit;
      resumeAt = at;
    } else if (wanted === ONE || wanted === text.charCodeAt(at)) {
      unit++;
      at++;
    } else if (resumeUnit !== -1) {
      unit = resumeUnit;
      at = ++resumeAt;
    } else {
      return false;
    }
  }
  while (units[unit] === MANY) unit++;
  return unit === units.length;
}
