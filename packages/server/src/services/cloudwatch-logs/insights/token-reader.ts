import type { AwsError } from "../../../kernel/aws-error.ts";
import { malformedQuery } from "../errors.ts";
import { tokensOf, type Token, type TokenKind } from "./token.ts";

/** How deep an expression may go. */
const DEPTH_MAX = 200;

/** Goes through the words of a query, one after the other. */
export class TokenReader {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = tokensOf(text);
  }

  get next(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)] ?? END;
  }

  /** Where what was read last ended. */
  get lastEnd(): number {
    return this.#tokens[this.#at - 1]?.end ?? 0;
  }

  /** The next word, if it is of that kind. */
  take(kind: TokenKind): Token | undefined {
    const { next } = this;
    if (next.kind !== kind) return undefined;
    this.#at += 1;
    return next;
  }

  /** Goes past a sign, or a word in any case, if it comes next. */
  takeText(...texts: readonly string[]): boolean {
    const { next } = this;
    if (next.kind !== "sign" && next.kind !== "word") return false;
    if (!texts.includes(next.text.toLowerCase())) return false;
    this.#at += 1;
    return true;
  }

  /** @throws {AwsError} `MalformedQueryException` */
  expect(kind: TokenKind): Token {
    const token = this.take(kind);
    if (token === undefined) throw this.unexpected();
    return token;
  }

  /** @throws {AwsError} `MalformedQueryException` */
  expectText(text: string): void {
    if (!this.takeText(text)) throw this.unexpected();
  }

  unexpected({ kind, text, at, end }: Token = this.next): AwsError {
    const what = kind === "end" ? "unexpected end of the query" : `unexpected symbol found ${text}`;
    return malformedQuery(what, at, end);
  }

  /** @throws {AwsError} `MalformedQueryException` where it goes too deep */
  deeper<Read>(read: () => Read): Read {
    if (this.#depth >= DEPTH_MAX) throw malformedQuery("the query is nested too deeply", this.next.at, this.next.end);
    this.#depth += 1;
    const found = read();
    this.#depth -= 1;
    return found;
  }
}

const END: Token = { kind: "end", text: "", at: 0, end: 0 };
