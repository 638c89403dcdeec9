/**
 * What an app asks of the hosted pages: to have a user signed in, and to be told so in one way or another.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authorization-endpoint.html
 */
import type { Context } from "../../../service/context.ts";
import type { SiteRequest } from "../../../service/site.ts";
import { findDomain, type DomainOfPool } from "../branding/domain-row.ts";
import { findClient, type Client, type ClientInPool } from "../client/client-row.ts";
import { providers, type Provider } from "../federation/identity-provider-row.ts";
import { PROVIDERS_PER_POOL_MAX } from "../limits.ts";
import type { Pool } from "../pool/pool-row.ts";
import {
  clientWithoutPages,
  redirectMismatch,
  refusedToApp,
  unknownClient,
  unknownDomain,
  type Asker,
} from "./refusal.ts";

export interface AppRequest extends ClientInPool {
  readonly redirectUri: string;
  readonly responseType: "code" | "token";
  readonly state: string | undefined;
  readonly nonce: string | undefined;
  readonly scopes: readonly string[];
  /** Of the proof key, made with SHA-256. */
  readonly challenge: string | undefined;
  readonly prompts: readonly string[];
  /** Who is expected. */
  readonly loginHint: string | undefined;
  /** As it came, to be handed from page to page. */
  readonly query: string;
}

/** The domain that a host is, and the pool whose pages it shows. */
export const findHostDomain = (
  { host }: Pick<SiteRequest, "host">,
  { tx }: Pick<Context, "tx">,
): Promise<DomainOfPool | undefined> =>
  findDomain(host.replace(/\.amazoncognito\.localhost$/, ".amazoncognito.com"), tx);

/** The pool whose pages a host shows. @throws {HostedRefusal} */
export async function requirePages(request: Pick<SiteRequest, "host">, context: Pick<Context, "tx">): Promise<Pool> {
  const found = await findHostDomain(request, context);
  if (found === undefined) throw unknownDomain();
  return found.pool;
}

/** Of users of the pool itself. @throws {HostedRefusal} as `requireAuthorizeRequest`, and where the client knows none of those */
export async function requireAppRequest(request: SiteRequest, context: Context): Promise<AppRequest> {
  const asked = await requireAuthorizeRequest(request, context);
  const named = one(request.query, "identity_provider") ?? OWN_USERS;
  if (!knowsOwnUsers(asked.client) || named !== OWN_USERS || request.query.has("idp_identifier"))
    throw refusedToApp("invalid_request", asked);
  return asked;
}

/** @throws {HostedRefusal} on a page where the client or its address are not known, to the app where they are */
export async function requireAuthorizeRequest(request: SiteRequest, context: Context): Promise<AppRequest> {
  const { query } = request;
  const { pool, client } = await requirePagesClient(request, context);
  const redirectUri = requireRedirectUri(client, query);
  const responseType = one(query, "response_type");
  const state = one(query, "state");
  const asker: Asker = { redirectUri, responseType, state };
  if (repeated(query) || (responseType !== "code" && responseType !== "token")) {
    throw refusedToApp("invalid_request", asker);
  }
  if (!allowsFlow(client, responseType === "code" ? "code" : "implicit")) {
    throw refusedToApp("unauthorized_client", asker);
  }
  return {
    pool,
    client,
    redirectUri,
    responseType,
    state,
    nonce: one(query, "nonce"),
    scopes: requireScopes(client, query, asker),
    challenge: requireChallenge(query, asker),
    prompts: (one(query, "prompt") ?? "").split(" "),
    loginHint: one(query, "login_hint"),
    query: query.toString(),
  };
}

/** The pool's client that is named. @throws {HostedRefusal} */
export async function requireClientHere(request: SiteRequest, context: Context): Promise<ClientInPool> {
  const pool = await requirePages(request, context);
  const found = await findClient(one(request.query, "client_id") ?? "", context.tx);
  if (found?.pool.id !== pool.id) throw unknownClient();
  return found;
}

/** The same, where it has its users sign in on the pages. @throws {HostedRefusal} */
export async function requirePagesClient(request: SiteRequest, context: Context): Promise<ClientInPool> {
  const found = await requireClientHere(request, context);
  if (found.client.settings.AllowedOAuthFlowsUserPoolClient !== true) throw clientWithoutPages();
  return found;
}

