import type { AwsError } from "../../../../kernel/aws-error.ts";
import { said, tokensOf, type Token, type TokenKind } from "./token.ts";

/** How deep a statement may be nested. */
const DEPTH_MAX = 100;

/** Words that are no names unless they are quoted. Source: https://trino.io/docs/current/language/reserved.html */
const RESERVED: ReadonlySet<string> = new Set(
  (
    "alter and as between by case cast constraint create cross current_date current_time current_timestamp deallocate " +
    "delete describe distinct drop else end escape except execute exists extract false for from full group having in " +
    "inner insert intersect into is join left like natural not null on or order outer prepare right select table then " +
    "true union unnest using values when where with"
  ).split(" "),
);

/** Goes through the words of a statement, one after the other. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly #end: Token;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#tokens = tokensOf(text);
    this.#end = this.#tokens.at(-1) ?? { kind: "end", text: "<EOF>", line: 1, column: 1 };
  }

  get next(): Token {
    return this.ahead(0);
  }

  ahead(by: number): Token {
    return this.#tokens[this.#at + by] ?? this.#end;
  }

  take(): Token {
    const { next } = this;
    this.#at += 1;
    return next;
  }

  /** The next one, if it is of that kind. */
  takeKind(kind: TokenKind): Token | undefined {
    return this.next.kind === kind ? this.take() : undefined;
  }

  isWord(word: string, by = 0): boolean {
    const { kind, text } = this.ahead(by);
    return kind === "word" && text.toLowerCase() === word;
  }

  isSign(sign: string, by = 0): boolean {
    const { kind, text } = this.ahead(by);
    return kind === "sign" && text === sign;
  }

  /** Goes past those words, if all of them come next. */
  takeWords(...words: readonly string[]): boolean {
    if (!words.every((word, by) => this.isWord(word, by))) return false;
    this.#at += words.length;
    return true;
  }

  takeSign(sign: string): boolean {
    if (!this.isSign(sign)) return false;
    this.#at += 1;
    return true;
  }

  /** @throws {AwsError} `InvalidQueryStatementException` */
  expectWords(...words: readonly string[]): void {
    if (!this.takeWords(...words)) throw this.unexpected(`'${words.join(" ").toUpperCase()}'`);
  }

  /** @throws {AwsError} `InvalidQueryStatementException` */
  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.unexpected(`'${sign}'`);
  }

  /** Whether a name comes next. */
  get isName(): boolean {
    const { kind, text } = this.next;
    return kind === "quoted" || (kind === "word" && !RESERVED.has(text.toLowerCase()));
  }

  /** @throws {AwsError} `InvalidQueryStatementException` */
  name(): Token {
    if (!this.isName) throw this.unexpected("<identifier>");
    return this.take();
  }

  unexpected(expected?: string): AwsError {
    const { next } = this;
    const wanted = expected === undefined ? "" : `. Expecting: ${expected}`;
    return said(next, `mismatched input '${next.text}'${wanted}`);
  }

  unsupported(what: string): AwsError {
    return said(this.next, `${what} are not supported`);
  }

  /** What may be parted by commas. */
  list<Item>(item: () => Item): Item[] {
    const items = [item()];
    while (this.takeSign(",")) items.push(item());
    return items;
  }

  /** @throws {AwsError} `InvalidQueryStatementException` where it goes too deep */
  deeper<Read>(read: () => Read): Read {
    if (this.#depth >= DEPTH_MAX) throw said(this.next, "the statement is nested too deeply");
    this.#depth += 1;
    const found = read();
    this.#depth -= 1;
    return found;
  }
}
