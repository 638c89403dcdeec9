/** Why a text is no event pattern, in AWS's words. */
export class PatternError extends Error {
  override readonly name = "PatternError";
}

/** How much of the text is shown. */
const SHOWN_CHARACTERS_MAX = 500;

/** Where in `text` reading came to a stop: lines and columns count from one. */
export function placeOf(text: string, at: number): string {
  const before = text.slice(0, at).split("\n");
  const shown = text.slice(0, SHOWN_CHARACTERS_MAX);
  const more = text.length - shown.length;
  const source = `"${shown}"${more > 0 ? `[truncated ${more} chars]` : ""}`;
  return `\n at [Source: (String)${source}; line: ${before.length}, column: ${(before.at(-1)?.length ?? 0) + 1}]`;
}
