/** Logins: what providers vouch for, checked before anything is believed of it. */
import type { Verdict } from "../../identity/federation/federation.ts";
import type { Context } from "../../service/context.ts";
import {
  cognitoTokenAsLogin,
  invalidLogin,
  loginsDoNotMatch,
  noIdentityToken,
  providerUnreachable,
  unsupportedProvider,
} from "./errors.ts";
import type { Login } from "./identity-row.ts";
import type { Pool } from "./pool-row.ts";

/** The name by which tokens of identity pools come as a login. */
export const IDENTITY_POOLS = "cognito-identity.amazonaws.com";

/** Claims of a token, attributes of an assertion. */
export type Claims = Readonly<Record<string, unknown>>;

export interface VerifiedLogin extends Login {
  readonly kind: "user-pool" | "token" | "assertion";
  readonly claims: Claims;
  /** Names that a role mapping may have for the provider, the closest first. */
  readonly mappingNames: readonly string[];
  /** What a token's `amr` says of it. */
  readonly method: string;
  /** Roles that the assertion lets its user take. */
  readonly roles: readonly string[];
}

type Surroundings = Pick<Context, "federation" | "directory" | "tx">;

interface Shown {
  readonly provider: string;
  readonly token: string;
}

/**
 * Outside of transactions: providers may have to be asked for their keys. If any token fails, all do.
 * @param logins tokens by the names of their providers
 * @throws {AwsError} `NotAuthorizedException`, `ExternalServiceException`
 */
export async function verifyLogins(
  pool: Pool,
  logins: Readonly<Record<string, string>> | undefined,
  context: Surroundings,
): Promise<readonly VerifiedLogin[]> {
  const verified: VerifiedLogin[] = [];
  for (const [provider, token] of Object.entries(logins ?? {})) {
    verified.push(await verifyLogin(pool, { provider, token }, context));
  }
  return verified;
}

function verifyLogin(pool: Pool, shown: Shown, context: Surroundings): Promise<VerifiedLogin> {
  const { provider } = shown;
  if (provider === IDENTITY_POOLS) throw cognitoTokenAsLogin();
  const clients = (pool.userPools ?? []).filter(({ ProviderName }) => ProviderName === provider);
  if (clients.length > 0) return userPoolLogin(clients, shown, context);
  if (pool.samlProviderArns?.includes(provider) === true) return samlLogin(shown, context);
  const oidcArn = oidcArnOf(pool, provider);
  if (oidcArn !== undefined) return oidcLogin(pool, { ...shown, oidcArn }, context);
  const clientId = Object.hasOwn(pool.publicProviders ?? {}, provider) ? pool.publicProviders?.[provider] : undefined;
  if (clientId !== undefined) return publicLogin(clientId, shown, context);
  throw loginsDoNotMatch();
}

type Clients = NonNullable<Pool["userPools"]>;

async function userPoolLogin(clients: Clients, shown: Shown, context: Surroundings): Promise<VerifiedLogin> {
  const { provider } = shown;
  const isAsked = clients.some(({ ServerSideTokenCheck }) => ServerSideTokenCheck === true);
  const expected = { issuer: provider, thumbprints: [], ...(isAsked && { standing: "asked" as const }) };
  const { subject, audiences, claims } = await verifiedToken(shown, expected, context);
  const client = clients.find(({ ClientId }) => ClientId !== undefined && audiences.includes(ClientId));
  if (client === undefined) throw unsupportedProvider();
  if (claims["token_use"] !== "id") throw noIdentityToken();
  return {
    kind: "user-pool",
    provider,
    subject,
    claims,
    mappingNames: [`${provider}:${client.ClientId}`, provider],
    // Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#context-variable-reference (cognitoAuthenticationProvider)
    method: `${provider}:CognitoSignIn:${subject}`,
    roles: [],
  };
}

interface OidcShown extends Shown {
  readonly oidcArn: string;
}

