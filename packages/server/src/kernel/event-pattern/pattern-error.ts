/** Why a text is no event pattern, in AWS's words. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** How much of the text is shown. */
const SHOWN_CHARACTERS_MAX = 500;

/** Where in `text` reading came to a stop, behind a reason. */
export const placeOf = (text: string, at: number, named?: string): string => `\n at ${locationOf(text, at, named)}`;

/** Lines and columns count from one; what is around all of it is at -1. The text is shown where it has no name. */
export function locationOf(text: string, at: number, named = quoted(text)): string {
  const before = text.slice(0, Math.max(at, 0)).split("\n");
  const column = (before.at(-1)?.length ?? 0) + (at < 0 ? 0 : 1);
  return `[Source: ${named}; line: ${before.length}, column: ${column}]`;
}

function quoted(text: string): string {
  const shown = text.slice(0, SHOWN_CHARACTERS_MAX);
  const more = text.length - shown.length;
  return `(String)"${shown}"${more > 0 ? `[truncated ${more} chars]` : ""}`;
}
