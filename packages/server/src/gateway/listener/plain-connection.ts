/**
 * A connection without TLS on which requests come whole, one after the other, as SDKs send nearly all of them: they are
 * read and answered without Node's streams around each, which cost more than many a call. With the first bytes that are
 * anything else the connection is Node's.
 */
import type { Socket } from "node:net";
import { held, HeldBytes, type ByteStream } from "../../kernel/bytes.ts";
import type { WorkCount } from "../../kernel/work-count.ts";
import type { Ends } from "../../network/peer-user.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import { NO_BODY, type Arrival } from "../arrival.ts";
import { IDLE_CONNECTION_SECONDS, WHOLE_BODY_WAIT_MS } from "../limits.ts";
import { drained, flow } from "./body-flow.ts";
import { isStream, lengthOf, mayHaveBody, ONE_WRITE_BYTES_MAX, type ResponseHeads } from "./response-head.ts";
import type { Turns } from "./turns.ts";
import { KnownLines, readWhole, type WholeRequest } from "./whole-request.ts";

export interface PlainConnectionParts {
  readonly answer: (arrival: Arrival) => Promise<WireResponse>;
  /** Those under way. */
  readonly calls: WorkCount;
  readonly heads: ResponseHeads;
  readonly turns: Turns;
  /** Takes a connection over, paused, with what is to be read of it. */
  readonly handOver: (socket: Socket) => void;
}

