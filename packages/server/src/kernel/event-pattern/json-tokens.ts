/**
 * The tokens of a JSON text, one after the other. AWS's refusals of patterns say how far the text was read, so this reads
 * as far as AWS does: up to the first character of a value that follows a name, and through all of it if it is a number.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/events/test_events_patterns.snapshot.json
 * (recorded answers), https://github.com/aws/event-ruler (AWS's own reader of patterns, run beside this one)
 */
import { locationOf, PatternError, placeOf } from "./pattern-error.ts";

export type TokenKind = "{" | "}" | "[" | "]" | "name" | "string" | "number" | "true" | "false" | "null" | "end";

const PUNCTUATION: ReadonlyMap<string, TokenKind> = new Map([
  ["{", "{"],
  ["}", "}"],
  ["[", "["],
  ["]", "]"],
]);
const WORDS: ReadonlyMap<string, TokenKind> = new Map([
  ["true", "true"],
  ["false", "false"],
  ["null", "null"],
]);
const CLOSED_BY = { "{": "}", "[": "]" } as const;
const KINDS = { "{": "Object", "[": "Array" } as const;
const NESTED_MAX = 1000;
const NUMBER_CHARACTERS_MAX = 1000;

export class JsonTokens {
  /** Of the token that was read last: a name, a string's value, a number as it is written. */
  text = "";
  readonly #source: string;
  readonly #named: string | undefined;
  #at = 0;
  /** The string that begins here has not been looked at. */
  #string: { readonly at: number } | undefined;
  /** What stands behind a name. */
  #behindName: TokenKind | undefined;
  #behindText = "";
  readonly #open: { readonly kind: "{" | "["; readonly at: number }[] = [];
  #isFirst = true;

  /** `named`: what refusals call the text instead of showing it. */
  constructor(source: string, named?: string) {
    this.#source = source;
    this.#named = named;
  }

