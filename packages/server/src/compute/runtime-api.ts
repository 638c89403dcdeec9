/**
 * The Runtime API, for `provided` runtimes: a server for each instance, on the loopback.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { assert } from "../kernel/assert.ts";
import { collectAtMost } from "../kernel/bytes.ts";
import { usersOfPeer } from "../network/peer-user.ts";
import { ANSWER_BYTES_MAX } from "./invocation.ts";
import type { Conversation, InvokeHead, RuntimeListener } from "./conversation.ts";

// imported as a module, all that `node:http` has is looked at
const { createServer } = process.getBuiltinModule("node:http");

const ROOT = "/2018-06-01/runtime/";
const STREAMING = "streaming";

/** Answers may be too long, and are told so; beyond this they are not even held. */
const BODY_BYTES_MAX = 64 * 1024 * 1024;
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html (413) */
const ERROR_BYTES_MAX = 1024 * 1024;

interface Waiting {
  readonly head: InvokeHead;
  readonly payload: Uint8Array;
}

export class RuntimeApi implements Conversation {
  readonly saysWhenReady = true;
  readonly #server: Server;
  readonly #user: number | undefined;
  /** Of the one that the connection belongs to, asked once. */
  readonly #own = new WeakMap<Socket, Promise<boolean>>();
  #listener: RuntimeListener | undefined;
  /** The runtime asks for the next invocation. */
  #asking: ServerResponse | undefined;
  #waiting: Waiting | undefined;
  #current: string | undefined;

  private constructor(user: number | undefined) {
    this.#user = user;
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, (request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
  }

  /** For the process of this `user` alone; `undefined`: the system does not tell processes apart. */
  static async open(user: number | undefined): Promise<RuntimeApi> {
    const api = new RuntimeApi(user);
    await new Promise<void>((resolve) => void api.#server.listen(0, "127.0.0.1", resolve));
    api.#server.unref();
    return api;
  }

  /** `127.0.0.1:49152` */
  get address(): string {
    const address = this.#server.address();
    assert(typeof address === "object" && address !== null, "the server listens");
    return `127.0.0.1:${address.port}`;
  }

  /** Tells `listener` from now on. */
  tell(listener: RuntimeListener): void {
    this.#listener = listener;
  }

  invoke(head: InvokeHead, payload: Uint8Array): void {
    this.#waiting = { head, payload };
    this.#hand();
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await this.#isOwn(request.socket)))
      return refuse(response, 403, "Forbidden", "another function's Runtime API");
    const path = request.url ?? "";
    const [kind = "", id = "", part = ""] = path.startsWith(ROOT) ? path.slice(ROOT.length).split("/") : [];
    if (kind === "invocation" && request.method === "POST") return this.#hear({ id, part }, request, response);
    switch (`${request.method} ${kind}/${id}`) {
      case "GET invocation/next":
        return this.#next(response);
      case "POST init/error":
        return this.#initError(request, response);
      default:
        return refuse(response, 404, "InvalidResource", "no such resource");
    }
  }

  /** All functions reach the loopback: what is another's to hear and to say is told by whose connection it is. */
  #isOwn(socket: Socket): Promise<boolean> {
    const known = this.#own.get(socket);
    if (known !== undefined) return known;
    const asked = isOf(socket, this.#user);
    this.#own.set(socket, asked);
    return asked;
  }

  async #hear(
    { id, part }: { readonly id: string; readonly part: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (id !== this.#current) return refuse(response, 400, "InvalidRequestID", "Invalid request ID");
    if (part === "response") return this.#response(id, request, response);
    if (part === "error") return this.#error(id, request, response);
    return refuse(response, 404, "InvalidResource", "no such resource");
  }

  #next(response: ServerResponse): void {
    this.#asking = response;
    if (this.#waiting === undefined) this.#listener?.ready();
    else this.#hand();
  }

  #hand(): void {
    const response = this.#asking;
    const waiting = this.#waiting;
    if (response === undefined || waiting === undefined) return;
    this.#asking = undefined;
    this.#waiting = undefined;
    const { head, payload } = waiting;
    this.#current = head.id;
    response.writeHead(200, {
      "content-type": "application/json",
      "content-length": payload.byteLength,
      "lambda-runtime-aws-request-id": head.id,
      "lambda-runtime-deadline-ms": String(head.deadlineMs),
      "lambda-runtime-invoked-function-arn": head.functionArn,
      ...(head.traceId !== undefined && { "lambda-runtime-trace-id": head.traceId }),
      ...(head.clientContext !== undefined && { "lambda-runtime-client-context": head.clientContext }),
      ...(head.identity !== undefined && { "lambda-runtime-cognito-identity": head.identity }),
    });
    response.end(payload);
  }

  async #initError(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const error = await collectAtMost(request, ERROR_BYTES_MAX);
    if (error === undefined) return refuseTooLarge(response);
    accept(response);
    this.#listener?.initFailed(withType(error, request));
  }

  async #response(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers["lambda-runtime-function-response-mode"] === STREAMING) return this.#stream(request, response);
    const payload = await collectAtMost(request, BODY_BYTES_MAX);
    if (payload === undefined || payload.byteLength > ANSWER_BYTES_MAX) refuseTooLarge(response);
    else accept(response);
    // too long either way: its size is all that is looked at
    this.#leave((listener) => listener.answered(id, payload ?? new Uint8Array(ANSWER_BYTES_MAX + 1)));
  }

  /** An error in the middle of it comes in the trailers. */
  async #stream(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const type = request.headers["content-type"] ?? "application/octet-stream";
    for await (const piece of request) if (Buffer.isBuffer(piece)) this.#listener?.piece(piece, type);
    accept(response);
    const errorType = request.trailers["lambda-runtime-function-error-type"];
    const body = request.trailers["lambda-runtime-function-error-body"];
    this.#leave((listener) =>
      listener.streamEnded(errorType === undefined ? undefined : Buffer.from(body ?? "", "base64")),
    );
  }

  async #error(id: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const error = await collectAtMost(request, ERROR_BYTES_MAX);
    if (error === undefined) return refuseTooLarge(response);
    accept(response);
    this.#leave((listener) => listener.failed(id, withType(error, request)));
  }

  /** The invocation is over with what is told. */
  #leave(tell: (listener: RuntimeListener) => void): void {
    this.#current = undefined;
    if (this.#listener === undefined) return;
    tell(this.#listener);
    if (this.#asking !== undefined) this.#listener.ready();
  }
}

async function isOf(socket: Socket, user: number | undefined): Promise<boolean> {
  if (user === undefined) return true;
  const peer = await usersOfPeer(socket);
  return peer.kind === "known" ? peer.users.every((one) => one === user) : peer.kind === "unknown";
}

const withType = (error: Uint8Array, { headers }: IncomingMessage): Uint8Array =>
  error.byteLength > 0
    ? error
    : Buffer.from(JSON.stringify({ errorType: headers["lambda-runtime-function-error-type"] ?? "Runtime.Unknown" }));

function accept(response: ServerResponse): void {
  response.writeHead(202, { "content-type": "application/json" });
  response.end('{"status":"OK"}\n');
}

const refuseTooLarge = (response: ServerResponse): void =>
  refuse(response, 413, "RequestEntityTooLarge", `Exceeded maximum allowed payload size (${ANSWER_BYTES_MAX} bytes).`);

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ errorMessage, errorType }));
}
