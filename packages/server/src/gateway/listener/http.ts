/** Between Node's HTTP objects and the pipeline's plain values. */
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import { HeldBytes, OwnPieces, type ByteStream } from "../../kernel/bytes.ts";
import { findOwn } from "../../kernel/lookup.ts";
import type { Ends } from "../../network/peer-user.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import { NO_BODY, type Arrival, type TlsFacts } from "../arrival.ts";
import { IDLE_BODY_SECONDS } from "../limits.ts";
import { flow } from "./body-flow.ts";
import { discardLeftover, isLeftOver } from "./leftover.ts";
import { isStream, lengthOf, ONE_WRITE_BYTES_MAX, spelled, wireText } from "./response-head.ts";

/** What stands for `Host` in HTTP/2. */
const AUTHORITY = ":authority";

export const readArrival = (request: IncomingMessage, response: ServerResponse): Arrival =>
  new HttpArrival(request, response);

/** A class, so that a call costs no closures. */
class HttpArrival implements Arrival {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Arrival["headers"];
  readonly body: ByteStream;
  readonly lengthUnsaid: boolean;
  readonly remoteAddress: string | undefined;
  readonly secure: boolean;
  readonly tls: TlsFacts | undefined;
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    const { target, authority } = splitTarget(request.url ?? "/");
    const mark = target.indexOf("?");
    this.method = request.method ?? "GET";
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    const { headers } = request;
    this.headers = isEachOnce(headers, request) && authority === undefined ? headers : flatHeaders(request, authority);
    this.lengthUnsaid = isLengthUnsaid(request);
    this.body = hasBody(request) ? new RequestBody(request, response) : NO_BODY;
    const { socket } = request;
    this.remoteAddress = socket.remoteAddress;
    this.secure = isSecure(socket);
    // now, since a client that has gone by the time of the record has taken its connection with it
    this.tls = isSecure(socket) ? tlsFacts(socket) : undefined;
    this.#request = request;
    this.#response = response;
  }

  get ends(): Ends {
    return this.#request.socket;
  }

  whenGone(listener: () => void): void {
    this.#response.once("close", listener);
  }

  hold(bytesMax: number): Promise<Uint8Array | undefined> {
    return this.body === NO_BODY ? NOTHING : holdBody(this.#request, this.#response, bytesMax);
  }
}

/** Without loading TLS to ask. */
const isSecure = (socket: Socket | TLSSocket): socket is TLSSocket => "encrypted" in socket;

/** Nothing where the connection has gone meanwhile. */
function tlsFacts(socket: TLSSocket): TlsFacts | undefined {
  const version = socket.getProtocol();
  return version === null ? undefined : { version, cipher: socket.getCipher().name };
}

/** Whether Node has read the headers as we would: it joins those that come twice in its own way. */
function isEachOnce(
  headers: IncomingHttpHeaders,
  { rawHeaders, httpVersionMajor }: IncomingMessage,
): headers is NodeJS.Dict<string> {
  if (httpVersionMajor >= 2 || headers["set-cookie"] !== undefined) return false;
  let count = 0;
  for (const name in headers) if (name !== "") count++;
  return count * 2 === rawHeaders.length;
}

/** A client that takes us for a proxy sends the whole address, whose host then counts. Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2.2 */
function splitTarget(url: string): { readonly target: string; readonly authority: string | undefined } {
  if (url.startsWith("/")) return { target: url, authority: undefined };
  const [, authority, target = ""] = /^https?:\/\/([^/?]+)(.*)$/i.exec(url) ?? [];
  return authority === undefined ? { target: url, authority } : { target: target.replace(/^(?!\/)/, "/"), authority };
}

function flatHeaders(request: IncomingMessage, authority: string | undefined): Record<string, string | undefined> {
  const headers: Record<string, string | undefined> = {};
  const raw = request.rawHeaders;
  for (let index = 0; index < raw.length; index += 2) {
    const name = (raw[index] ?? "").toLowerCase();
    if (name.startsWith(":")) continue;
    const before = headers[name];
    const value = raw[index + 1] ?? "";
    // not `before === undefined`: every object has a `constructor`
    headers[name] = typeof before === "string" ? `${before},${value}` : value;
  }
  if (authority !== undefined) headers["host"] = authority;
  headers["host"] ??= request.headers[AUTHORITY]?.toString();
  return headers;
}

/** HTTP/2 needs nobody to say it. */
const isLengthUnsaid = ({ headers, httpVersionMajor }: IncomingMessage): boolean =>
  httpVersionMajor < 2 && headers["transfer-encoding"] === undefined && headers["content-length"] === undefined;

function hasBody({ headers, httpVersionMajor }: IncomingMessage): boolean {
  if (httpVersionMajor >= 2) return true;
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}

const NOTHING = Promise.resolve(new Uint8Array());

/** All of the body by Node's own events: most are one piece, for which an iterator would cost more than the rest of the call. */
function holdBody(
  request: IncomingMessage,
  response: ServerResponse,
  bytesMax: number,
): Promise<Uint8Array | undefined> {
  expectBody(request, response);
  return new Promise((done, failed) => {
    const pieces: Uint8Array[] = [];
    let size = 0;
    request.on("data", (piece: Uint8Array) => {
      size += piece.byteLength;
      if (size <= bytesMax) pieces.push(piece);
      else done(undefined);
    });
    request.on("end", () => done(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)));
    request.on("error", failed);
  });
}

/**
 * Tells a client that waits to go on, and drops one that falls silent before its body is whole. One that speaks HTTP/1.0
 * would take that for the answer. Source: https://www.rfc-editor.org/rfc/rfc9110#section-10.1.1
 */
