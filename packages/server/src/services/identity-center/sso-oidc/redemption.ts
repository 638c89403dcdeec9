/** What clients and applications bring for a token that a user has let them have. */
import { createHash } from "node:crypto";
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { authorizations, hashOf } from "../authorization-row.ts";
import { findSignedIn, openToken, type SignedIn } from "../portal-session.ts";
import { invalidGrant, invalidRequest } from "./errors.ts";

interface BroughtCode {
  readonly code?: string | undefined;
  readonly codeVerifier?: string | undefined;
  readonly redirectUri?: string | undefined;
}

/** Source: https://www.rfc-editor.org/rfc/rfc7636#section-4.6 */
export async function redeemCode(
  { code, codeVerifier, redirectUri }: BroughtCode,
  client: { readonly id: string },
  context: Context,
): Promise<SignedIn> {
  const { tx } = context;
  if (code === undefined || codeVerifier === undefined) throw invalidRequest("Missing code or codeVerifier");
  const authorization = await tx.get(authorizations, hashOf(code));
  const { sessionId } = authorization ?? {};
  if (!authorization || sessionId === undefined) throw invalidGrant("Invalid authorization code provided");
  const challenge = createHash("sha256").update(codeVerifier).digest("base64url");
  const fits =
    authorization.clientId === client.id &&
    authorization.redirectUri === redirectUri &&
    authorization.challenge === challenge &&
    authorization.expiresAtMs > context.now().getTime();
  // a code is good for one attempt, whoever makes it
  tx.delete(authorizations, authorization.hash);
  if (!fits) throw new MarkingRefusal(invalidGrant("Invalid authorization code provided"));
  return requireSession(sessionId, context);
}

export async function redeemRefreshToken(
  { refreshToken }: { readonly refreshToken?: string | undefined },
  client: { readonly id: string },
  context: Context,
): Promise<SignedIn> {
  if (refreshToken === undefined) throw invalidRequest("Missing refreshToken");
  const facts = openToken("refresh", refreshToken, context);
  if (facts?.clientId !== client.id) throw invalidGrant("Invalid refresh token provided");
  return requireSession(facts.sessionId, context);
}

/** @throws {AwsError} `InvalidGrantException` where the user has signed out meanwhile */
export async function requireSession(id: string, context: Context): Promise<SignedIn> {
  const signedIn = await findSignedIn(id, context);
  if (!signedIn) throw invalidGrant("The session has ended");
  return signedIn;
}
