/** The words of a metric math expression. */
import { unquoted } from "../word.ts";

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "text"; readonly value: string; readonly at: number }
  | { readonly kind: "name"; readonly value: string; readonly at: number }
  | { readonly kind: "sign"; readonly value: string; readonly at: number };

type Kind = Token["kind"] | "space";

/** Each looks where it is told to. */
const patterns = (): readonly (readonly [Kind, RegExp])[] => [
  ["space", /\s+/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y],
  ["text", /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/y],
  ["name", /[A-Za-z_][A-Za-z0-9_]*/y],
  ["sign", /&&|\|\||==|!=|<=|>=|[-+*/^<>(),[\]]/y],
];

/** Thrown where a text is no expression. */
export class SyntaxFault extends Error {
  override readonly name = "SyntaxFault";
}

/** Thrown where AWS has a function that is not built. */
export class UnbuiltFault extends SyntaxFault {}

/** @throws {SyntaxFault} */
export function tokensOf(text: string): Token[] {
  const all = patterns();
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const [kind, word] = wordAt(text, at, all);
    if (kind !== "space") tokens.push(tokenOf(kind, word, at));
    at += word.length;
  }
  return tokens;
}

function wordAt(text: string, at: number, all: ReturnType<typeof patterns>): readonly [Kind, string] {
  for (const [kind, pattern] of all) {
    pattern.lastIndex = at;
    const word = pattern.exec(text)?.[0];
    if (word !== undefined) return [kind, word];
  }
  throw new SyntaxFault(`Unexpected character '${text[at] ?? ""}' at position ${at}`);
}

function tokenOf(kind: Token["kind"], word: string, at: number): Token {
  if (kind === "number") return { kind, value: Number(word), at };
  if (kind === "text") return { kind, value: unquoted(word), at };
  return { kind, value: word, at };
}
