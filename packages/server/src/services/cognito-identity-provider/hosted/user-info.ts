/**
 * `/oauth2/userInfo`: what an access token's scopes let its holder see of the user.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/userinfo-endpoint.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import type { Site } from "../../../service/site.ts";
import { readableAttributes } from "../client/client-attributes.ts";
import { requireTokenOf, type TokenHolder } from "../token/access-token.ts";
import { attributeClaims } from "../token/token.ts";
import { identitiesAttribute } from "../user/user-row.ts";
import { json } from "./page.ts";
import { HostedRefusal } from "./refusal.ts";
import { requirePages } from "./request.ts";

export const showUser: Site = async (request, context) => {
  const pages = await requirePages(request, context);
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers["authorization"] ?? "") ?? [];
  if (token === undefined) throw refused(400, "invalid_request", "Bad OAuth2 request at UserInfo Endpoint");
  const { pool, client, user, session } = await requireHolderHere(token, context);
  if (pool.id !== pages.id || session.scopes?.includes("openid") !== true) throw invalidToken();
  const claims = attributeClaims(readableAttributes(pool, client, user), session.scopes);
  // here truth is written out
  const shown = Object.entries(claims).map(([name, value]) => [
    name,
    typeof value === "boolean" ? String(value) : value,
  ]);
  const facts = { ...identitiesAttribute(user.identities), ...Object.fromEntries(shown) };
  return json(200, { sub: user.sub, ...facts, username: user.username });
};

async function requireHolderHere(token: string, context: Context): Promise<TokenHolder> {
  try {
    return await requireTokenOf(token, context);
  } catch (error) {
    throw error instanceof AwsError ? invalidToken() : error;
  }
}

const invalidToken = () =>
  refused(401, "invalid_token", "Access token is expired, disabled, or deleted, or the user has globally signed out.");

function refused(status: number, error: string, description: string): HostedRefusal {
  const headers = { "www-authenticate": `error="${error}", error_description="${description}"` };
  return new HostedRefusal(json(status, { error, error_description: description }, headers), error);
}