function expectBody(request: IncomingMessage, response: ServerResponse): void {
  const { headers, httpVersion } = request;
  if (headers.expect?.toLowerCase() === "100-continue" && httpVersion !== "1.0") response.writeContinue();
  if (request.complete) return;
  request.setTimeout(IDLE_BODY_SECONDS * 1000, () => setImmediate(() => dropSilent(request)));
  request.once("end", () => request.setTimeout(0));
}

/**
 * Who has sent what nobody has taken yet is not silent: it is for us to go on. What arrived during a stall of this process
 * is there by now.
 */
function dropSilent(request: IncomingMessage): void {
  if (request.readableEnded) return;
  if (request.complete || request.readableLength > 0) request.setTimeout(IDLE_BODY_SECONDS * 1000);
  else request.destroy();
}

/** The body; a client that waits to be told (`Expect: 100-continue`) is told when somebody reads. */
class RequestBody extends OwnPieces {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;

  constructor(request: IncomingMessage, response: ServerResponse) {
    super(request);
    this.#request = request;
    this.#response = response;
  }

  override [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    expectBody(this.#request, this.#response);
    return super[Symbol.asyncIterator]();
  }
}

/** Sends `answer`; a client that went away ends it quietly, a body that fails closes the connection. */
export function writeResponse(
  response: ServerResponse,
  request: IncomingMessage,
  answer: WireResponse,
): Promise<void> | undefined {
  if (request.complete || !hasBody(request) || !isLeftOver(request)) return write(response, request, answer);
  return discardLeftover(request).then(() => write(response, request, answer));
}

function write(
  response: ServerResponse,
  request: IncomingMessage,
  { status, headers, cookies, body }: WireResponse,
): Promise<void> | undefined {
  const here = body instanceof HeldBytes ? body.take() : body;
  response.writeHead(status, headersOf({ status, headers, body: here, ...(cookies && { cookies }) }, request));
  if (isStream(here)) return pour(here, response);
  if (request.method === "HEAD" || here === undefined) response.end();
  else if (typeof here === "string") response.end(here);
  else if (here.byteLength > ONE_WRITE_BYTES_MAX) response.end(here);
  else response.end(bufferOf(here).toString("latin1"), "latin1");
  return undefined;
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

function headersOf({ status, headers, cookies, body }: WireResponse, request: IncomingMessage): OutgoingHttpHeaders {
  const written: OutgoingHttpHeaders = {};
  for (const name in headers) if (name !== LENGTH) written[spelled(name)] = wireText(headers[name] ?? "");
  if (cookies !== undefined) written["set-cookie"] = cookies.map(wireText);
  // what the client still sends is not for us to read: the connection ends with the answer
  if (!request.complete && request.httpVersionMajor === 1 && hasBody(request)) written["connection"] = "close";
  // last: Node writes a `content-disposition` that comes after it in another encoding
  const length = headers[LENGTH] ?? (isStream(body) ? undefined : lengthOf(body, status, request.method ?? "GET"));
  if (length !== undefined) written[spelled(LENGTH)] = length;
  return written;
}

const LENGTH = "content-length";

async function pour(body: ByteStream, response: ServerResponse): Promise<void> {
  try {
    await flow(body, response, "plain");
    response.end();
  } catch (error) {
    // the head is gone: a broken connection is the only way left to say that the body is not whole
    response.destroy(error instanceof Error ? error : undefined);
  }
}

/** What Node finds wrong with bytes that shall be a request, in S3's words. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html */
const REFUSED_BYTES: Readonly<Record<string, readonly [code: string, message: string]>> = {
  HPE_HEADER_OVERFLOW: [
    "RequestHeaderSectionTooLarge",
    "Your request header section exceeds the maximum allowed size.",
  ],
  ERR_HTTP_REQUEST_TIMEOUT: [
    "RequestTimeout",
    "Your socket connection to the server was not read from or written to within the timeout period.",
  ],
};

const NO_REQUEST = ["BadRequest", "An error occurred when parsing the HTTP request."] as const;
const UNKNOWN_CODING = [
  "NotImplemented",
  "A header you provided implies functionality that is not implemented.",
] as const;

const inXml = ([code, message]: readonly [code: string, message: string]): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`;

/** Answers bytes that are no HTTP, a head over the limit or one that does not end, and closes. */
export function refuseBytes(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const body = inXml(findOwn(REFUSED_BYTES, error.code ?? "") ?? NO_REQUEST);
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nContent-Type: application/xml\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
  );
}

/**
 * Refuses what Node lets through although it could be read in two ways, and closes: more than one `Host` or none, and a
 * body in another coding than chunks. Source: https://www.rfc-editor.org/rfc/rfc9112#section-3.2, #section-6.1
 */
export function refusesHead(request: IncomingMessage, response: ServerResponse): boolean {
  const { headers, httpVersion } = request;
  const coding = headers["transfer-encoding"];
  const isCoded = coding !== undefined && coding.toLowerCase() !== "chunked";
  const hosts = countHosts(request);
  const isAddressed = hosts === 1 || httpVersion === "2.0" || (hosts === 0 && httpVersion === "1.0");
  if (isAddressed && !isCoded) return false;
  const body = inXml(isAddressed ? UNKNOWN_CODING : NO_REQUEST);
  response.writeHead(isAddressed ? 501 : 400, { "Content-Type": "application/xml", Connection: "close" }).end(body);
  return true;
}

function countHosts({ rawHeaders }: IncomingMessage): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.length === HOST.length && rawHeaders[index]?.toLowerCase() === HOST) count++;
  }
  return count;
}

const HOST = "host";
