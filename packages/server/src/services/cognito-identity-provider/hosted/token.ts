/**
 * `/oauth2/token`: codes, refresh tokens and clients' own secrets against tokens.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import type { Site } from "../../../service/site.ts";
import { isRefusalOfFunction } from "../errors.ts";
import { refreshTokens } from "../token/refresh.ts";
import { issueClientToken, type Tokens } from "../token/token.ts";
import { requireAppCall, type AppCall } from "./client.ts";
import { redeem } from "./code.ts";
import { json } from "./page.ts";
import { refusedByFunction, refusedInJson, type HostedRefusal } from "./refusal.ts";
import { allowsFlow, one } from "./request.ts";

type Given = Partial<Tokens> & Pick<Tokens, "accessToken" | "expiresInSeconds">;
type Grant = (call: AppCall, context: Context) => Promise<Given>;

const GRANTS: Readonly<Record<string, Grant>> = {
  authorization_code: byCode,
  refresh_token: byRefreshToken,
  client_credentials: bySecret,
};

export const giveTokens: Site = async (request, context) => {
  const call = await requireAppCall(request, context, () => refusedInJson("invalid_client"));
  const name = requireParameter(call, "grant_type");
  const grant = findOwn(GRANTS, name);
  if (grant === undefined) throw refusedInJson("unsupported_grant_type");
  try {
    return json(200, format(await grant(call, context)));
  } catch (error) {
    throw error instanceof AwsError ? refusalBy(error) : error;
  }
};

const refusalBy = ({ code, message }: AwsError): HostedRefusal =>
  isRefusalOfFunction(code) ? refusedByFunction(message) : refusedInJson("invalid_grant");

const format = ({ idToken, accessToken, refreshToken, expiresInSeconds }: Given) => ({
  id_token: idToken,
  access_token: accessToken,
  refresh_token: refreshToken,
  expires_in: expiresInSeconds,
  token_type: "Bearer",
});

/** @throws {HostedRefusal} `invalid_request` */
function requireParameter({ parameters }: AppCall, name: string): string {
  const value = one(parameters, name);
  if (value === undefined) throw refusedInJson("invalid_request");
  return value;
}

async function byCode(call: AppCall, context: Context): Promise<Given> {
  if (!allowsFlow(call.client, "code")) throw refusedInJson("unauthorized_client");
  const code = requireParameter(call, "code");
  const redirectUri = requireParameter(call, "redirect_uri");
  return redeem({ ...call, code, redirectUri, verifier: one(call.parameters, "code_verifier") }, context);
}

async function byRefreshToken(call: AppCall, context: Context): Promise<Given> {
  if (call.client.settings.AllowedOAuthFlowsUserPoolClient !== true) throw refusedInJson("unauthorized_client");
  const { tokens } = await refreshTokens(call, { token: requireParameter(call, "refresh_token") }, context);
  return tokens;
}

/** All scopes of resource servers that the client has, where none is asked for. */
async function bySecret(call: AppCall, context: Context): Promise<Given> {
  const { client, parameters } = call;
  if (!allowsFlow(client, "client_credentials")) throw refusedInJson("unauthorized_client");
  const allowed = (client.settings.AllowedOAuthScopes ?? []).filter((scope) => scope.includes("/"));
  const asked = [...new Set((one(parameters, "scope") ?? "").split(" ").filter((scope) => scope !== ""))];
  const scopes = asked.length === 0 ? allowed : asked;
  if (scopes.length === 0 || !scopes.every((scope) => allowed.includes(scope))) throw refusedInJson("invalid_scope");
  return issueClientToken({ ...call, scopes }, context);
}
