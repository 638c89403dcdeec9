/** Lists as comma-separated values. Source: https://www.rfc-editor.org/rfc/rfc4180 */

/** In quotes, or as it stands. What has quotes within or none at its end stands as it is: each character is looked at once. */
const FIELD = /(?:"([^"]*(?:""[^"]*)*)"(?=,|\r?\n|$)|([^,\r\n]*(?:\r(?!\n)[^,\r\n]*)*))(,|\r?\n|$)/gy;

/** The fields of each line that is not empty. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const lines: string[][] = [];
  let fields: string[] = [];
  for (const [, quoted, bare = "", stop] of text.matchAll(FIELD)) {
    fields.push(quoted === undefined ? bare : quoted.replaceAll('""', '"'));
    if (stop === ",") continue;
    if (fields.some((field) => field !== "")) lines.push(fields);
    fields = [];
  }
  return lines;
}

/** A key as lists have it. */
export const encodeKey = (key: string): string => encodeURIComponent(key).replaceAll("%2F", "/");
