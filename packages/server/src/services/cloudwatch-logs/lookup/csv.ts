/** Tables as texts: values with commas between them, in quotation marks where they have commas, marks or ends of lines. Source: https://www.rfc-editor.org/rfc/rfc4180 */

export type Line = readonly string[];

/** A value, and where what is behind it begins. */
interface Taken {
  readonly value: string;
  readonly end: number;
}

/** `undefined`: it is none. An end of line behind the last line begins no other. */
export function readCsv(text: string): readonly Line[] | undefined {
  const lines: Line[] = [];
  for (let at = 0; at < text.length;) {
    const read = lineAt(text, at);
    if (read === undefined) return undefined;
    lines.push(read.line);
    at = read.end;
  }
  return lines;
}

function lineAt(text: string, start: number): { readonly line: Line; readonly end: number } | undefined {
  const line: string[] = [];
  for (let at = start; ;) {
    const taken = text[at] === '"' ? quotedAt(text, at) : plainAt(text, at);
    const separator = taken && separatorAt(text, taken.end);
    if (separator === undefined) return undefined;
    line.push(taken?.value ?? "");
    at = (taken?.end ?? at) + separator.length;
    if (separator !== ",") return { line, end: at };
  }
}

function plainAt(text: string, at: number): Taken | undefined {
  let end = at;
  while (end < text.length && separatorAt(text, end) === undefined) end += 1;
  const value = text.slice(at, end);
  return value.includes('"') ? undefined : { value, end };
}

/** Two marks in it stand for one. */
function quotedAt(text: string, at: number): Taken | undefined {
  for (let end = text.indexOf('"', at + 1); end >= 0; end = text.indexOf('"', end + 2)) {
    if (text[end + 1] !== '"') return { value: text.slice(at + 1, end).replaceAll('""', '"'), end: end + 1 };
  }
  return undefined;
}

/** Empty at the end of the text; `undefined`: something else is there. */
function separatorAt(text: string, at: number): string | undefined {
  if (at === text.length) return "";
  if (text[at] === "," || text[at] === "\n") return text[at];
  return text.startsWith("\r\n", at) ? "\r\n" : undefined;
}