  /** @throws {PatternError} where the text is no JSON. */
  next(): TokenKind {
    if (this.#behindName !== undefined) {
      const kind = this.#behindName;
      this.#behindName = undefined;
      this.text = this.#behindText;
      return this.#entered(kind);
    }
    this.#finishString();
    if (this.#separated()) return this.#entered(this.#close());
    if (this.#open.at(-1)?.kind !== "{") return this.#entered(this.#value());
    return this.#name();
  }

  /** The value of the string that was read last. */
  string(): string {
    this.#finishString();
    return this.text;
  }

  /** @throws {PatternError} `reason`, with how far the text was read. */
  refuse(reason: string): never {
    throw this.refusal(reason);
  }

  refusal(reason: string): PatternError {
    return new PatternError(reason + placeOf(this.#source, this.#at, this.#named));
  }

  #entered(kind: TokenKind): TokenKind {
    if (kind === "{" || kind === "[") {
      if (this.#open.length >= NESTED_MAX) this.refuse("Document nesting depth is too large");
      this.#open.push({ kind, at: this.#at - 1 });
      this.#isFirst = true;
    } else if (kind === "}" || kind === "]") {
      this.#open.pop();
      this.#isFirst = false;
    }
    return kind;
  }

  /** Takes the comma, where there has to be one. Whether what is open ends here. */
  #separated(): boolean {
    this.#skipBlanks();
    const open = this.#open.at(-1);
    const character = this.#source[this.#at];
    if (character === "}" || character === "]") {
      if (open !== undefined && character === CLOSED_BY[open.kind]) return true;
      this.#unclosed(character);
    }
    if (open === undefined) return false;
    if (this.#isFirst) {
      this.#isFirst = false;
      if (character === undefined) this.#endOfInput();
      return false;
    }
    if (character === undefined) this.#endOfInput();
    if (character !== ",") this.#unexpected(`was expecting comma to separate ${KINDS[open.kind]} entries`);
    this.#at += 1;
    this.#skipBlanksWithin();
    return false;
  }

  #close(): TokenKind {
    const kind = PUNCTUATION.get(this.#source[this.#at] ?? "");
    this.#at += 1;
    return kind ?? "end";
  }

  #name(): TokenKind {
    if (this.#source[this.#at] !== '"') this.#unexpected("was expecting double-quote to start field name");
    this.#at += 1;
    this.#string = { at: this.#at };
    this.#finishString(" in field name");
    const name = this.text;
    this.#skipBlanksWithin();
    if (this.#source[this.#at] !== ":") this.#unexpected("was expecting a colon to separate field name and value");
    this.#at += 1;
    this.#skipBlanksWithin();
    this.#behindName = this.#value();
    this.#behindText = this.text;
    this.text = name;
    return "name";
  }

  #value(): TokenKind {
    const character = this.#source[this.#at] ?? "";
    const punctuation = character === "{" || character === "[" ? PUNCTUATION.get(character) : undefined;
    if (punctuation !== undefined) {
      this.#at += 1;
      return punctuation;
    }
    if (character === '"') {
      this.#at += 1;
      this.#string = { at: this.#at };
      return "string";
    }
    const rest = this.#source.slice(this.#at, this.#at + NUMBER_CHARACTERS_MAX);
    const [number] = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/.exec(rest) ?? [];
    if (number === undefined) return this.#word();
    if (/^-?0\d/.test(rest)) {
      this.#at += number.length;
      this.refuse("Invalid numeric value: Leading zeroes not allowed");
    }
    return this.#take(number, "number");
  }

  #word(): TokenKind {
    const [word = ""] = /^[\p{L}\p{N}_$]*/u.exec(this.#source.slice(this.#at)) ?? [];
    const kind = WORDS.get(word);
    if (kind !== undefined) return this.#take(word, kind);
    if (word !== "") {
      this.#at += word.length;
      this.refuse(`Unrecognized token '${word}': was expecting ${VALUES}`);
    }
    if (this.#source[this.#at] === "}") this.#unexpected("expected a value");
    if (this.#at < this.#source.length) this.#unexpected(`expected a valid value ${VALUES}`);
    return "end";
  }

  #take(text: string, kind: TokenKind): TokenKind {
    this.#at += text.length;
    this.text = text;
    return kind;
  }

  #finishString(unended = ": was expecting closing quote for a string value"): void {
    if (this.#string === undefined) return;
    const { at } = this.#string;
    this.#string = undefined;
    const [raw] = /(?:[^"\\]|\\.)*/sy.exec(this.#source.slice(at)) ?? [""];
    this.#at = at + raw.length;
    if (this.#source[this.#at] !== '"') this.refuse(`Unexpected end-of-input${unended}`);
    this.#at += 1;
    try {
      this.text = String(JSON.parse(`"${raw}"`));
    } catch {
      this.refuse("Illegal character in VALUE_STRING");
    }
    if (this.#behindName === "string") this.#behindText = this.text;
  }

  #skipBlanks(): void {
    while (/[ \t\r\n]/.test(this.#source[this.#at] ?? "")) this.#at += 1;
  }

  /** Where more has to follow. */
  #skipBlanksWithin(): void {
    this.#skipBlanks();
    const { kind = "{" } = this.#open.at(-1) ?? {};
    if (this.#at >= this.#source.length) this.refuse(`Unexpected end-of-input within/between ${KINDS[kind]} entries`);
  }

  #unexpected(why: string): never {
    const character = this.#source[this.#at] ?? "";
    return this.refuse(`Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${why}`);
  }

  /** Something else is open, or nothing is. */
  #unclosed(marker: "}" | "]"): never {
    const { kind, at } = this.#open.at(-1) ?? { kind: undefined, at: -1 };
    const start = `(for ${kind === undefined ? "root" : KINDS[kind]} starting at ${locationOf(this.#source, at, this.#named)})`;
    return this.refuse(`Unexpected close marker '${marker}': expected '${marker === "}" ? "]" : "}"}' ${start}`);
  }

  #endOfInput(): never {
    const { kind, at } = this.#open.at(-1) ?? { kind: "{", at: 0 };
    const start = `(start marker at ${locationOf(this.#source, at, this.#named)})`;
    return this.refuse(`Unexpected end-of-input: expected close marker for ${KINDS[kind]} ${start}`);
  }
}

const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";
