/**
 * A cloud in the test's own process, called by the official SDK clients through the real wire and
 * real signatures, without a socket.
 */
import { onTestFinished } from "vitest";
import type { ByteStream } from "../src/kernel/bytes.ts";
import { once } from "../src/kernel/once.ts";
import { openCloud, type CloudOptions, type OpenCloud } from "../src/main.ts";

export interface TestCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

/** What credentials an SDK gives out look like. */
export interface IssuedCredentials {
  readonly AccessKeyId?: string | undefined;
  readonly SecretAccessKey?: string | undefined;
  readonly SessionToken?: string | undefined;
}

interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly protocol?: string;
}

type SdkClient<Client> = new (config: Readonly<Record<string, unknown>>) => Client;

export interface TestCloud {
  /** A client of the root of `000000000000`, or of whom the credentials belong to. */
  client<Client>(of: SdkClient<Client>, credentials?: TestCredentials | IssuedCredentials, more?: object): Client;
  /** The root of any account. */
  rootOf(account: string): TestCredentials;
  readonly clock: { advance(seconds: number): Promise<void>; now(): Date };
  readonly cloud: OpenCloud;
  /** Ends it before its test does. */
  close(): Promise<void>;
  /** Sends a raw request. */
  send(request: SdkRequest): Promise<{ statusCode: number; headers: Record<string, string>; body: Uint8Array }>;
}

/** A new, empty cloud in memory; it ends with the test. */
export async function testCloud(options: Partial<CloudOptions> = {}): Promise<TestCloud> {
  const cloud = await openCloud({ storage: { kind: "memory" }, ...options });
  const close = once(() => cloud.close());
  onTestFinished(close);
  const requestHandler = {
    metadata: { handlerProtocol: "http/1.1" },
    handle: async (request: SdkRequest) => ({ response: await handle(request, cloud) }),
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  return {
    cloud,
    close,
    client: (Client, credentials = { accessKeyId: "test", secretAccessKey: "test" }, more = {}) =>
      new Client({
        region: "us-east-1",
        endpoint: "http://localhost:4566",
        credentials: issued(credentials),
        requestHandler,
        maxAttempts: 1,
        ...more,
      }),
    rootOf: (account) => ({ accessKeyId: account, secretAccessKey: "test" }),
    clock: { advance: (seconds) => cloud.clock.advance(seconds), now: () => new Date(cloud.clock.now()) },
    async send(request) {
      const { statusCode, headers, body } = await handle(request, cloud);
      const pieces: Uint8Array[] = [];
      for await (const piece of body) pieces.push(piece);
      return { statusCode, headers, body: Buffer.concat(pieces) };
    },
  };
}

export function issued(credentials: TestCredentials | IssuedCredentials): TestCredentials {
  if ("accessKeyId" in credentials) return credentials;
  const { AccessKeyId, SecretAccessKey, SessionToken } = credentials;
  return { accessKeyId: AccessKeyId ?? "", secretAccessKey: SecretAccessKey ?? "", sessionToken: SessionToken };
}

async function handle(request: SdkRequest, cloud: OpenCloud) {
  const headers = Object.fromEntries(
    Object.entries(request.headers as Readonly<Record<string, string | undefined>>)
      // Node's own client leaves these out
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name.toLowerCase(), value]),
  );
  const response = await cloud.answer({
    method: request.method,
    path: request.path,
    query: queryOf(request.query ?? {}),
    headers,
    body: streamOf(request.body),
    remoteAddress: "127.0.0.1",
    secure: request.protocol === "https:",
  });
  const lower = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const { Readable } = await import("node:stream");
  const body =
    request.method === "HEAD" ? Readable.from([]) : Readable.from(streamOf(response.body), { objectMode: false });
  return { statusCode: response.status, headers: lower, body };
}

const escaped = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);

/** As the SDK's own handler writes it. */
function queryOf(query: NonNullable<SdkRequest["query"]>): string {
  return Object.keys(query)
    .toSorted()
    .flatMap((name) => {
      const value = query[name];
      if (value === null || value === undefined) return [escaped(name)];
      return (Array.isArray(value) ? value : [value]).map((one: string) => `${escaped(name)}=${escaped(one)}`);
    })
    .join("&");
}

async function* streamOf(body: unknown): ByteStream & AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === "string") yield Buffer.from(body, "utf8");
  else if (body instanceof Uint8Array) yield body;
  else for await (const piece of body as AsyncIterable<Uint8Array | string>) yield Buffer.from(piece);
}
