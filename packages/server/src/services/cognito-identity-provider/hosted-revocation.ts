/**
 * `/oauth2/revoke`: a refresh token, and all that came of it, is good no longer.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
 */
import type { Site, SiteAnswer } from "../../service/site.ts";
import { revokesTokens } from "./client-row.ts";
import { requireAppCall } from "./hosted-client.ts";
import { refusedInJson } from "./hosted-refusal.ts";
import { one } from "./hosted-request.ts";
import { readToken } from "./jwt.ts";
import { parseRefreshToken } from "./refresh-token-text.ts";
import { sessions } from "./session-row.ts";

const DONE: SiteAnswer = { status: 200, headers: { "cache-control": "no-store" }, body: "" };

/** What is no token of ours needs not be revoked; that another app's is refused is assumed to be in these words. */
export const revokeHere: Site = async (request, context) => {
  const { client, parameters } = await requireAppCall(request, context, () => refusedInJson("invalid_client", 401));
  const token = one(parameters, "token");
  if (token === undefined || !revokesTokens(client)) throw refusedInJson("invalid_request");
  if (readToken(token) !== undefined) throw refusedInJson("unsupported_token_type");
  const named = parseRefreshToken(token, context);
  const session = named && (await context.tx.get(sessions, named.id));
  if (session === undefined) return DONE;
  if (session.clientId !== client.id) throw refusedInJson("unauthorized_client");
  context.tx.put(sessions, { ...session, revoked: true });
  return DONE;
};
