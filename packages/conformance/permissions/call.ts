/** One call with the official SDK, and what came of it. */
import { Agent } from "node:https";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Input, Manner } from "./case-file.ts";
import { NotAnswered, type Credentials, type Endpoint } from "./endpoint.ts";

export interface Call extends Manner {
  /** `s3:GetObject`. */
  readonly call: string;
  readonly input: Input;
  /** Anonymous where left out. */
  readonly credentials?: Credentials | undefined;
}

export type Outcome =
  | { readonly kind: "succeeded"; readonly output: object }
  | { readonly kind: "failed"; readonly code: string; readonly message: string; readonly status: number | undefined };

interface Client {
  readonly config: { readonly requestHandler: unknown };
  readonly middlewareStack: { addRelativeTo(middleware: Middleware, where: object): void };
  send(command: object, options: { abortSignal: AbortSignal }): Promise<object>;
  destroy(): void;
}

interface Sent {
  readonly request: { readonly headers: Record<string, string> };
}

type Middleware = (next: (sent: Sent) => unknown) => (sent: Sent) => unknown;

type Constructor<T> = new (options: object) => T;

const isClient = (value: unknown): value is Constructor<Client> => typeof value === "function";
const isCommand = (value: unknown): value is Constructor<object> => typeof value === "function";

/** The prefix of a call, where the SDK's package has another name. */
const PACKAGES: Readonly<Record<string, string>> = {
  "cognito-idp": "cognito-identity-provider",
  events: "eventbridge",
  secretsmanager: "secrets-manager",
};

/** Longer than any cloud on the same machine takes. */
const CALL_MS_MAX = 20_000;

const SILENT = { debug() {}, info() {}, warn() {}, error() {}, trace() {} };

/** Calls to one endpoint; connections and clients are shared. */
export class Caller implements Disposable {
  readonly endpoint: Endpoint;
  readonly #modules = new Map<string, Record<string, unknown>>();
  readonly #clients = new Map<string, Client>();
  /** Of the first client: all of them use its connections. */
  #requestHandler: unknown;

  constructor(endpoint: Endpoint) {
    this.endpoint = endpoint;
  }

  /** @throws {NotAnswered} where the endpoint does not answer, or not this call. */
  async send(call: Call): Promise<Outcome> {
    const [service = "", operation = ""] = call.call.split(":");
    const module = await this.#module(service);
    const Command = module[`${operation}Command`];
    if (!isCommand(Command)) throw new TypeError(`the SDK has no call ${call.call}`);
    const client = this.#client(service, module, call);
    const command = new Command(call.input);
    if (call.via === "presigned") return fetchSigned(client, command);
    try {
      const output = await client.send(command, { abortSignal: AbortSignal.timeout(CALL_MS_MAX) });
      await readBody(output);
      return failureIn(output) ?? { kind: "succeeded", output };
    } catch (error) {
      return failureOf(error, call.call);
    }
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  async #module(service: string): Promise<Record<string, unknown>> {
    const present = this.#modules.get(service);
    if (present !== undefined) return present;
    const module: Record<string, unknown> = await import(`@aws-sdk/client-${PACKAGES[service] ?? service}`);
    this.#modules.set(service, module);
    return module;
  }

  #client(service: string, module: Record<string, unknown>, call: Call): Client {
    const { credentials, region = this.endpoint.region, via, headers, skewMinutes = 0 } = call;
    const id = JSON.stringify([service, credentials, region, via, headers, skewMinutes]);
    const present = this.#clients.get(id);
    if (present !== undefined) return present;
    const name = Object.keys(module).find((key) => /.Client$/.test(key) && !key.startsWith("__"));
    const Client = module[name ?? ""];
    if (!isClient(Client)) throw new TypeError(`the SDK has no client for ${service}`);
    const client = new Client({
      region,
      forcePathStyle: true,
      maxAttempts: 1,
      systemClockOffset: skewMinutes * 60_000,
      logger: SILENT,
      ...signing(credentials),
      ...(via === "tls" ? this.#byTls() : this.#plainly()),
    });
    if (via !== "tls") this.#requestHandler ??= client.config.requestHandler;
    if (headers !== undefined) addHeaders(client, headers);
    this.#clients.set(id, client);
    return client;
  }

