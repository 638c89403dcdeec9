/**
 * JSON that knows where it stood: AWS names the place where its parser was when it refused a filter policy, which reads a
 * value's beginning together with the name before it, and a text's end only when it is looked at.
 */
import { findOwn } from "../../../kernel/lookup.ts";

export type Json =
  | { readonly kind: "object"; readonly members: readonly Member[]; readonly at: Place; readonly end: Place }
  | { readonly kind: "array"; readonly items: readonly Json[]; readonly at: Place; readonly end: Place }
  | { readonly kind: "string"; readonly text: string; readonly at: Place; readonly end: Place }
  | { readonly kind: "number"; readonly value: number; readonly text: string; readonly at: Place; readonly end: Place }
  | { readonly kind: "literal"; readonly value: boolean | null; readonly at: Place; readonly end: Place };

interface Member {
  readonly name: string;
  readonly value: Json;
}

/** How many characters are read. */
export type Place = number;

/** Why a text is no JSON, in Jackson's words. */
export class JsonProblem extends Error {
  override readonly name = "JsonProblem";
  readonly place: Place;
  constructor(message: string, place: Place) {
    super(message);
    this.place = place;
  }
}

const DEPTH_MAX = 100;

/** @throws {JsonProblem} */
export function readJson(text: string): Json {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

/** `line: 1, column: 8`, behind so many characters. */
export function placeIn(text: string, place: Place): string {
  const lines = text.slice(0, place).split("\n");
  return `line: ${lines.length}, column: ${(lines.at(-1)?.length ?? 0) + 1}`;
}

const SOURCE = "REDACTED (`StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION` disabled)";

/** As AWS says that a text is no JSON. */
export const unparsed = (text: string, { message, place }: JsonProblem): string =>
  `failed to parse JSON. ${message}\n at [Source: ${SOURCE}; ${placeIn(text, place)}]`;

const LITERALS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null };
const EXPECTED = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

class Reader {
  readonly #text: string;
  #read = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Json {
    if (depth > DEPTH_MAX) throw new JsonProblem("Document nesting depth exceeds the maximum allowed", this.#read);
    this.#skip();
    const first = this.#text[this.#read];
    if (first === undefined) throw new JsonProblem("Unexpected end-of-input", this.#read);
    if (first === "{") return this.#object(depth);
    if (first === "[") return this.#array(depth);
    if (first === '"') return this.#string();
    return /[-\d]/.test(first) ? this.#number() : this.#literal();
  }

  end(): void {
    this.#skip();
    if (this.#read < this.#text.length) throw this.#unexpected("Expected end of input");
  }

  #object(depth: number): Json {
    const at = ++this.#read;
    const members: Member[] = [];
    for (this.#skip(); this.#text[this.#read] !== "}"; this.#skip()) {
      if (members.length > 0) this.#comma("Object");
      if (this.#text[this.#read] !== '"') throw this.#unexpected("was expecting double-quote to start field name");
      const name = this.#stringText();
      this.#skip();
      if (this.#text[this.#read] !== ":")
        throw this.#unexpected("was expecting a colon to separate field name and value");
      this.#read++;
      members.push({ name, value: this.value(depth + 1) });
    }
    return { kind: "object", members, at, end: ++this.#read };
  }

  #array(depth: number): Json {
    const at = ++this.#read;
    const items: Json[] = [];
    for (this.#skip(); this.#text[this.#read] !== "]"; this.#skip()) {
      if (items.length > 0) this.#comma("Array");
      items.push(this.value(depth + 1));
    }
    return { kind: "array", items, at, end: ++this.#read };
  }

  #comma(of: "Array" | "Object"): void {
    if (this.#text[this.#read] !== ",") throw this.#unexpected(`was expecting comma to separate ${of} entries`);
    this.#read++;
    this.#skip();
  }

  #string(): Json {
    const at = this.#read + 1;
    const text = this.#stringText();
    return { kind: "string", text, at, end: this.#read };
  }

  #stringText(): string {
    const found = /"(?:[^"\\]|\\.)*"/sy;
    found.lastIndex = this.#read;
    const quoted = found.exec(this.#text)?.[0];
    if (quoted === undefined)
      throw new JsonProblem(
        "Unexpected end-of-input: was expecting closing quote for a string value",
        this.#text.length,
      );
    try {
      const text: unknown = JSON.parse(quoted);
      this.#read += quoted.length;
      return String(text);
    } catch {
      throw new JsonProblem("Illegal character in a string value", this.#read + 1);
    }
  }

  #number(): Json {
    const found = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
    found.lastIndex = this.#read;
    const text = found.exec(this.#text)?.[0];
    if (text === undefined) throw this.#unexpected("Expected a number");
    this.#read += text.length;
    return { kind: "number", value: Number(text), text, at: this.#read, end: this.#read };
  }

  #literal(): Json {
    const found = /[\w$]+/y;
    found.lastIndex = this.#read;
    const word = found.exec(this.#text)?.[0];
    if (word === undefined) throw this.#unexpected(`expected a valid value ${EXPECTED}`);
    this.#read += word.length;
    const value = findOwn(LITERALS, word);
    if (value === undefined)
      throw new JsonProblem(`Unrecognized token '${word}': was expecting ${EXPECTED}`, this.#read);
    return { kind: "literal", value, at: this.#read, end: this.#read };
  }

  #skip(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#read] ?? "")) this.#read++;
  }

  #unexpected(expected: string): JsonProblem {
    const character = this.#text[this.#read];
    if (character === undefined) return new JsonProblem("Unexpected end-of-input", this.#read);
    const shown = `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): ${expected}`;
    return new JsonProblem(shown, this.#read);
  }
}