export class PlainConnection {
  readonly #socket: Socket;
  readonly #parts: PlainConnectionParts;
  readonly #remoteAddress: string | undefined;
  /** The call under way. */
  #arrival: WholeArrival | undefined;
  readonly #lines = new KnownLines();
  /** What has come and is not read yet. */
  #kept: Buffer[] | undefined;
  /** So many bytes are still to come until it is worth reading. */
  #missing = 0;
  #closing = false;
  /** The connection is Node's. */
  #handedOver = false;
  readonly #onData = (bytes: Buffer): void => this.#take(bytes);
  readonly #onClose = (): void => this.#arrival?.end();
  readonly #onSilence = (): void => {
    if (this.#arrival !== undefined) return;
    if (this.#kept === undefined) this.#socket.destroy();
    else this.#handOver(Buffer.concat(this.#kept));
  };

  constructor(socket: Socket, parts: PlainConnectionParts) {
    this.#socket = socket;
    this.#parts = parts;
    this.#remoteAddress = socket.remoteAddress;
    socket.on("data", this.#onData);
    socket.on("close", this.#onClose);
    socket.on("timeout", this.#onSilence);
    socket.setTimeout(IDLE_CONNECTION_SECONDS * 1000);
  }

  /** After the call under way, or now. */
  close(): void {
    if (this.#handedOver) return;
    this.#closing = true;
    if (this.#arrival === undefined) this.#socket.destroy();
  }

  #take(bytes: Buffer): void {
    if (this.#arrival !== undefined) {
      // a client that does not wait for its answer waits here
      this.#keep(bytes);
      this.#socket.pause();
      return;
    }
    if (this.#missing > bytes.byteLength) {
      this.#missing -= bytes.byteLength;
      this.#keep(bytes);
      return;
    }
    this.#read(this.#kept === undefined ? bytes : Buffer.concat([...this.#kept, bytes]));
  }

  #keep(bytes: Buffer): void {
    (this.#kept ??= []).push(bytes);
  }

  #read(bytes: Buffer): void {
    const request = readWhole(bytes, this.#lines);
    if (request === undefined) {
      this.#handOver(bytes);
      return;
    }
    if (typeof request === "number") {
      this.#kept = [bytes];
      this.#missing = request;
      this.#socket.setTimeout(WHOLE_BODY_WAIT_MS);
      return;
    }
    if (this.#kept !== undefined) {
      this.#kept = undefined;
      this.#missing = 0;
      this.#socket.setTimeout(IDLE_CONNECTION_SECONDS * 1000);
    }
    this.#begin(request);
  }

  #handOver(bytes: Buffer): void {
    this.#handedOver = true;
    this.#kept = undefined;
    const socket = this.#socket;
    socket.off("data", this.#onData);
    socket.off("close", this.#onClose);
    socket.off("timeout", this.#onSilence);
    socket.setTimeout(0);
    socket.pause();
    socket.unshift(bytes);
    this.#parts.handOver(socket);
  }

  #begin(request: WholeRequest): void {
    const arrival = new WholeArrival(request, this.#socket, this.#remoteAddress);
    this.#arrival = arrival;
    this.#parts.calls.begin();
    this.#parts.turns.start(() => void this.#serve(arrival));
  }

  async #serve(arrival: WholeArrival): Promise<void> {
    const { answer, calls, turns } = this.#parts;
    const turn = turns.begin();
    try {
      const answered = await answer(arrival);
      const rest = turns.endOf(turn);
      if (rest !== undefined) await rest;
      const written = this.#write(answered, arrival.method);
      if (written !== undefined) await written;
    } catch {
      // the pipeline answers whatever fails in it: the head is gone, and only a broken connection says that the body is not whole
      this.#socket.destroy();
    }
    calls.end();
    arrival.end();
    this.#arrival = undefined;
    if (this.#closing) this.#socket.end();
    else if (this.#kept !== undefined) this.#goOn(Buffer.concat(this.#kept));
  }

  #goOn(kept: Buffer): void {
    this.#kept = undefined;
    if (this.#socket.destroyed) return;
    this.#socket.resume();
    this.#read(kept);
  }

  #write(answer: WireResponse, method: string): Promise<void> | undefined {
    const { status, headers, body } = answer;
    const here = body instanceof HeldBytes ? body.take() : body;
    if (isStream(here)) return this.#pour(here, answer, method);
    const socket = this.#socket;
    const bytes = lengthOf(here, status, method);
    const head = this.#parts.heads.write(answer, {
      length: headers["content-length"] ?? bytes,
      last: this.#closing,
    });
    const isAlone = here === undefined || bytes === undefined;
    const goesOn = isAlone ? socket.write(head, "latin1") : writeBoth(head, here, { socket, bytes });
    return goesOn || socket.destroyed ? undefined : drained(socket);
  }

  async #pour(body: ByteStream, answer: WireResponse, method: string): Promise<void> {
    const isAlone = method === "HEAD" || !mayHaveBody(answer.status);
    const length = answer.headers["content-length"];
    const chunked = !isAlone && length === undefined;
    this.#socket.write(this.#parts.heads.write(answer, { length, chunked, last: this.#closing }), "latin1");
    if (isAlone) await body[Symbol.asyncIterator]().return?.();
    else await flow(body, this.#socket, chunked ? "chunked" : "plain");
  }
}

/** At once where that costs no more than a copy: two writes cost more. */
function writeBoth(
  head: string,
  body: string | Uint8Array,
  { socket, bytes }: { readonly socket: Socket; readonly bytes: number },
): boolean {
  // a text of as many characters as bytes is ASCII
  if (typeof body === "string" && body.length === bytes) return socket.write(head + body, "latin1");
  if (typeof body !== "string" && bytes <= ONE_WRITE_BYTES_MAX) return socket.write(head + latin1(body), "latin1");
  socket.cork();
  socket.write(head, "latin1");
  const goesOn = socket.write(body);
  socket.uncork();
  return goesOn;
}

const latin1 = ({ buffer, byteOffset, byteLength }: Uint8Array): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString("latin1");

/** A class, so that a call costs no closures. */
class WholeArrival implements Arrival {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: Arrival["headers"];
  readonly body: ByteStream;
  readonly lengthUnsaid: boolean;
  readonly remoteAddress: string | undefined;
  readonly ends: Ends;
  readonly secure = false;
  #listeners: (() => void)[] | undefined;
  #isOver = false;

  constructor({ method, target, headers, body }: WholeRequest, ends: Ends, remoteAddress: string | undefined) {
    const mark = target.indexOf("?");
    this.method = method;
    this.path = mark < 0 ? target : target.slice(0, mark);
    this.query = mark < 0 ? "" : target.slice(mark + 1);
    this.headers = headers;
    this.body = body.byteLength === 0 ? NO_BODY : held(body);
    this.lengthUnsaid = headers["content-length"] === undefined;
    this.remoteAddress = remoteAddress;
    this.ends = ends;
  }

  whenGone(listener: () => void): void {
    // a client may be gone before its call has started
    if (this.#isOver) listener();
    else (this.#listeners ??= []).push(listener);
  }

  /** The client has gone, or has its answer. */
  end(): void {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    this.#isOver = true;
    for (const listener of listeners ?? []) listener();
  }
}
