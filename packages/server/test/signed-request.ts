/** Requests as the official SDK and its signers make them, in the form that arrives at the gateway. */
import type { HttpRequest } from "@smithy/types";
import type { RequestHead } from "../src/identity/sigv4/verify.ts";
import { assert } from "../src/kernel/assert.ts";

export interface SignedRequest {
  readonly head: RequestHead;
  readonly body: AsyncIterable<Uint8Array>;
}

/** A client whose requests go nowhere but into `requests`. */
function capturing(): { readonly requests: HttpRequest[]; readonly config: object } {
  const requests: HttpRequest[] = [];
  const requestHandler = {
    handle: (request: HttpRequest) => {
      requests.push(request);
      return Promise.reject(new Error("captured"));
    },
  };
  const logger = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };
  return { requests, config: { requestHandler, logger, maxAttempts: 1, endpoint: "http://localhost:4566" } };
}

const ignore = (): void => undefined;

/** The one request that `send` makes of a client built with `config`. */
export async function captured(make: (config: object) => { send: () => Promise<unknown> }): Promise<SignedRequest> {
  const { requests, config } = capturing();
  await make(config)
    .send()
    .catch((error: unknown) => {
      if (!(error instanceof Error) || error.message !== "captured") throw error;
    });
  const [request] = requests;
  assert(request !== undefined, "the client sends one request");
  return signedRequest(request);
}

function signedRequest(request: HttpRequest): SignedRequest {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), latin1(value)]),
  );
  return {
    head: { method: request.method, path: latin1(request.path), query: queryText(request.query ?? {}), headers },
    body: pieces(request.body),
  };
}

/** The head of a `GET` for a URL that was presigned. */
export function headOfUrl(url: string, more: Partial<RequestHead> = {}): RequestHead {
  const { host, pathname, search } = new URL(url);
  return { method: "GET", path: pathname, query: search.slice(1), ...more, headers: { host, ...more.headers } };
}

const latin1 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

const encode = (text: string): string =>
  encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );

function queryText(query: NonNullable<HttpRequest["query"]>): string {
  return Object.entries(query)
    .flatMap(([name, value]) => {
      if (value === null) return [encode(name)];
      return [value].flat().map((one) => `${encode(name)}=${encode(one)}`);
    })
    .join("&");
}

async function* pieces(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === "string") yield Buffer.from(body, "utf8");
  else if (body instanceof Uint8Array) yield Buffer.concat([body]);
  else for await (const piece of body as AsyncIterable<Uint8Array | string>) yield Buffer.from(piece);
}
