/** The real SDK client of a service, whose requests go to a function in place of a socket. */
import type { WireRequest, WireResponse } from "../../../server/src/protocol/protocol.ts";
import { isByteStream } from "../../../server/src/protocol/value.ts";
import { collect } from "../../../server/src/kernel/bytes.ts";
import { HttpResponse, type HttpRequest } from "@smithy/core/protocols";
import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from "@aws-sdk/core/protocols";
import { Readable } from "node:stream";
import type { ProtocolName } from "../../../server/src/model/service-model.ts";

export interface SdkClient {
  send(command: object): Promise<Record<string, unknown>>;
}

export interface Sdk {
  readonly client: SdkClient;
  /** Whether it has such an operation: some models have more. */
  knows(operation: string): boolean;
  command(operation: string, input: object): object;
}

type Constructor<T> = new (options: object) => T;

export interface ClientOptions {
  /** Absent: the one the client chooses. */
  readonly protocol: ProtocolName | undefined;
  readonly style: "path" | "host";
  readonly answer: (request: WireRequest) => WireResponse;
}

/** Protocols that a client of another can be told to speak. */
const FORCED: Partial<Readonly<Record<ProtocolName, unknown>>> = {
  "rpc-v2-cbor": AwsSmithyRpcV2CborProtocol,
  "aws-query": AwsQueryProtocol,
};

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

export async function openSdk(id: string, { protocol, style, answer }: ClientOptions): Promise<Sdk> {
  const module: Record<string, unknown> = await import(`@aws-sdk/client-${id}`);
  const name = Object.keys(module).find((key) => /.Client$/.test(key) && !key.startsWith("__"));
  const Client = module[name ?? ""];
  if (!isClient(Client)) throw new Error(`${id} has no client`);
  const forced = protocol === undefined ? undefined : FORCED[protocol];
  const client = new Client({
    region: "us-east-1",
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
    endpoint: "http://localhost:4566",
    requestHandler: {
      metadata: {},
      handle: async (request: HttpRequest) => ({ response: await toResponse(answer(await toRequest(request))) }),
    },
    maxAttempts: 1,
    disableHostPrefix: true,
    accountIdEndpointMode: "disabled",
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
    logger: SILENT,
    ...(id === "s3" && { forcePathStyle: style === "path" }),
    ...(id === "sqs" && { md5: false }),
    ...(forced !== undefined && { protocol: forced }),
  });
  return {
    client,
    knows: (operation) => isCommand(module[`${operation}Command`]),
    command(operation, input) {
      const Command = module[`${operation}Command`];
      if (!isCommand(Command)) throw new Error(`${id} has no ${operation}`);
      return new Command(input);
    },
  };
}

const isClient = (value: unknown): value is Constructor<SdkClient> => typeof value === "function";
const isCommand = (value: unknown): value is Constructor<object> => typeof value === "function";

async function toRequest({ method, path, query, headers, body }: HttpRequest): Promise<WireRequest> {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((item) => `${encode(name)}=${encode(item ?? "")}`),
  );
  const lowercase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), toLatin1(value)]);
  return {
    method,
    path,
    query: pairs.join("&"),
    headers: Object.fromEntries(lowercase),
    body: await toBytes(body),
  };
}

/** As a socket would deliver it. */
const toLatin1 = (text: string): string => Buffer.from(text).toString("latin1");

const encode = (text: string): string => encodeURIComponent(text);

async function toBytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (isByteStream(body)) return collect(body);
  throw new Error("a body is text, bytes or a stream");
}

async function toResponse({ status, headers, body }: WireResponse): Promise<HttpResponse> {
  const bytes = await toBytes(body);
  const utf8 = Object.entries(headers).map(([name, value]) => [name, Buffer.from(value, "latin1").toString()]);
  return new HttpResponse({
    statusCode: status,
    headers: Object.fromEntries(utf8),
    body: Readable.from(bytes.byteLength === 0 ? [] : [bytes]),
  });
}
