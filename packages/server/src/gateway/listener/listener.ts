/**
 * Bytes in: HTTP/1.1, HTTP/2 in the clear and TLS on one port, told apart by the first bytes of a
 * connection. TLS and HTTP/2 are loaded when a connection first needs them.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Http2SecureServer, Http2Server, Http2Session } from "node:http2";
import type { SecureContextOptions } from "node:tls";
import { wakeAfter } from "../../clock/pause.ts";
import { once } from "../../kernel/once.ts";
import { WorkCount } from "../../kernel/work-count.ts";
import type { WireResponse } from "../../protocol/protocol.ts";
import type { Arrival } from "../arrival.ts";
import { HEADER_BYTES_MAX, IDLE_CONNECTION_SECONDS } from "../limits.ts";
import { bindAll, closing } from "./binding.ts";
import { readArrival, refuseBytes, refusesHead, writeResponse } from "./http.ts";
import { PlainConnection } from "./plain-connection.ts";
import { ResponseHeads } from "./response-head.ts";
import { Turns } from "./turns.ts";

// imported as a module, all that `node:http` has is looked at, and with it comes a client for WebSockets: 12 MB
const { createServer } = process.getBuiltinModule("node:http");

export interface Listening {
  readonly port: number;
  /** Takes no new connection, lets what is under way end, and closes. */
  close(): Promise<void>;
}

export interface ListenerParts {
  /** The first has to be there; of the others, those that the machine has. */
  readonly hosts: readonly [string, ...string[]];
  /** The same of all hosts; 0: any free one. */
  readonly port: number;
  readonly answer: (arrival: Arrival) => Promise<WireResponse>;
  readonly certificate: () => Promise<SecureContextOptions>;
  /** How long a close waits for the requests under way. */
  readonly drainSecondsMax: number;
  /** How long a client may take for a handshake or a head, and be silent between two of HTTP/2's calls. */
  readonly headSecondsMax: number;
}

const TLS_HANDSHAKE = 0x16;
/** The first letters of HTTP/2's connection preface, `PRI * HTTP/2.0`. */
const HTTP2_PREFACE = "PRI";

