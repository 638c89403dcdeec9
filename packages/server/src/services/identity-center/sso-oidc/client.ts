/** Registered clients. Source: https://docs.aws.amazon.com/singlesignon/latest/OIDCAPIReference/API_RegisterClient.html */
import { newSecretBytes } from "../../../kernel/ids.ts";
import type { Context } from "../../../service/context.ts";
import type { InputOf } from "../../../service/sdk.ts";
import { hashOf } from "../authorization-row.ts";
import { clients, type Client } from "../client-row.ts";
import { instanceAt } from "../portal-address.ts";
import {
  invalidClient,
  invalidClientMetadata,
  invalidRedirectUri,
  invalidRequest,
  invalidScope,
  unauthorizedClient,
  unsupportedGrantType,
} from "./errors.ts";
import { operation, type SsoOidcSdk } from "./kit.ts";
import { CLIENT_MS } from "./limits.ts";

export const DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";
const GRANT_TYPES = ["authorization_code", "refresh_token", DEVICE_CODE];

/** `sso:account:access`. */
const SCOPE = /^\w{1,50}(:\w{1,50}){0,2}$/;

export const FORGET_CLIENT = "forget-client";

export const registerClient = operation("RegisterClient", {
  callers: "open",
  authorize: () => [],

  async handle(input, context) {
    requireMetadata(input);
    const secret = random(48);
    const issuedAtMs = context.now().getTime();
    const expiresAtMs = issuedAtMs + CLIENT_MS;
    const client: Client = {
      id: random(16),
      secretHash: hashOf(secret),
      name: input.clientName,
      scopes: input.scopes ?? [],
      redirectUris: input.redirectUris ?? [],
      grantTypes: input.grantTypes ?? [],
      instanceId: await instanceIdOf(input, context),
      expiresAtMs,
    };
    context.tx.put(clients, client);
    context.at(expiresAtMs, FORGET_CLIENT, client.id);
    const { endpoint } = context.request;
    return {
      clientId: client.id,
      clientSecret: secret,
      clientIdIssuedAt: Math.floor(issuedAtMs / 1000),
      clientSecretExpiresAt: Math.floor(expiresAtMs / 1000),
      authorizationEndpoint: `${endpoint}/authorize`,
      tokenEndpoint: `${endpoint}/token`,
    };
  },
});

const random = (bytes: number): string => Buffer.from(newSecretBytes(bytes)).toString("base64url");

type Input = InputOf<SsoOidcSdk, "RegisterClient">;

/** @throws {AwsError} */
function requireMetadata({ clientType, scopes = [], grantTypes = [], redirectUris = [] }: Input): void {
  if (clientType !== "public") throw invalidClientMetadata("Invalid client type provided");
  if (!scopes.every((scope) => SCOPE.test(scope))) throw invalidScope();
  if (!grantTypes.every((type) => GRANT_TYPES.includes(type))) throw unsupportedGrantType();
  if (!redirectUris.every(isRedirectUri)) throw invalidRedirectUri();
  if (grantTypes.includes("authorization_code") && redirectUris.length === 0) throw invalidRedirectUri();
}

/** The user's own machine, or a place that is safe on the way. */
function isRedirectUri(text: string): boolean {
  const url = URL.parse(text);
  if (url === null || url.hash !== "" || url.username !== "") return false;
  return url.protocol === "https:" || (url.protocol === "http:" && LOOPBACK.includes(url.hostname));
}

const LOOPBACK = ["127.0.0.1", "[::1]", "localhost"];

/** @throws {AwsError} `InvalidRequestException` */
async function instanceIdOf({ issuerUrl }: Input, { tx }: Context): Promise<string | undefined> {
  if (issuerUrl === undefined) return undefined;
  const instance = await instanceAt(issuerUrl, tx);
  if (!instance) throw invalidRequest("Invalid issuer URL provided");
  return instance.id;
}

/** @throws {AwsError} `InvalidClientException` where it is unknown, has run out, or the secret is another */
export async function requireClient(
  { clientId, clientSecret }: { readonly clientId: string; readonly clientSecret: string },
  context: Context,
): Promise<Client> {
  const client = await context.tx.get(clients, clientId);
  const isGood = client?.secretHash === hashOf(clientSecret) && client.expiresAtMs > context.now().getTime();
  if (!client || !isGood) throw invalidClient();
  return client;
}

/** @throws {AwsError} `UnauthorizedClientException` where the client registered for other grants */
export function requireGrant({ grantTypes }: Client, type: string): void {
  if (grantTypes.length > 0 && !grantTypes.includes(type)) throw unauthorizedClient();
}
