/** What may be set of an app client. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Transaction } from "../../../kernel/table.ts";
import { invalidOAuthFlow, invalidParameter, scopeNotFound } from "../errors.ts";
import { providers } from "../federation/identity-provider-row.ts";
import {
  AUTH_SESSION_MINUTES_USUAL,
  REFRESH_TOKEN_DAYS_USUAL,
  REFRESH_TOKEN_SECONDS_MAX,
  REFRESH_TOKEN_SECONDS_MIN,
  TOKEN_SECONDS_MAX,
  TOKEN_SECONDS_MIN,
} from "../limits.ts";
import type { Pool } from "../pool/pool-row.ts";
import { validityOf, type ClientSettings } from "./client-row.ts";
import { resourceServers } from "./resource-server-row.ts";

/** A client that is to be made or changed. */
export interface AskedClient {
  readonly pool: Pool;
  readonly settings: ClientSettings;
  readonly hasSecret: boolean;
}

/** The settings with AWS's own where the caller said nothing. */
export const settledClient = (asked: ClientSettings): ClientSettings => ({
  ...asked,
  RefreshTokenValidity: asked.RefreshTokenValidity ?? REFRESH_TOKEN_DAYS_USUAL,
  TokenValidityUnits: asked.TokenValidityUnits ?? {},
  AllowedOAuthFlowsUserPoolClient: asked.AllowedOAuthFlowsUserPoolClient ?? false,
  EnableTokenRevocation: asked.EnableTokenRevocation ?? true,
  EnablePropagateAdditionalUserContextData: asked.EnablePropagateAdditionalUserContextData ?? false,
  AuthSessionValidity: asked.AuthSessionValidity ?? AUTH_SESSION_MINUTES_USUAL,
});

/** @throws {AwsError} `InvalidParameterException`, `InvalidOAuthFlowException`, `ScopeDoesNotExistException` */
export async function requireClientSettings(asked: AskedClient, tx: Transaction): Promise<void> {
  requireAuthFlows(asked.settings);
  requireSecretFor(asked);
  requireValidities(asked.settings);
  requireAttributes(asked);
  requireUrls(asked.settings);
  requireOAuth(asked);
  await requireScopes(asked, tx);
  await requireProviders(asked, tx);
}

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
function requireSecretFor({ settings, hasSecret }: AskedClient): void {
  if (settings.EnablePropagateAdditionalUserContextData === true && !hasSecret) {
    throw invalidParameter("EnablePropagateAdditionalUserContextData needs a client with a secret.");
  }
}

function requireAuthFlows({ ExplicitAuthFlows: flows = [], RefreshTokenRotation: rotation }: ClientSettings): void {
  const allowing = flows.filter((flow) => flow.startsWith("ALLOW_"));
  if (allowing.length > 0 && allowing.length < flows.length) {
    throw invalidParameter("ExplicitAuthFlows cannot mix values that begin with ALLOW_ with the older ones.");
  }
  if (rotation?.Feature === "ENABLED" && flows.includes("ALLOW_REFRESH_TOKEN_AUTH")) {
    throw invalidParameter("Refresh token rotation cannot be enabled with the ALLOW_REFRESH_TOKEN_AUTH flow.");
  }
}

const isWithin = (ms: number, minSeconds: number, maxSeconds: number): boolean =>
  ms >= minSeconds * SECOND_MS && ms <= maxSeconds * SECOND_MS;

function requireValidities(settings: ClientSettings): void {
  const { accessMs, idMs, refreshMs } = validityOf({ settings });
  const isValid =
    isWithin(accessMs, TOKEN_SECONDS_MIN, TOKEN_SECONDS_MAX) &&
    isWithin(idMs, TOKEN_SECONDS_MIN, TOKEN_SECONDS_MAX) &&
    isWithin(refreshMs, REFRESH_TOKEN_SECONDS_MIN, REFRESH_TOKEN_SECONDS_MAX);
  if (!isValid) throw invalidParameter("Invalid range for token validity.");
}

/** Source: https://github.com/aws/aws-cdk/issues/34379 */
function requireAttributes({ pool, settings }: AskedClient): void {
  const known = (names: readonly string[]) => names.every((name) => pool.schema.some(({ Name }) => Name === name));
  if (!known(settings.ReadAttributes ?? [])) {
    throw invalidParameter("Invalid read attributes specified while creating a client");
  }
  if (!known(settings.WriteAttributes ?? [])) {
    throw invalidParameter("Invalid write attributes specified while creating a client");
  }
}

function requireUrls({
  CallbackURLs: callbacks = [],
  LogoutURLs: logouts = [],
  DefaultRedirectURI: usual,
}: ClientSettings): void {
  for (const url of [...callbacks, ...logouts]) {
    if (url.includes("#")) throw invalidParameter(`${url} cannot contain a fragment.`);
    if (/^http:/i.test(url) && !/^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:|\/|$)/i.test(url)) {
      throw invalidParameter(`${url} cannot use the HTTP protocol.`);
    }
  }
  if (usual !== undefined && !callbacks.includes(usual)) {
    throw invalidParameter("DefaultRedirectURI must be in the list of CallbackURLs.");
  }
}

function requireOAuth({ settings, hasSecret }: AskedClient): void {
  const { AllowedOAuthFlows: flows = [], AllowedOAuthScopes: scopes = [], CallbackURLs: callbacks = [] } = settings;
  if (flows.includes("client_credentials")) {
    if (flows.length > 1) {
      throw invalidOAuthFlow("client_credentials flow can not be selected along with code flow or implicit flow.");
    }
    if (!hasSecret) {
      throw invalidOAuthFlow("client_credentials flow can not be selected if client does not have a client secret.");
    }
  }
  if (settings.AllowedOAuthFlowsUserPoolClient !== true) return;
  if (flows.length === 0 || scopes.length === 0) {
    throw invalidParameter(
      "AllowedOAuthFlows and AllowedOAuthScopes are required if user pool client is allowed to use OAuth flows.",
    );
  }
  if (callbacks.length === 0 && !flows.includes("client_credentials")) {
    throw invalidParameter("CallbackURLs are required for the code and implicit flows.");
  }
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-define-resource-servers.html */
const STANDARD_SCOPES: readonly string[] = ["phone", "email", "openid", "profile", "aws.cognito.signin.user.admin"];

async function requireScopes({ pool, settings }: AskedClient, tx: Transaction): Promise<void> {
  for (const scope of settings.AllowedOAuthScopes ?? []) {
    if (STANDARD_SCOPES.includes(scope)) continue;
    const cut = scope.lastIndexOf("/");
    const server = await tx.get(resourceServers, pool.id, scope.slice(0, Math.max(cut, 0)));
    const isKnown = server?.scopes?.some(({ ScopeName }) => ScopeName === scope.slice(cut + 1)) ?? false;
    if (!isKnown) throw scopeNotFound(scope);
  }
}

async function requireProviders({ pool, settings }: AskedClient, tx: Transaction): Promise<void> {
  for (const name of settings.SupportedIdentityProviders ?? []) {
    if (name !== "COGNITO" && !(await tx.get(providers, pool.id, name))) {
      throw invalidParameter(`The provider ${name} does not exist for User Pool ${pool.id}.`);
    }
  }
}
