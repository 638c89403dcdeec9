/** Heads of answers, written out. */
import { HttpDate } from "../../clock/http-date.ts";
import { assert } from "../../kernel/assert.ts";
import { BoundedCache } from "../../kernel/bounded-cache.ts";
import type { ByteStream } from "../../kernel/bytes.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import { IDLE_CONNECTION_SECONDS } from "../limits.ts";
import { isHeaderName } from "./header-name.ts";

// imported as a module, all that `node:http` has is looked at, and with it comes a client for WebSockets: 12 MB
const { STATUS_CODES } = process.getBuiltinModule("node:http");

export interface HeadFraming {
  /** Of the body; `undefined`: nobody knows it, or there is none to speak of. */
  readonly length: number | string | undefined;
  /** The body comes in chunks that say their lengths. */
  readonly chunked?: boolean;
  /** The connection ends with this answer. */
  readonly last: boolean;
}

const KEPT_OPEN = `Connection: keep-alive\r\nKeep-Alive: timeout=${IDLE_CONNECTION_SECONDS}\r\n`;
const NAMES_MAX = 500;

export class ResponseHeads {
  readonly #date = new HttpDate();
  /** Names that are known to be ones, as they are written; `""`: not at all, since what frames an answer is said here alone. */
  readonly #names = new BoundedCache<string, string>(NAMES_MAX);

  /** As latin1, with the empty line at its end. @throws {InvariantError} where a header's name is none */
  write({ status, headers, cookies }: Omit<WireResponse, "body">, { length, chunked, last }: HeadFraming): string {
    let head = `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Unknown"}\r\n`;
    for (const name in headers) {
      const written = this.#written(name);
      if (written !== "") head += `${written}: ${wireText(headers[name] ?? "")}\r\n`;
    }
    for (const cookie of cookies ?? NO_COOKIES) head += `Set-Cookie: ${wireText(cookie)}\r\n`;
    if (headers["date"] === undefined) head += `Date: ${this.#date.text}\r\n`;
    head += last ? "Connection: close\r\n" : KEPT_OPEN;
    if (chunked === true) return `${head}Transfer-Encoding: chunked\r\n\r\n`;
    return length === undefined ? `${head}\r\n` : `${head}Content-Length: ${length}\r\n\r\n`;
  }

  /** Some are made of what a user has stored: what is no name could end the head and begin another answer. */
  #written(name: string): string {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    assert(isHeaderName(name), "a header's name is none");
    const written = FRAMING.has(name.toLowerCase()) ? "" : spelled(name);
    this.#names.set(name, written);
    return written;
  }
}

/**
 * A header's name as AWS writes it over HTTP/1.1: to programs it is the same, but not to scripts that look for `ETag:`.
 * Source: https://github.com/s3tools/s3cmd/blob/master/run-tests.py (looks for `Content-Length:` and `Cache-Control:` in what S3 answers),
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.py (test_basic_operations_multiple_protocols, run against AWS: the request's id)
 */
export const spelled = (name: string): string => SPELLED.get(name) ?? name;

const capitals = (name: string): string => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());

const SPELLED: ReadonlyMap<string, string> = new Map([
  ["etag", "ETag"],
  ["x-amzn-requestid", "x-amzn-RequestId"],
  ...[
    "accept-ranges",
    "access-control-allow-credentials",
    "access-control-allow-headers",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "access-control-expose-headers",
    "access-control-max-age",
    "allow",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-range",
    "content-type",
    "date",
    "expires",
    "last-modified",
    "location",
    "server",
    "vary",
  ].map((name) => [name, capitals(name)] as const),
]);

const FRAMING: ReadonlySet<string> = new Set(["content-length", "connection", "keep-alive", "transfer-encoding"]);
const NO_COOKIES: readonly string[] = [];

const UNWRITABLE = /[^\t\x20-\x7e\x80-\xff]/;
const CONTROL = /[^\t\x20-\x7e\x80-\xff]/g;

/** Header values go out as latin1: UTF-8 bytes go through unchanged. What would end the line is a blank. */
export const wireText = (value: string): string =>
  UNWRITABLE.test(value) ? Buffer.from(value, "utf8").toString("latin1").replaceAll(CONTROL, " ") : value;

export const isStream = (body: WireResponse["body"]): body is ByteStream =>
  typeof body === "object" && !(body instanceof Uint8Array);

export const mayHaveBody = (status: number): boolean => status !== 204 && status !== 304 && status >= 200;

/** What is said of the length of a body that is there; `undefined`: nothing. */
export function lengthOf(body: string | Uint8Array | undefined, status: number, method: string): number | undefined {
  if (method === "HEAD" || !mayHaveBody(status)) return undefined;
  return body === undefined ? 0 : Buffer.byteLength(body);
}

/** Node writes a head and a text at once, but a head and bytes one after the other; copying so few bytes costs less. */
export const ONE_WRITE_BYTES_MAX = 16_384;
