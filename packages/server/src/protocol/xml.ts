/**
 * XML as AWS uses it: elements, attributes, text. No document type, no entities but the five that
 * every parser knows and numbered characters, so that nothing can expand or be fetched.
 */
import { findOwn } from "../kernel/lookup.ts";
import { checkDepth, Malformed } from "./malformed.ts";

export interface XmlElement {
  /** Without prefix. */
  readonly name: string;
  /** With prefixes, as written. */
  readonly attributes: ReadonlyMap<string, string> | undefined;
  readonly children: readonly XmlElement[];
  /** All text directly inside, with character references resolved. */
  readonly text: string;
}

interface OpenElement {
  readonly tag: string;
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string> | undefined;
  readonly children: XmlElement[];
  text: string;
}

/** Of one document. */
const ELEMENTS_MAX = 500_000;

const NAME = /^[\p{L}_][\p{L}\p{N}_.-]*(?::[\p{L}_][\p{L}\p{N}_.-]*)?$/u;

/** @throws {Malformed} where `source` is not well-formed, or has a document type. */
export function parseXml(source: string): XmlElement {
  return new XmlReader(source).read();
}

class XmlReader {
  readonly #source: string;
  readonly #open: OpenElement[] = [];
  #at = 0;
  #elements = 0;
  #root: XmlElement | undefined;

  constructor(source: string) {
    this.#source = source.startsWith("\u{FEFF}") ? source.slice(1) : source;
  }

  read(): XmlElement {
    for (;;) {
      const next = this.#source.indexOf("<", this.#at);
      this.#addText(next === -1 ? this.#source.slice(this.#at) : this.#source.slice(this.#at, next));
      if (next === -1) break;
      this.#at = next + 1;
      this.#readMarkup();
    }
    if (this.#root === undefined || this.#open.length > 0) throw notWellFormed();
    return this.#root;
  }

  #addText(raw: string): void {
    const top = this.#open.at(-1);
    if (top !== undefined) top.text += unescapeXml(raw);
    else if (raw.trim() !== "") throw notWellFormed();
  }

  #readMarkup(): void {
    const { [this.#at]: first } = this.#source;
    if (first === "/") this.#close();
    else if (first === "?") this.#skipTo("?>");
    else if (first !== "!") this.#openElement();
    else if (this.#source.startsWith("!--", this.#at)) this.#skipTo("-->", 3);
    else if (this.#source.startsWith("![CDATA[", this.#at)) this.#readLiteral();
    else throw notWellFormed();
  }

  /** Past `end`, of which nothing may lie within the first `head` characters. */
  #skipTo(end: string, head = 0): string {
    const start = this.#at + head;
    const found = this.#source.indexOf(end, start);
    if (found === -1) throw notWellFormed();
    this.#at = found + end.length;
    return this.#source.slice(start, found);
  }

  #readLiteral(): void {
    const literal = this.#skipTo("]]>", "![CDATA[".length);
    const top = this.#open.at(-1);
    if (top === undefined) throw notWellFormed();
    top.text += literal;
  }

  #openElement(): void {
    const end = this.#endOfTag();
    const empty = this.#source[end - 1] === "/";
    const inside = this.#source.slice(this.#at, empty ? end - 1 : end);
    this.#at = end + 1;
    const space = inside.search(/\s/);
    const tag = space === -1 ? inside : inside.slice(0, space);
    if (!NAME.test(tag) || (this.#root !== undefined && this.#open.length === 0)) throw notWellFormed();
    if (++this.#elements > ELEMENTS_MAX) throw notWellFormed();
    const attributes = space === -1 ? undefined : parseAttributes(inside.slice(space));
    this.#open.push({ tag, name: tag.slice(tag.indexOf(":") + 1), attributes, children: [], text: "" });
    checkDepth(this.#open.length);
    if (empty) this.#finish();
  }

  /** The `>` that ends the tag, which may also stand in an attribute. */
  #endOfTag(): number {
    let end = this.#source.indexOf(">", this.#at);
    const quote = this.#source.indexOf('"', this.#at);
    const apostrophe = this.#source.indexOf("'", this.#at);
    if (end === -1) throw notWellFormed();
    if ((quote === -1 || quote > end) && (apostrophe === -1 || apostrophe > end)) return end;
    let open: string | undefined;
    for (end = this.#at; end < this.#source.length; end++) {
      const character = this.#source[end];
      if (open !== undefined) open = character === open ? undefined : open;
      else if (character === '"' || character === "'") open = character;
      else if (character === ">") return end;
    }
    throw notWellFormed();
  }

  #close(): void {
    const tag = this.#skipTo(">", 1).trimEnd();
    if (this.#open.at(-1)?.tag !== tag) throw notWellFormed();
    this.#finish();
  }

  #finish(): void {
    const element = this.#open.pop();
    if (element === undefined) throw notWellFormed();
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = element;
    else parent.children.push(element);
  }
}

function parseAttributes(written: string): ReadonlyMap<string, string> {
  const attributes = new Map<string, string>();
  let rest = written;
  while (rest.trim() !== "") {
    const found = /^\s+([^\s=]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')/.exec(rest);
    const [whole = "", name = "", quoted, apostrophed] = found ?? [];
    if (!NAME.test(name) || attributes.has(name)) throw notWellFormed();
    attributes.set(name, unescapeXml(quoted ?? apostrophed ?? ""));
    rest = rest.slice(whole.length);
  }
  return attributes;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescapeXml(text: string): string {
  const lines = text.includes("\r") ? text.replaceAll(/\r\n?/g, "\n") : text;
  if (!lines.includes("&")) return lines;
  return lines.replaceAll(/&([^;&]*);?/g, (whole, name: string) => {
    const character = whole.endsWith(";") ? (findOwn(ENTITIES, name) ?? numbered(name)) : undefined;
    if (character === undefined) throw notWellFormed();
    return character;
  });
}

function numbered(name: string): string | undefined {
  const found = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (found === null) return undefined;
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16);
  return isCharacter(code) ? String.fromCodePoint(code) : undefined;
}

/** Source: https://www.w3.org/TR/xml/#charsets */
const isCharacter = (code: number): boolean =>
  code === 0x9 ||
  code === 0xa ||
  code === 0xd ||
  (code >= 0x20 && code <= 0xd7ff) ||
  (code >= 0xe000 && code <= 0xfffd) ||
  (code >= 0x10000 && code <= 0x10ffff);

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (MalformedXML) */
export const NOT_WELL_FORMED =
  "The XML you provided was not well-formed or did not validate against our published schema";

export const notWellFormed = (): Malformed => new Malformed(NOT_WELL_FORMED);

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#xD;",
  "\n": "&#xA;",
  "\u0085": "&#x85;",
  "\u2028": "&#x2028;",
};

const TO_ESCAPE = /[&<>"\r\n\u0085\u2028]/;
const ALL_TO_ESCAPE = /[&<>"\r\n\u0085\u2028]/g;

/** `text` as element content or attribute value. */
export const escapeXml = (text: string): string =>
  TO_ESCAPE.test(text) ? text.replace(ALL_TO_ESCAPE, (character) => findOwn(ESCAPES, character) ?? character) : text;
