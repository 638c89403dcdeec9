/** Deeper texts are no JSON to most readers. Source: https://github.com/FasterXML/jackson-core/wiki (StreamReadConstraints: 1,000) */
const DEPTH_MAX = 1000;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/** The value of a text of users', not deeper than one may walk through. @throws {SyntaxError}, or what `parse` does */
export function parseBounded(text: string, parse: (text: string) => unknown = JSON.parse): unknown {
  const value = parse(text);
  // what is short cannot be deep
  if (text.length > DEPTH_MAX && depthOf(text) > DEPTH_MAX) throw new SyntaxError("it is nested too deep");
  return value;
}

/** Of valid JSON. */
function depthOf(text: string): number {
  let [depth, deepest] = [0, 0];
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfText(text, at);
    else if (OPENING.has(code)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(code)) depth--;
  }
  return deepest;
}

function endOfText(text: string, start: number): number {
  let at = start + 1;
  while (text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}
