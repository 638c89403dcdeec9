/** The words that a statement is made of. */
import { statementInvalid } from "../errors.ts";

export type TokenKind = "word" | "quoted" | "text" | "number" | "sign" | "end";

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Token extends Place {
  readonly kind: TokenKind;
  readonly text: string;
}

const SKIPPED = /(?:\s+|--[^\n]*|\/\*[^]*?\*\/)*/y;

const FORMS: readonly (readonly [TokenKind, RegExp])[] = [
  // ids of event data stores stand without quotes
  ["quoted", /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\b/iy],
  ["quoted", /"((?:[^"]|"")*)"/y],
  ["text", /'((?:[^']|'')*)'/y],
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy],
  ["word", /[a-z_][\w$]*/iy],
  ["sign", /->|<>|<=|>=|!=|\|\||[-+*/%=<>()[\],.;]/y],
];

export const placeOf = ({ line, column }: Place): Place => ({ line, column });

/** `line 1:8` */
export const said = ({ line, column }: Place, what: string) => statementInvalid(`line ${line}:${column}: ${what}`);

/** The last one says that nothing comes any more. @throws {AwsError} `InvalidQueryStatementException` */
export function tokensOf(text: string): readonly Token[] {
  const places = new Places(text);
  const tokens: Token[] = [];
  let at = matchEnd(SKIPPED, text, 0);
  while (at < text.length) {
    const { token, end } = nextToken(text, at, places.of(at));
    tokens.push(token);
    at = matchEnd(SKIPPED, text, end);
  }
  return [...tokens, { kind: "end", text: "<EOF>", ...places.of(text.length) }];
}

function nextToken(text: string, at: number, place: Place): { readonly token: Token; readonly end: number } {
  for (const [kind, form] of FORMS) {
    const sticky = new RegExp(form);
    sticky.lastIndex = at;
    const match = sticky.exec(text);
    if (match === null) continue;
    const [whole, inner] = match;
    return {
      token: { kind, text: inner === undefined ? whole : unquoted(kind, inner), ...place },
      end: at + whole.length,
    };
  }
  throw said(place, `mismatched input '${text.slice(at, at + 1)}'`);
}

const unquoted = (kind: TokenKind, inner: string): string =>
  kind === "text" ? inner.replaceAll("''", "'") : inner.replaceAll('""', '"');

function matchEnd(form: RegExp, text: string, at: number): number {
  const sticky = new RegExp(form);
  sticky.lastIndex = at;
  sticky.exec(text);
  return Math.max(sticky.lastIndex, at);
}

/** Lines and columns of places that come one after the other. */
class Places {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #start = 0;

  constructor(text: string) {
    this.#text = text;
  }

  of(at: number): Place {
    for (; this.#at < at; this.#at += 1) {
      if (this.#text[this.#at] !== "\n") continue;
      this.#line += 1;
      this.#start = this.#at + 1;
    }
    return { line: this.#line, column: at - this.#start + 1 };
  }
}
