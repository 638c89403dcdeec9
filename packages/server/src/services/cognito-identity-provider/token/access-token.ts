/** Calls that show an access token instead of credentials. */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { findClient, recordAt, type ClientInPool } from "../client/client-row.ts";
import {
  accessTokenExpired,
  accessTokenRevoked,
  accessTokenScope,
  invalidAccessToken,
  userDisabled,
  userNotFound,
} from "../errors.ts";
import { issuerOf } from "../pool/pool-row.ts";
import { sessions, type Session } from "../sign-in/session-row.ts";
import { users, type User } from "../user/user-row.ts";
import { isSignedBy, readToken, type Claims } from "./jwt.ts";
import { publicKeys } from "./signing-key.ts";
import { API_SCOPE } from "./token.ts";

/** Who shows a token, and where they got it. */
export interface TokenHolder extends ClientInPool {
  readonly user: User;
  readonly session: Session;
}

/**
 * The holder of an access token that was given out here, is good now and was not taken back.
 * @throws {AwsError} `NotAuthorizedException`, or `UserNotFoundException` where the user is gone
 */
export async function requireHolder(token: string, context: Context): Promise<TokenHolder> {
  const holder = await requireTokenOf(token, context);
  const scope = readToken(token)?.["scope"];
  if (typeof scope !== "string" || !scope.split(" ").includes(API_SCOPE)) throw accessTokenScope();
  return holder;
}

/** The same whatever its scopes are: pages ask for others. */
export async function requireTokenOf(token: string, context: Context): Promise<TokenHolder> {
  const { tx } = context;
  const { at, claims } = await requireClaims(token, context);
  recordAt(at.pool, context);
  const session = await tx.get(sessions, String(claims["event_id"]));
  if (!session || session.revoked) throw accessTokenRevoked();
  const user = await tx.get(users, at.pool.id, session.user);
  if (!user || user.sub !== claims["sub"]) throw userNotFound();
  if (!user.enabled) throw userDisabled();
  if (user.generation !== session.generation) throw accessTokenRevoked();
  return { ...at, user, session };
}

/** @throws {AwsError} `NotAuthorizedException` where the token was not given out here, or is good no longer. */
async function requireClaims(token: string, context: Context): Promise<{ at: ClientInPool; claims: Claims }> {
  const claims = readToken(token);
  if (claims?.["token_use"] !== "access" || typeof claims["client_id"] !== "string") throw invalidAccessToken();
  const at = await findClient(claims["client_id"], context.tx);
  if (!at || claims["iss"] !== issuerOf(at.pool)) throw invalidAccessToken();
  if (!isSignedBy(await publicKeys(at.pool.id, context.tx), token)) throw invalidAccessToken();
  if (context.now().getTime() >= Number(claims["exp"]) * SECOND_MS) throw accessTokenExpired();
  return { at, claims };
}