/** @throws where the port is taken or the address cannot be bound. */
export async function listen(parts: ListenerParts): Promise<Listening> {
  const calls = new WorkCount();
  const ended = (): void => calls.end();
  const serve = (request: IncomingMessage, response: ServerResponse): void => {
    calls.begin();
    void serveOne(request, response, parts.answer).then(ended);
  };
  const http1 = http1Server(serve, parts);
  const secure = once(() => secureServer(serve, parts));
  const clear2 = once(() => http2Server(serve, parts));
  const sockets = new Set<Socket>();
  const plainOnes = new Set<PlainConnection>();
  const handOver = (socket: Socket): void => {
    http1.emit("connection", socket);
    socket.resume();
  };
  const plainParts = { answer: parts.answer, calls, heads: new ResponseHeads(), turns: new Turns(), handOver };
  const plain = (socket: Socket): void => {
    const connection = new PlainConnection(socket, plainParts);
    plainOnes.add(connection);
    socket.once("close", () => plainOnes.delete(connection));
  };
  const { port, listeners } = await bindAll(parts, (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    sniff(socket, { plain, secure, clear2 }, parts.headSecondsMax);
  });
  return {
    port,
    async close() {
      const closed = Promise.all(listeners.map(closing));
      http1.close();
      for (const connection of plainOnes) connection.close();
      await within(parts.drainSecondsMax * 1000, calls.none());
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function serveOne(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (arrival: Arrival) => Promise<WireResponse>,
): Promise<void> {
  if (refusesHead(request, response)) return;
  try {
    const written = writeResponse(response, request, await answer(readArrival(request, response)));
    if (written !== undefined) await written;
  } catch (error) {
    // the pipeline answers whatever fails in it, so this is the connection's own end
    response.destroy(error instanceof Error ? error : undefined);
  }
}

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/** How Node calls the bounds of HTTP/1.1. */
const timeoutsOf = ({ headSecondsMax }: ListenerParts) => ({
  headersTimeout: headSecondsMax * 1000,
  requestTimeout: 0,
  connectionsCheckingInterval: headSecondsMax * 250,
  keepAliveTimeout: IDLE_CONNECTION_SECONDS * 1000,
});

function http1Server(serve: Serve, parts: ListenerParts): HttpServer {
  const server = createServer(
    { maxHeaderSize: HEADER_BYTES_MAX, requireHostHeader: false, ...timeoutsOf(parts) },
    serve,
  );
  server.on("checkContinue", serve);
  // what else a client expects is no reason to refuse it. Assumed: S3 takes no notice of it
  server.on("checkExpectation", serve);
  server.on("clientError", refuseBytes);
  // it never listens itself, and Node holds heads to their time only from then on
  server.emit("listening");
  return server;
}

async function http2Server(serve: Serve, { headSecondsMax }: ListenerParts) {
  const { createServer: createHttp2 } = await import("node:http2");
  // the compatibility API gives requests and responses of the same form as HTTP/1.1
  return closingSilent(createHttp2({}, serve as never), headSecondsMax);
}

async function secureServer(serve: Serve, parts: ListenerParts) {
  const { createSecureServer } = await import("node:http2");
  const { headSecondsMax } = parts;
  const options = {
    ...(await parts.certificate()),
    allowHTTP1: true,
    requireHostHeader: false,
    maxHeaderSize: HEADER_BYTES_MAX,
    handshakeTimeout: headSecondsMax * 1000,
  };
  const server = closingSilent(createSecureServer(options as never, serve as never), headSecondsMax);
  Object.assign(server, timeoutsOf(parts));
  server.on("checkContinue", serve as never);
  server.on("checkExpectation", serve as never);
  server.on("clientError", refuseBytes);
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.emit("listening");
  return server;
}

/**
 * Closes sessions of HTTP/2 on which nothing happens. It is asked session by session: a time of the server's own would
 * hold for what speaks HTTP/1.1 over TLS too. While a call is under way it is not the client that is silent; and whether
 * one has come is looked for once more, since after a long stall of this process Node's timers come before what has
 * arrived meanwhile.
 */
function closingSilent<Spoken extends Http2Server | Http2SecureServer>(server: Spoken, seconds: number): Spoken {
  server.on("session", (session: Http2Session) => {
    const calls = new WorkCount();
    session.on("stream", (stream) => {
      calls.begin();
      stream.once("close", () => calls.end());
    });
    const closeIdle = (): void => void (calls.underWay === 0 && session.close());
    session.setTimeout(seconds * 1000, () => setImmediate(closeIdle));
  });
  return server;
}

interface Servers {
  /** Without TLS, for HTTP/1.1. */
  readonly plain: (socket: Socket) => void;
  readonly secure: () => Promise<{ emit(event: "connection", socket: Socket): boolean }>;
  readonly clear2: () => Promise<{ emit(event: "connection", socket: Socket): boolean }>;
}

/** Hands a connection to the server that its first bytes ask for. */
function sniff(socket: Socket, servers: Servers, headSecondsMax: number): void {
  const drop = (): void => void socket.destroy();
  socket.once("error", drop);
  socket.setTimeout(headSecondsMax * 1000, drop);
  socket.once("readable", () => {
    const first = socket.read() as Buffer | null;
    if (first === null) return;
    socket.unshift(first);
    socket.setTimeout(0, drop);
    const server = chosen(first, servers);
    if (server === undefined) servers.plain(socket);
    else server.then((chosenServer) => chosenServer.emit("connection", socket), drop);
  });
}

/** `undefined`: what speaks HTTP/1.1 without TLS needs none. */
function chosen(first: Buffer, { secure, clear2 }: Servers): ReturnType<Servers["secure"]> | undefined {
  if (first[0] === TLS_HANDSHAKE) return secure();
  return first.toString("latin1", 0, HTTP2_PREFACE.length) === HTTP2_PREFACE ? clear2() : undefined;
}

/** Ends with `work`, or after `milliseconds` where that takes longer. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<void> {
  const late = Promise.withResolvers<void>();
  const stop = wakeAfter(milliseconds, late.resolve);
  await Promise.race([work, late.promise]);
  stop();
}