/** The one value of a parameter; `undefined` where there is none, or several. */
export function one(query: URLSearchParams, name: string): string | undefined {
  const [value, ...more] = query.getAll(name);
  return value === "" || more.length > 0 ? undefined : value;
}

const repeated = (query: URLSearchParams): boolean => new Set(query.keys()).size < [...query.keys()].length;

export const allowsFlow = ({ settings }: Client, flow: "code" | "implicit" | "client_credentials"): boolean =>
  settings.AllowedOAuthFlowsUserPoolClient === true && (settings.AllowedOAuthFlows ?? []).includes(flow);

/** Letter by letter one of those registered. @throws {HostedRefusal} */
function requireRedirectUri({ settings }: Client, query: URLSearchParams): string {
  const uri = query.has("redirect_uri") ? one(query, "redirect_uri") : settings.DefaultRedirectURI;
  if (uri === undefined || !(settings.CallbackURLs ?? []).includes(uri)) throw redirectMismatch();
  return uri;
}

/**
 * All of the client's where none is asked for.
 * @throws {HostedRefusal}
 */
function requireScopes({ settings }: Client, query: URLSearchParams, asker: Asker): readonly string[] {
  const allowed = settings.AllowedOAuthScopes ?? [];
  const asked = [...new Set((one(query, "scope") ?? "").split(" ").filter((scope) => scope !== ""))];
  if (asked.length === 0) return allowed;
  const needsOpenId = asked.some((scope) => ["phone", "email", "profile"].includes(scope));
  const isValid = asked.every((scope) => allowed.includes(scope)) && (!needsOpenId || asked.includes("openid"));
  if (!isValid) throw refusedToApp("invalid_scope", asker);
  return asked;
}

/** What SHA-256 gives, in base64url. Source: https://www.rfc-editor.org/rfc/rfc7636#section-4.2 */
const CHALLENGE = /^[\w-]{43}$/;

/** @throws {HostedRefusal} */
function requireChallenge(query: URLSearchParams, asker: Asker): string | undefined {
  const challenge = one(query, "code_challenge");
  const method = one(query, "code_challenge_method");
  if (challenge === undefined && method === undefined) return undefined;
  if (challenge === undefined || method !== "S256" || !CHALLENGE.test(challenge)) {
    throw refusedToApp("invalid_request", asker);
  }
  return challenge;
}

const OWN_USERS = "COGNITO";

const providersOf = ({ settings }: Client): readonly string[] => settings.SupportedIdentityProviders ?? [];

/** Whether users of the pool itself may sign in to the client. */
export const knowsOwnUsers = (client: Client): boolean =>
  providersOf(client).length === 0 || providersOf(client).includes(OWN_USERS);

/** The external providers whose users may sign in to the client. */
export const externalProviders = (client: Client): readonly string[] =>
  providersOf(client).filter((name) => name !== OWN_USERS);

/**
 * The external provider that is asked for, or the only one that there is to ask; `undefined`: the pool itself.
 * @throws {HostedRefusal} where the client does not know it
 */
export async function askedProvider(
  asked: AppRequest,
  { query }: Pick<SiteRequest, "query">,
  { tx }: Pick<Context, "tx">,
): Promise<Provider | undefined> {
  const known = externalProviders(asked.client);
  const identifier = one(query, "idp_identifier");
  const only = knowsOwnUsers(asked.client) || known.length > 1 ? OWN_USERS : known[0];
  const name = one(query, "identity_provider") ?? only ?? OWN_USERS;
  if (identifier === undefined && name === OWN_USERS) return undefined;
  const found =
    identifier === undefined
      ? await tx.get(providers, asked.pool.id, name)
      : (await tx.scan(providers, { prefix: [asked.pool.id], limit: PROVIDERS_PER_POOL_MAX })).find(({ identifiers }) =>
          identifiers.includes(identifier),
        );
  if (found === undefined || !known.includes(found.name)) throw refusedToApp("invalid_request", asked);
  return found;
}
