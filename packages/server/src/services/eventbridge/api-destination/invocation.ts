/**
 * Events that go to API destinations, over HTTP.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { parseExactly } from "../../../kernel/json-double.ts";
import { OutwardError } from "../../../kernel/outward-error.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { MessageContent } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import type { OutwardAnswer, OutwardRequest } from "../../../service/outward.ts";
import type { Receiver } from "../../../service/receiver.ts";
import { arnOfDestination, findDestination, type ApiDestination } from "./row.ts";
import { authorizationHeaders, TokenRefused, tokenExpired, valuesOf } from "../connection/authorization.ts";
import { findConnection, type Connection } from "../connection/row.ts";
import { readSecret, type ConnectionSecret } from "../connection/secret.ts";
import { connectionNotFound, destinationNotFound } from "../errors.ts";
import { ANSWER_BYTES_MAX, REQUEST_SECONDS_MAX } from "../limits.ts";

/** How many requests there were in a second. */
interface Pace {
  readonly destination: string;
  readonly second: number;
  readonly count: number;
}

const paces = table<Pace>("eventbridge.pace", "region", ({ destination }) => [destination]);

/** Of a destination that is no more. */
export const forgetPace = (destination: string, tx: Transaction): void => tx.delete(paces, destination);

/** What stands in a request unless the connection or the target say otherwise. */
const HEADERS = {
  "User-Agent": "Amazon/EventBridge/ApiDestinations",
  "Content-Type": "application/json; charset=utf-8",
  Range: `bytes=0-${ANSWER_BYTES_MAX - 1}`,
} as const;

export const invokeDestination: Receiver = async ({ to, content, as }, context) => {
  const destination = await findDestination(to, context.tx);
  const resource = destination === undefined ? to : arnOfDestination(destination);
  await context.as(as).require({ action: "events:InvokeApiDestination", resource });
  if (destination === undefined) throw destinationNotFound(to);
  const connection = await findConnection(destination.connectionArn, context.tx);
  if (connection === undefined) throw connectionNotFound(destination.connectionArn);
  if (connection.state !== "AUTHORIZED") throw new AwsError("AccessDenied", "the connection is not authorized");
  await keepPace(destination, context);
  const message: MessageContent = content.kind === "message" ? content : { kind: "message", text: "{}" };
  const secret = await readSecret(connection.secretArn, context);
  const headers = await headersOf(connection, secret, context);
  const answer = await context.outward.request(requestFor(destination, message, { secret, headers }));
  if (answer.status === 401) await tokenExpired(connection, context);
  requireSuccess(answer);
  return Buffer.from(answer.body).toString("utf8");
};

async function headersOf(connection: Connection, secret: ConnectionSecret, context: ErrandContext) {
  try {
    return await authorizationHeaders(connection, secret, context);
  } catch (error) {
    if (error instanceof TokenRefused) throw new AwsError("AuthorizationFailure", error.message);
    throw error;
  }
}

/** @throws {AwsError} `Throttling`: there were as many in this second as its owner wants. */
function keepPace({ name, perSecondMax }: ApiDestination, context: ErrandContext): Promise<void> {
  return context.transact(async (inner) => {
    const second = Math.floor(inner.now().getTime() / SECOND_MS);
    const pace = await inner.tx.get(paces, name);
    const count = pace?.second === second ? pace.count : 0;
    if (count >= perSecondMax)
      throw new AwsError("Throttling", "as many requests as the destination takes in a second");
    inner.tx.put(paces, { destination: name, second, count: count + 1 });
  });
}

/**
 * What neither a target nor a connection can set: the others are left out, these two are EventBridge's own.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html (headers in requests)
 */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "user-agent",
  "range",
  "a-im",
  "accept-charset",
  "accept-datetime",
  "accept-encoding",
  "cache-control",
  "connection",
  "content-encoding",
  "content-length",
  "content-md5",
  "date",
  "expect",
  "forwarded",
  "from",
  "host",
  "http2-settings",
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "max-forwards",
  "origin",
  "pragma",
  "proxy-authorization",
  "referer",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "warning",
]);

const settable = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !LEFT_OUT.has(name.toLowerCase())));

interface Proof {
  readonly secret: ConnectionSecret;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the connection says goes before what the target says. */
function requestFor(destination: ApiDestination, message: MessageContent, { secret, headers }: Proof): OutwardRequest {
  const { pathValues = [], headers: own = {}, query = {} } = message.request ?? {};
  const more = secret.invocation_http_parameters;
  const url = URL.parse(withValues(destination.endpoint, pathValues));
  if (url === null) throw new OutwardError("refused", `${destination.endpoint} is no address`);
  const asked = { ...query, ...valuesOf(more?.query_string_parameters) };
  for (const [key, value] of Object.entries(asked)) url.searchParams.set(key, value);
  const isBodied = destination.method !== "GET" && destination.method !== "HEAD";
  return {
    url: url.href,
    method: destination.method,
    headers: merged(HEADERS, settable(own), settable(valuesOf(more?.header_parameters)), headers),
    ...(isBodied && { body: Buffer.from(withBody(message.text, valuesOf(more?.body_parameters)), "utf8") }),
    timeoutMs: REQUEST_SECONDS_MAX * SECOND_MS,
    bytesMax: ANSWER_BYTES_MAX,
  };
}

function withValues(endpoint: string, values: readonly string[]): string {
  let at = 0;
  return endpoint.replaceAll("*", () => encodeURIComponent(values[at++] ?? "*"));
}

/** Names without regard to case: the last one counts. */
function merged(...all: readonly Readonly<Record<string, string>>[]): Record<string, string> {
  const byName = new Map<string, readonly [string, string]>();
  for (const headers of all) {
    for (const [name, value] of Object.entries(headers)) byName.set(name.toLowerCase(), [name, value]);
  }
  return Object.fromEntries(byName.values());
}

function withBody(text: string, more: Readonly<Record<string, string>>): string {
  if (Object.keys(more).length === 0) return text;
  const body = parsed(text);
  const isObject = typeof body === "object" && body !== null && !Array.isArray(body);
  return isObject ? JSON.stringify({ ...body, ...more }) : text;
}

/** A transformed event may be any text. */
function parsed(text: string): unknown {
  try {
    return parseExactly(text);
  } catch {
    return undefined;
  }
}

/** Tried again: 401, 407, 409, 429 and what the server is to blame for. */
function requireSuccess({ status }: OutwardAnswer): void {
  if (status >= 200 && status < 300) return;
  const message = `the destination answered ${status}`;
  if (status === 429) throw new AwsError("Throttling", message);
  if (status === 401 || status === 407 || status === 409 || status >= 500) throw new AwsError("Failure", message);
  throw new AwsError("InvalidAnswer", message);
}
