/**
 * How requests to API destinations prove who they are from.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-target-connection-auth.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { OutwardError } from "../../../kernel/outward-error.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import type { OutwardRequest } from "../../../service/outward.ts";
import { connections, type Connection } from "./row.ts";
import { readSecret, type ConnectionSecret, type SecretParameters } from "./secret.ts";
import { REQUEST_SECONDS_MAX, TOKEN_BYTES_MAX, TOKEN_SECONDS_USUAL } from "../limits.ts";

export const AUTHORIZE = "authorize";
const PURPOSE = "eventbridge.token";

/** The errand: gets a connection that needs one its first token. */
export async function authorize(context: ErrandContext, name: string): Promise<void> {
  const connection = await context.tx.get(connections, name);
  if (connection?.state !== "AUTHORIZING") return;
  try {
    await newToken(connection, await readSecret(connection.secretArn, context), context);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const reason = error.message;
    await change(connection, (was) => ({ ...was, state: "DEAUTHORIZED", reason }), context);
  }
}

const isRefusal = (error: unknown): error is Error =>
  error instanceof OutwardError || error instanceof TokenRefused || error instanceof AwsError;

/** The server that gives out tokens gave none. */
export class TokenRefused extends Error {
  override readonly name = "TokenRefused";
}

/** The headers that a request has for its authorization. @throws {OutwardError}, {TokenRefused} */
export async function authorizationHeaders(
  connection: Connection,
  secret: ConnectionSecret,
  context: ErrandContext,
): Promise<Readonly<Record<string, string>>> {
  switch (connection.type) {
    case "BASIC": {
      const pair = Buffer.from(`${secret.username ?? ""}:${secret.password ?? ""}`, "utf8").toString("base64");
      return { Authorization: `Basic ${pair}` };
    }
    case "API_KEY":
      return { [secret.api_key_name ?? ""]: secret.api_key_value ?? "" };
    case "OAUTH_CLIENT_CREDENTIALS": {
      const token = keptToken(connection, context) ?? (await newToken(connection, secret, context));
      return { Authorization: `Bearer ${token}` };
    }
  }
}

function keptToken({ token }: Connection, context: Context): string | undefined {
  if (token === undefined || token.untilMs <= context.now().getTime()) return undefined;
  const bytes = context.keys.open(token.sealed, PURPOSE);
  return bytes && Buffer.from(bytes).toString("utf8");
}

/** Forgets the token, since it is not believed any more. */
export const tokenExpired = (connection: Connection, context: ErrandContext): Promise<void> =>
  change(connection, ({ token: _old, ...rest }) => rest, context);

/** Not where its owner has changed it meanwhile: what was under way was about what it is no more. */
function change(
  { name, id, revision }: Connection,
  changed: (was: Connection) => Connection,
  context: ErrandContext,
): Promise<void> {
  return context.transact(async ({ tx }) => {
    const was = await tx.get(connections, name);
    if (was?.id === id && was.revision === revision) tx.put(connections, changed(was));
  });
}

/** Source: https://www.rfc-editor.org/rfc/rfc6749#section-4.4 */
async function newToken(connection: Connection, secret: ConnectionSecret, context: ErrandContext): Promise<string> {
  const answer = await context.outward.request(tokenRequest(secret));
  const given = tokenIn(answer.body);
  if (answer.status >= 300 || given === undefined) {
    throw new TokenRefused(`the authorization endpoint answered ${answer.status} and no token`);
  }
  await keepToken(connection, given, context);
  return given.token;
}

/** A GET has no body: what would be in it stands in the address. @throws {OutwardError} */
function tokenRequest(secret: ConnectionSecret): OutwardRequest {
  const { authorization_endpoint: endpoint = "", http_method: method = "POST", oauth_http_parameters: more } = secret;
  const form = {
    grant_type: "client_credentials",
    client_id: secret.client_id ?? "",
    client_secret: secret.client_secret ?? "",
    ...valuesOf(more?.body_parameters),
  };
  const query = valuesOf(more?.query_string_parameters);
  const headers = valuesOf(more?.header_parameters);
  const bounds = { timeoutMs: REQUEST_SECONDS_MAX * SECOND_MS, bytesMax: TOKEN_BYTES_MAX };
  if (method === "GET") return { url: tokenAddress(endpoint, { ...form, ...query }).href, method, headers, ...bounds };
  return {
    url: tokenAddress(endpoint, query).href,
    method,
    headers: { "Content-Type": "application/x-www-form-urlencoded", ...headers },
    body: Buffer.from(new URLSearchParams(form).toString(), "utf8"),
    ...bounds,
  };
}

/** @throws {OutwardError} */
function tokenAddress(endpoint: string, query: Readonly<Record<string, string>>): URL {
  const url = URL.parse(endpoint);
  if (url === null) throw new OutwardError("refused", `${endpoint} is no address`);
  for (const [key, value] of Object.entries(query)) url.searchParams.set(key, value);
  return url;
}

export const valuesOf = (list: SecretParameters["header_parameters"]): Record<string, string> =>
  Object.fromEntries((list ?? []).map(({ key = "", value = "" }) => [key, value]));

interface GivenToken {
  readonly token: string;
  readonly seconds: number;
}

function tokenIn(body: Uint8Array): GivenToken | undefined {
  const answer = parsed(Buffer.from(body).toString("utf8"));
  if (typeof answer !== "object" || answer === null || !("access_token" in answer)) return undefined;
  const { access_token: token } = answer;
  const seconds = "expires_in" in answer ? Number(answer.expires_in) : TOKEN_SECONDS_USUAL;
  if (typeof token !== "string") return undefined;
  return { token, seconds: Number.isFinite(seconds) ? seconds : TOKEN_SECONDS_USUAL };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keepToken(connection: Connection, { token, seconds }: GivenToken, context: ErrandContext): Promise<void> {
  const atMs = context.now().getTime();
  const kept = { sealed: context.keys.seal(token, PURPOSE), untilMs: atMs + seconds * SECOND_MS };
  const authorized = ({ reason: _why, ...was }: Connection): Connection => ({
    ...was,
    token: kept,
    state: "AUTHORIZED",
    authorizedAtMs: atMs,
  });
  return change(connection, authorized, context);
}
