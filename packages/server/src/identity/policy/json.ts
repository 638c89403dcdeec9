/**
 * JSON with places. Policies are read with this reader and not with `JSON.parse` because every
 * explanation names a line, a key given twice has to be seen, and numbers keep their spelling.
 */
import { findOwn } from "../../kernel/lookup.ts";
import type { Span } from "./source.ts";

export type JsonNode = JsonObject | JsonArray | JsonString | JsonLiteral;

export interface JsonString extends Span {
  readonly kind: "string";
  readonly text: string;
}

/** A number, a boolean or null; `text` as it is spelled. */
export interface JsonLiteral extends Span {
  readonly kind: "number" | "boolean" | "null";
  readonly text: string;
}

export interface JsonArray extends Span {
  readonly kind: "array";
  readonly items: readonly JsonNode[];
}

export interface JsonMember {
  readonly name: string;
  readonly nameSpan: Span;
  readonly value: JsonNode;
}

export interface JsonObject extends Span {
  readonly kind: "object";
  /** In the order written, names given twice included. */
  readonly members: readonly JsonMember[];
}

/** The text is not JSON, or nested deeper than any policy is. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A policy nests five deep; what goes far beyond is an attack on the stack. */
export const JSON_DEPTH_MAX = 32;

/** @throws {JsonError} */
export function readJson(text: string): JsonNode {
  const reader = new Reader(text);
  const node = reader.value(0);
  reader.end();
  return node;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// oxlint-disable-next-line no-control-regex -- JSON forbids just these characters inside strings
const PLAIN_TEXT = /[^"\\\u0000-\u001f]*/y;
const WORD = /true|false|null/y;
const SPACE = /[ \t\r\n]*/y;

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): JsonNode {
    if (depth > JSON_DEPTH_MAX) throw new JsonError("nested too deeply", this.#at);
    this.#take(SPACE);
    const mark = this.#text[this.#at];
    if (mark === "{") return this.#object(depth);
    if (mark === "[") return this.#array(depth);
    return mark === '"' ? this.#string() : this.#literal();
  }

  end(): void {
    this.#take(SPACE);
    if (this.#at < this.#text.length) throw new JsonError("text behind the end", this.#at);
  }

  #object(depth: number): JsonObject {
    const start = this.#at++;
    const members: JsonMember[] = [];
    if (this.#closes("}")) return { kind: "object", members, start, end: this.#at };
    do {
      this.#take(SPACE);
      const name = this.#string();
      this.#expect(":");
      members.push({ name: name.text, nameSpan: { start: name.start, end: name.end }, value: this.value(depth + 1) });
    } while (this.#closes(","));
    this.#expect("}");
    return { kind: "object", members, start, end: this.#at };
  }

  #array(depth: number): JsonArray {
    const start = this.#at++;
    const items: JsonNode[] = [];
    if (this.#closes("]")) return { kind: "array", items, start, end: this.#at };
    do items.push(this.value(depth + 1));
    while (this.#closes(","));
    this.#expect("]");
    return { kind: "array", items, start, end: this.#at };
  }

  #string(): JsonString {
    const start = this.#at;
    this.#expect('"');
    let text = this.#take(PLAIN_TEXT);
    while (this.#text[this.#at] === "\\") text += this.#escape() + this.#take(PLAIN_TEXT);
    if (this.#text[this.#at] !== '"') throw new JsonError("a string that does not end", this.#at);
    this.#at++;
    return { kind: "string", text, start, end: this.#at };
  }

  #escape(): string {
    const mark = this.#text[this.#at + 1] ?? "";
    if (mark === "u") {
      const digits = this.#text.slice(this.#at + 2, this.#at + 6);
      if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonError("an escape that is none", this.#at);
      this.#at += 6;
      return String.fromCharCode(Number.parseInt(digits, 16));
    }
    const plain = findOwn(ESCAPES, mark);
    if (plain === undefined) throw new JsonError("an escape that is none", this.#at);
    this.#at += 2;
    return plain;
  }

  #literal(): JsonLiteral {
    const start = this.#at;
    const word = this.#take(WORD);
    if (word !== "") return { kind: word === "null" ? "null" : "boolean", text: word, start, end: this.#at };
    const number = this.#take(NUMBER);
    if (number === "") throw new JsonError("no value", this.#at);
    return { kind: "number", text: number, start, end: this.#at };
  }

  /** What `pattern`, a sticky one, finds here; nothing where it finds nothing. */
  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #closes(mark: string): boolean {
    this.#take(SPACE);
    if (this.#text[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #expect(mark: string): void {
    if (!this.#closes(mark)) throw new JsonError(`\`${mark}\` is missing`, this.#at);
  }
}
