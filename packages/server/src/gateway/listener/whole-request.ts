/**
 * Requests that came whole: a head in the plainest form there is and all of its body. Whatever else comes, an old form,
 * a header that changes how the rest is read, or an error, is for Node's parser, which knows it all.
 * Source: https://www.rfc-editor.org/rfc/rfc9112
 */
import { HEADER_BYTES_MAX, WHOLE_BODY_BYTES_MAX } from "../limits.ts";
import { isHeaderName } from "./header-name.ts";

export interface WholeRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case; each came once. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const METHODS: ReadonlySet<string> = new Set(["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"]);
const TARGET = /^\/[\x21-\x7e]*$/;
const VERSION = " HTTP/1.1\r\n";
const LENGTH = /^\d{1,9}$/;
/** What no value has. */
const FORBIDDEN = /[^\t\x20-\x7e\x80-\xff]/;

interface HeaderLine {
  /** As it came, with the line's end. */
  readonly written: string;
  /** As it came, with the colon. */
  readonly label: string;
  /** In lower case. */
  readonly name: string;
  readonly value: string;
}

/**
 * The lines of a client's last head, in their order: most lines of its next one are the same, and what is known needs
 * not be cut, looked through and put in lower case again.
 */
export class KnownLines {
  readonly #lines: HeaderLine[] = [];

  /** The line that begins at `at` and comes after `count` others; `undefined`: it is for Node to understand, or not all there. */
  lineAt(head: string, at: number, count: number): HeaderLine | undefined {
    const known = this.#lines[count];
    if (known !== undefined && isAt(head, known.written, at)) return known;
    const label = known !== undefined && isAt(head, known.label, at) ? known.label : labelAt(head, at);
    const name = label === known?.label ? known.name : nameOf(label);
    if (name === undefined) return undefined;
    const valueStart = at + label.length;
    const end = lineEnd(head, valueStart);
    if (end < 0) return undefined;
    const value = trimmed(head, valueStart, end);
    if (FORBIDDEN.test(value)) return undefined;
    return (this.#lines[count] = { written: head.slice(at, end + LINE_END_LENGTH), label, name, value });
  }
}

/** What is cut out shares its bytes, and is compared at once: `startsWith` goes from character to character. */
const isAt = (text: string, part: string, at: number): boolean => text.slice(at, at + part.length) === part;

const labelAt = (head: string, at: number): string => head.slice(at, head.indexOf(":", at) + 1);

function nameOf(label: string): string | undefined {
  const name = label.slice(0, -1);
  return isHeaderName(name) ? name.toLowerCase() : undefined;
}

/** The one request that `bytes` are; a number: so many of its bytes are still to come; `undefined`: they are something else. */
export function readWhole(bytes: Buffer, known: KnownLines): WholeRequest | number | undefined {
  const text = bytes.toString("latin1", 0, Math.min(bytes.byteLength, HEADER_BYTES_MAX));
  const methodEnd = text.indexOf(" ");
  const targetEnd = text.indexOf(" ", methodEnd + 1);
  if (targetEnd < 0 || !isAt(text, VERSION, targetEnd)) return undefined;
  const method = text.slice(0, methodEnd);
  const target = text.slice(methodEnd + 1, targetEnd);
  if (!METHODS.has(method) || !TARGET.test(target)) return undefined;
  const head = readHeaders(text, targetEnd + VERSION.length, known);
  if (head === undefined) return undefined;
  const { headers, end } = head;
  const missing = end + lengthIn(headers) - bytes.byteLength;
  if (missing > 0) return missing <= WHOLE_BODY_BYTES_MAX ? missing : undefined;
  // bytes of a next request, or a length that is none
  return missing === 0 ? { method, target, headers, body: bytes.subarray(end) } : undefined;
}

interface Head {
  readonly headers: Record<string, string>;
  /** Where the body begins. */
  readonly end: number;
}

/** `undefined`: one of them is for Node to understand, or they are not all there. */
function readHeaders(text: string, start: number, known: KnownLines): Head | undefined {
  const headers: Record<string, string> = {};
  let at = start;
  for (let count = 0; text.charCodeAt(at) !== CR; count++) {
    const line = known.lineAt(text, at, count);
    // came twice, or is something that every object has
    if (line === undefined || headers[line.name] !== undefined) return undefined;
    headers[line.name] = line.value;
    at += line.written.length;
  }
  if (lineEnd(text, at) !== at) return undefined;
  return isPlain(headers) ? { headers, end: at + LINE_END_LENGTH } : undefined;
}

const CR = 0x0d;
const LINE_END_LENGTH = 2;

/** Where the line ends whose text goes on at `from`; negative: nowhere, or with half of a line's end. */
function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\r", from);
  return text.indexOf("\n", from) === end + 1 ? end : -1;
}

const isPlain = (headers: Readonly<Record<string, string>>): boolean =>
  headers["host"] !== undefined &&
  headers["expect"] === undefined &&
  headers["upgrade"] === undefined &&
  headers["transfer-encoding"] === undefined &&
  isKeepAlive(headers["connection"]);

const isKeepAlive = (connection: string | undefined): boolean =>
  connection === undefined || connection.toLowerCase() === "keep-alive";

/** `NaN`: it says nothing that is a length. */
function lengthIn(headers: Readonly<Record<string, string>>): number {
  const text = headers["content-length"];
  if (text === undefined) return 0;
  return LENGTH.test(text) ? Number(text) : Number.NaN;
}

function trimmed(text: string, start: number, end: number): string {
  let [from, to] = [start, end];
  while (from < to && isBlank(text, from)) from++;
  while (to > from && isBlank(text, to - 1)) to--;
  return text.slice(from, to);
}

const SPACE = 0x20;
const TAB = 0x09;

function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === SPACE || code === TAB;
}
