/** The words of a query. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-select-sql-reference.html */
import { invalidCharacter } from "./errors.ts";

export interface Token {
  readonly kind: "word" | "name" | "text" | "number" | "sign" | "end";
  /** A word in capitals is in `upper`; names in quotes keep their case. */
  readonly text: string;
  readonly upper: string;
  /** From one. */
  readonly at: number;
}

const PATTERN =
  /\s+|--[^\n]*|(?<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|(?<word>[A-Za-z_][A-Za-z0-9_$]*)|'(?<text>(?:[^']|'')*)'|"(?<name>(?:[^"]|"")*)"|(?<sign><=|>=|<>|!=|\|\||[-+*/%=<>(),.[\]])/y;

/** @throws {AwsError} `LexerInvalidChar` */
export function tokensOf(query: string): readonly Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(PATTERN);
  while (pattern.lastIndex < query.length) {
    const start = pattern.lastIndex;
    const match = pattern.exec(query);
    if (match === null) throw invalidCharacter({ at: start + 1, text: query.charAt(start) });
    const token = tokenOf(match.groups ?? {}, start + 1);
    if (token) tokens.push(token);
  }
  return [...tokens, { kind: "end", text: "", upper: "", at: query.length + 1 }];
}

function tokenOf(groups: Readonly<Record<string, string | undefined>>, at: number): Token | undefined {
  for (const kind of ["number", "word", "text", "name", "sign"] as const) {
    const found = groups[kind];
    if (found === undefined) continue;
    const quote = kind === "text" ? "'" : '"';
    const text = kind === "text" || kind === "name" ? found.replaceAll(quote + quote, quote) : found;
    return { kind, text, upper: kind === "word" ? text.toUpperCase() : text, at };
  }
  return undefined;
}
