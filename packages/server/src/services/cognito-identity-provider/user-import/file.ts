/**
 * The form of a file of users: lines of values with commas between them, no quotation marks, and a backslash before a
 * comma that is part of a value.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool-csv-header.html
 */

export const LINE_LENGTH_MAX = 16_000;
/** Without the header. */
export const LINES_MAX = 500_000;

/** The values of one line, without the white space around them. */
export const valuesIn = (line: string): readonly string[] =>
  line.split(/(?<!\\),/).map((value) => value.replaceAll("\\,", ",").trim());

export interface Piece {
  readonly lines: readonly string[];
  /** How many bytes they and their ends take. */
  readonly bytes: number;
}

/**
 * The first lines of `bytes`, as many as are whole.
 * @param isLast whether nothing comes after `bytes`, so that the last line needs no end
 */
export function linesIn(bytes: Uint8Array, { isLast, max }: { readonly isLast: boolean; readonly max: number }): Piece {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const lines: string[] = [];
  let start = 0;
  while (lines.length < max && start < text.length) {
    const end = text.indexOf("\n", start);
    if (end < 0 && !isLast) break;
    lines.push(text.toString("utf8", start, end < 0 ? text.length : end).replace(/\r$/, ""));
    start = end < 0 ? text.length : end + 1;
  }
  return { lines, bytes: start };
}
