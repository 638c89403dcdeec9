/**
 * `/oauth2/revoke`: a refresh token, and all that came of it, is good no longer.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/revocation-endpoint.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Site } from "../../../service/site.ts";
import { revokesTokens } from "../client/client-row.ts";
import { readToken } from "../token/jwt.ts";
import { revoke } from "../token/refresh.ts";
import { requireAppCall } from "./client.ts";
import { ANY_ORIGIN } from "./page.ts";
import { refusedInJson } from "./refusal.ts";
import { one } from "./request.ts";

export const revokeHere: Site = async (request, context) => {
  const call = await requireAppCall(request, context, () => refusedInJson("invalid_client", 401));
  const token = one(call.parameters, "token");
  if (token === undefined || !revokesTokens(call.client)) throw refusedInJson("invalid_request");
  if (readToken(token) !== undefined) throw refusedInJson("unsupported_token_type");
  try {
    await revoke(call, token, context);
  } catch (error) {
    // what is no token of this app needs not be revoked, and the app is not told
    if (!(error instanceof AwsError)) throw error;
  }
  return { status: 200, headers: { ...ANY_ORIGIN, "cache-control": "no-store" }, body: "" };
};
