/**
 * Requests that came whole: a head in the plainest form there is and all of its body. Whatever else comes, an old form,
 * a header that changes how the rest is read, or an error, is for Node's parser, which knows it all.
 * Source: https://www.rfc-editor.org/rfc/rfc9112
 */
import { HEADER_BYTES_MAX, WHOLE_BODY_BYTES_MAX } from "./limits.ts";

export interface WholeRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  /** Names in lower case; each came once. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** All lines of a head, each with its end. */
const PLAIN_HEAD =
  /^(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS) \/[\x21-\x7e]* HTTP\/1\.1\r\n(?:[\w!#$%&'*+.^`|~-]+:[\t\x20-\x7e\x80-\xff]*\r\n)+$/;
const HEAD_END = "\r\n\r\n";
const LINE_END = "\r\n";
const LENGTH = /^\d{1,9}$/;

/**
 * The names of the headers that a client's last request had, in their order: its next one most likely has the same, and
 * what is known needs not be cut out, put in lower case and looked up again.
 */
export interface KnownNames {
  /** As they were written, with the colon. */
  readonly written: string[];
  readonly names: string[];
}

/** The one request that `bytes` are; a number: so many of its bytes are still to come; `undefined`: they are something else. */
export function readWhole(bytes: Buffer, known: KnownNames): WholeRequest | number | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd > HEADER_BYTES_MAX) return undefined;
  const head = bytes.toString("latin1", 0, headEnd + LINE_END.length);
  if (!PLAIN_HEAD.test(head)) return undefined;
  const firstEnd = head.indexOf("\r");
  const headers = readHeaders(head, firstEnd + LINE_END.length, known);
  if (headers === undefined) return undefined;
  const bodyStart = headEnd + HEAD_END.length;
  const missing = bodyStart + lengthIn(headers) - bytes.byteLength;
  if (missing > 0) return missing <= WHOLE_BODY_BYTES_MAX ? missing : undefined;
  // bytes of a next request, or a length that is none
  if (missing !== 0) return undefined;
  const targetStart = head.indexOf(" ") + 1;
  return {
    method: head.slice(0, targetStart - 1),
    target: head.slice(targetStart, head.indexOf(" ", targetStart)),
    headers,
    body: bytes.subarray(bodyStart),
  };
}

/** `undefined`: one of them is for Node to understand. */
function readHeaders(head: string, start: number, known: KnownNames): Record<string, string> | undefined {
  const headers: Record<string, string> = {};
  for (let at = start, count = 0; at < head.length; count++) {
    const written = known.written[count];
    if (written === undefined || !head.startsWith(written, at))
      learn(known, count, head.slice(at, head.indexOf(":", at) + 1));
    const name = known.names[count] ?? "";
    // came twice, or is something that every object has
    if (headers[name] !== undefined) return undefined;
    const valueStart = at + name.length + 1;
    const end = head.indexOf("\r", valueStart);
    headers[name] = trimmed(head, valueStart, end);
    at = end + LINE_END.length;
  }
  return isPlain(headers) ? headers : undefined;
}

function learn({ written, names }: KnownNames, count: number, line: string): void {
  written[count] = line;
  names[count] = line.slice(0, -1).toLowerCase();
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
