/**
 * The values of a JSON file: one after the other, with whatever white space between them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_JSONInput.html
 */
import { jsonParsing, recordTooLong } from "./errors.ts";
import { JSON_DEPTH_MAX, RECORD_CHARACTERS_MAX } from "./limits.ts";
import type { Value } from "./value.ts";

export async function* jsonValues(text: AsyncIterable<string>): AsyncGenerator<Value> {
  const reader = new ValueReader();
  for await (const piece of text) yield* reader.read(piece);
  yield* reader.end();
}

/** Finds where values end: where no bracket and no quote is open. */
class ValueReader {
  #text = "";
  /** Up to here it was looked at. */
  #place = 0;
  #depth = 0;
  #isText = false;
  #isEscaped = false;
  /** Whether anything but white space was seen of the value. */
  #hasBegun = false;

  *read(piece: string): Generator<Value> {
    this.#text += piece;
    for (;;) {
      const end = this.#findEnd();
      if (end === undefined) break;
      yield this.#take(end);
    }
    if (this.#text.length > RECORD_CHARACTERS_MAX) throw recordTooLong();
  }

  *end(): Generator<Value> {
    if (this.#text.trim() !== "") yield this.#take(this.#text.length);
  }

  /** Where the first value ends for certain. */
  #findEnd(): number | undefined {
    for (; this.#place < this.#text.length; this.#place++) {
      const character = this.#text.charAt(this.#place);
      if (this.#isText ? this.#endsText(character) : this.#closes(character)) return ++this.#place;
      if (this.#isBehindWord(character)) return this.#place;
      this.#hasBegun ||= !/\s/.test(character);
    }
    return undefined;
  }

  /** Whether the last bracket is closed. @throws {AwsError} `JSONParsingError` where too many are open */
  #closes(character: string): boolean {
    if (character === '"') this.#isText = true;
    if (character === "{" || character === "[") this.#depth++;
    if (this.#depth > JSON_DEPTH_MAX) throw jsonParsing();
    return (character === "}" || character === "]") && --this.#depth === 0;
  }

  /** Whether a number, or a word such as `true`, has come to its end. */
  #isBehindWord(character: string): boolean {
    return this.#hasBegun && !this.#isText && this.#depth <= 0 && /\s/.test(character);
  }

  /** Whether a text ends that is a value of its own. */
  #endsText(character: string): boolean {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === "\\") this.#isEscaped = true;
    else if (character === '"') {
      this.#isText = false;
      return this.#depth === 0;
    }
    return false;
  }

  /** @throws {AwsError} `JSONParsingError`, `OverMaxRecordSize` */
  #take(end: number): Value {
    const text = this.#text.slice(0, end);
    this.#text = this.#text.slice(end);
    this.#place = 0;
    this.#hasBegun = false;
    if (text.length > RECORD_CHARACTERS_MAX) throw recordTooLong();
    try {
      const value: Value = JSON.parse(text);
      return value;
    } catch {
      throw jsonParsing();
    }
  }
}