async function oidcLogin(pool: Pool, shown: OidcShown, context: Surroundings): Promise<VerifiedLogin> {
  const { provider, oidcArn } = shown;
  const name = provider.startsWith("arn:") ? oidcNameOf(provider) : provider;
  const record = await context.directory.findOidcProvider(`https://${name}`, pool.account, context.tx);
  if (record?.arn !== oidcArn) throw unsupportedProvider();
  const expected = { issuer: name, thumbprints: record.thumbprints };
  const { subject, audiences, claims } = await verifiedToken(shown, expected, context);
  const audience = audiences.find((each) => record.clientIds.includes(each));
  if (audience === undefined) throw unsupportedProvider();
  return tokenLogin(shown, { subject, audience, claims }, [provider, oidcArn, name]);
}

/** Public providers whose tokens can be checked by keys. */
const PUBLIC_ISSUERS = ["accounts.google.com", "appleid.apple.com"];

/** Differs: access tokens of Twitter and Digits are not asked for there, so none is good. */
async function publicLogin(clientId: string, shown: Shown, context: Surroundings): Promise<VerifiedLogin> {
  const { provider } = shown;
  if (provider === "www.amazon.com" || provider === "graph.facebook.com") {
    const told = believed(provider, await context.federation.verifyAccessToken(shown.token, provider));
    // Source: https://github.com/amazon-archives/cognito-sample-nodejs/issues/1 (the application's id, not the client's)
    if (told.applicationId !== clientId) throw unsupportedProvider();
    const { subject, audience } = told;
    return tokenLogin(shown, { subject, audience, claims: { sub: subject, aud: audience } }, [provider]);
  }
  if (!PUBLIC_ISSUERS.includes(provider)) throw providerUnreachable(provider);
  const { subject, audiences, claims } = await verifiedToken(shown, { issuer: provider, thumbprints: [] }, context);
  if (!audiences.includes(clientId)) throw unsupportedProvider();
  return tokenLogin(shown, { subject, audience: clientId, claims }, [provider]);
}

interface TokenFacts {
  readonly subject: string;
  readonly audience: string;
  readonly claims: Claims;
}

/** The form of `method` is assumed. */
const tokenLogin = (
  { provider }: Shown,
  { subject, audience, claims }: TokenFacts,
  mappingNames: readonly string[],
): VerifiedLogin => ({
  kind: "token",
  provider,
  subject,
  claims,
  mappingNames,
  method: `${provider}:${audience}:${subject}`,
  roles: [],
});

async function samlLogin({ provider, token }: Shown, { federation, tx }: Surroundings): Promise<VerifiedLogin> {
  const verdict = await federation.verifySaml(token, provider, tx);
  if (verdict.verdict === "refused") throw invalidLogin(verdict.refusal.words);
  const { subject, attributes, roles } = verdict.identity;
  return {
    kind: "assertion",
    provider,
    subject,
    claims: attributes,
    mappingNames: [provider],
    method: `${provider}:${subject}`,
    roles: roles.filter(({ providerArn }) => providerArn === provider).map(({ roleArn }) => roleArn),
  };
}

/** @throws {AwsError} `NotAuthorizedException`, `ExternalServiceException` */
async function verifiedToken(
  { provider, token }: Shown,
  expected: Parameters<Context["federation"]["verifyToken"]>[1],
  { federation, tx }: Surroundings,
) {
  return believed(provider, await federation.verifyToken(token, expected, tx));
}

/** @throws {AwsError} `NotAuthorizedException`, `ExternalServiceException` */
function believed<Identity>(provider: string, verdict: Verdict<Identity>): Identity {
  if (verdict.verdict === "verified") return verdict.identity;
  if (verdict.refusal.kind === "unreachable") throw providerUnreachable(provider);
  throw invalidLogin(verdict.refusal.words);
}

/** A provider of OpenID Connect goes by its ARN, or by its address without the scheme. */
function oidcArnOf(pool: Pool, provider: string): string | undefined {
  return pool.oidcProviderArns?.find((arn) => arn === provider || oidcNameOf(arn) === provider);
}

const oidcNameOf = (arn: string): string => arn.slice(arn.indexOf(":oidc-provider/") + ":oidc-provider/".length);
