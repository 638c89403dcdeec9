/** Reads what structured patterns are made of. */
import { patternInvalid } from "./errors.ts";
import type { Literal, Operator } from "./comparison.ts";

const OPERATOR = /!=|>=|<=|=|<|>/y;
const QUOTED = /"((?:[^"\\]|\\.)*)"/sy;
const REGEX = /%((?:[^%\\]|\\.)+)%/sy;
const SPACE = /\s*/y;

export class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get isAtEnd(): boolean {
    this.#skip(SPACE);
    return this.#at >= this.#text.length;
  }

  /** Goes past `word` if it comes next. */
  take(word: string): boolean {
    this.#skip(SPACE);
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** The same for a word of letters, in any case. */
  takeWord(word: string): boolean {
    return this.read(new RegExp(`${word}\\b`, "iy")) !== undefined;
  }

  /** @throws {AwsError} `InvalidParameterException` where something else comes next */
  expect(word: string): void {
    if (!this.take(word)) throw patternInvalid();
  }

  /** What a sticky expression finds next: its first group, or all of it. */
  read(expression: RegExp): string | undefined {
    this.#skip(SPACE);
    const sticky = new RegExp(expression);
    sticky.lastIndex = this.#at;
    const match = sticky.exec(this.#text);
    if (match === null) return undefined;
    this.#at = sticky.lastIndex;
    return match[1] ?? match[0];
  }

  operator(): Operator | undefined {
    const found = this.read(OPERATOR);
    return OPERATORS.find((one) => one === found);
  }

  /** A text in quotes, an expression between percent signs, or what `bare` finds. */
  literal(bare: RegExp): Literal {
    const quoted = this.read(QUOTED);
    if (quoted !== undefined) {
      return { kind: "text", text: quoted === '""' ? "" : quoted.replaceAll(/\\(.)/gs, "$1") };
    }
    const regex = this.read(REGEX);
    if (regex !== undefined) return { kind: "regex", text: regex };
    const text = this.read(bare);
    if (text === undefined || text === "") throw patternInvalid();
    return { kind: "bare", text };
  }

  #skip(expression: RegExp): void {
    const sticky = new RegExp(expression);
    sticky.lastIndex = this.#at;
    sticky.exec(this.#text);
    this.#at = sticky.lastIndex;
  }
}

const OPERATORS: readonly Operator[] = ["=", "!=", "<", "<=", ">", ">="];