  #plainly(): object {
    const requestHandler = this.#requestHandler;
    return { endpoint: this.endpoint.url, ...(requestHandler !== undefined && { requestHandler }) };
  }

  /** A certificate that nobody vouches for will do. */
  #byTls(): object {
    const endpoint = this.endpoint.url.replace(/^http:/, "https:");
    return { endpoint, requestHandler: { httpsAgent: new Agent({ rejectUnauthorized: false }) } };
  }
}

/** Calls about many things say of each what became of it, within a success. */
function failureIn(output: object): Outcome | undefined {
  const [first]: readonly Failed[] = "Errors" in output && Array.isArray(output.Errors) ? output.Errors : [];
  return first && { kind: "failed", code: first.Code ?? "", message: first.Message ?? "", status: undefined };
}

interface Failed {
  readonly Code?: string;
  readonly Message?: string;
}

/** A body that nobody reads holds its connection. */
async function readBody(output: object): Promise<void> {
  if ("Body" in output && isStream(output.Body)) await output.Body.transformToByteArray();
}

const isStream = (value: unknown): value is { transformToByteArray(): Promise<Uint8Array> } =>
  typeof value === "object" && value !== null && "transformToByteArray" in value;

function signing(credentials: Credentials | undefined): object {
  if (credentials !== undefined) return { credentials };
  const signer = { sign: (request: unknown) => Promise.resolve(request) };
  return { credentials: { accessKeyId: "none", secretAccessKey: "none" }, signer };
}

/** Before the signature is made, after the SDK has named itself. */
function addHeaders(client: Client, headers: Readonly<Record<string, string>>): void {
  const middleware: Middleware = (next) => (sent) => {
    Object.assign(sent.request.headers, headers);
    return next(sent);
  };
  client.middlewareStack.addRelativeTo(middleware, {
    name: "headersOfCase",
    relation: "before",
    toMiddleware: "httpSigningMiddleware",
    override: true,
  });
}

/** A URL as it would be given away, fetched by somebody without keys. @throws {NotAnswered} */
async function fetchSigned(client: Client, command: object): Promise<Outcome> {
  const url = await signUrl(client, command);
  const response = await fetch(url, { signal: AbortSignal.timeout(CALL_MS_MAX) }).catch((cause: unknown) => {
    throw new NotAnswered("a presigned URL", { cause });
  });
  const text = await response.text();
  const { ok, status } = response;
  if (ok) return { kind: "succeeded", output: {} };
  if (status >= 500) throw new NotAnswered(`a presigned URL: ${status}`);
  const part = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(text)?.[1] ?? "";
  return { kind: "failed", code: part("Code"), message: unescape(part("Message")), status };
}

const unescape = (text: string): string => text.replaceAll("&quot;", '"').replaceAll("&#34;", '"');

type Sign = (client: Client, command: object, options: { expiresIn: number }) => Promise<string>;

/** Its own types ask for a client that is typed. */
const isSign = (value: unknown): value is Sign => typeof value === "function";

function signUrl(client: Client, command: object): Promise<string> {
  const sign: unknown = getSignedUrl;
  if (!isSign(sign)) throw new TypeError("the SDK does not presign");
  return sign(client, command, { expiresIn: 300 });
}

/** Codes of those who do not know a call. */
const UNKNOWN_CALL =
  /^(NotImplemented|NotImplementedException|UnknownOperationException|UnknownAction|InvalidAction|UnsupportedOperation|InternalFailure|InternalError|ServiceUnavailable|Service)$/;

/** @throws {NotAnswered} */
function failureOf(error: unknown, call: string): Outcome {
  if (!(error instanceof Error)) throw error;
  const status = statusOf(error);
  if (status === undefined) throw new NotAnswered(`${call}: ${error.message || error.name}`, { cause: error });
  const code = codeOf(error);
  if (status >= 500 || UNKNOWN_CALL.test(code)) throw new NotAnswered(`${call}: ${status} ${code}`);
  return { kind: "failed", code, message: error.message, status };
}

/** As it was on the wire: the SDK has names of its own for some. */
const codeOf = (error: Error): string => ("Code" in error && typeof error.Code === "string" ? error.Code : error.name);

/** As the SDK says it; none where there was no answer. */
function statusOf(error: object): number | undefined {
  const metadata: unknown = "$metadata" in error ? error.$metadata : undefined;
  if (typeof metadata !== "object" || metadata === null || !("httpStatusCode" in metadata)) return undefined;
  const { httpStatusCode } = metadata;
  return typeof httpStatusCode === "number" ? httpStatusCode : undefined;
}
