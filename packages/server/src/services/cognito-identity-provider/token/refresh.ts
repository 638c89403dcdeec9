/** Refresh tokens: new tokens for one, and taking them back. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/amazon-cognito-user-pools-using-the-refresh-token.html */
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { requireClient, requireClientSecret, revokesTokens, type ClientInPool } from "../client/client-row.ts";
import { devices } from "../device/device-row.ts";
import {
  invalidRefreshToken,
  refreshTokenExpired,
  refreshTokenReused,
  refreshTokenRevoked,
  tokenNotRevocable,
  tokenTypeUnsupported,
  userDisabled,
  userNotFound,
} from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import type { Pool } from "../pool/pool-row.ts";
import { sessions, type Session } from "../sign-in/session-row.ts";
import { formatTokens } from "../sign-in/sign-in.ts";
import type { Metadata } from "../trigger.ts";
import { users, type User } from "../user/user-row.ts";
import { readToken } from "./jwt.ts";
import { formatRefreshToken, parseRefreshToken } from "./refresh-token-text.ts";
import { tokensOf, type Tokens } from "./token.ts";
import { revokeOrigin, touch } from "./tracked-session-row.ts";

interface Shown {
  readonly token: string;
  readonly deviceKey?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

interface Refreshed {
  readonly tokens: Tokens;
  readonly user: User;
}

/**
 * New tokens of the same sign-in, and a new refresh token where the client has them rotated.
 * @throws {AwsError} `NotAuthorizedException`, `RefreshTokenReuseException`
 */
export async function refreshTokens(
  at: ClientInPool,
  { token, deviceKey, metadata }: Shown,
  context: Context,
): Promise<Refreshed> {
  const { pool } = at;
  const session = await requireSession(at, token, context);
  await requireSameDevice(pool, { session, deviceKey }, context);
  const user = await context.tx.get(users, pool.id, session.user);
  if (!user) throw userNotFound();
  if (!user.enabled) throw userDisabled();
  if (user.generation !== session.generation) throw refreshTokenRevoked();
  const tokens = await tokensOf({ ...at, user, metadata, source: "RefreshTokens" }, session, context);
  await touch(user, session.tracked, context);
  const rotated = rotate(at, session, context);
  return { user, tokens: { ...tokens, refreshToken: rotated && formatRefreshToken(rotated, context) } };
}

async function requireSession({ pool, client }: ClientInPool, token: string, context: Context): Promise<Session> {
  const named = parseRefreshToken(token, context);
  if (!named) throw invalidRefreshToken();
  const session = await context.tx.get(sessions, named.id);
  const nowMs = context.now().getTime();
  if (!session || nowMs >= session.expiresMs) throw refreshTokenExpired();
  if (session.poolId !== pool.id || session.clientId !== client.id) throw invalidRefreshToken();
  if (session.revoked) throw refreshTokenRevoked();
  const isPrevious = named.number === session.refresh - 1 && nowMs < (session.previousUntilMs ?? 0);
  if (named.number !== session.refresh && !isPrevious) throw refreshTokenReused();
  return session;
}

/**
 * What was signed in to on a device that has been confirmed goes on with its key alone.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_GetTokensFromRefreshToken.html (DeviceKey)
 * @throws {AwsError} `NotAuthorizedException`
 */
async function requireSameDevice(
  { id, settings }: Pool,
  { session, deviceKey }: { readonly session: Session; readonly deviceKey: string | undefined },
  { tx }: Context,
): Promise<void> {
  if (settings.DeviceConfiguration === undefined || session.deviceKey === undefined) return;
  const device = await tx.get(devices, id, session.user, session.deviceKey);
  if (device?.verifier !== undefined && deviceKey !== device.key) throw invalidRefreshToken();
}

/** The token that was used stays good for the grace period. */
function rotate({ client }: ClientInPool, session: Session, context: Context): Session | undefined {
  const { RefreshTokenRotation: rotation } = client.settings;
  if (rotation?.Feature !== "ENABLED") return undefined;
  const graceMs = (rotation.RetryGracePeriodSeconds ?? 0) * SECOND_MS;
  const next = { ...session, refresh: session.refresh + 1, previousUntilMs: context.now().getTime() + graceMs };
  context.tx.put(sessions, next);
  return next;
}

export const getTokensFromRefreshToken = operation("GetTokensFromRefreshToken", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ RefreshToken: token, ClientId, ClientSecret, DeviceKey: deviceKey, ...more }, context) {
    const at = await requireClient(ClientId, context);
    requireClientSecret(at.client, ClientSecret, context);
    const { tokens } = await refreshTokens(at, { token, deviceKey, metadata: more.ClientMetadata }, context);
    return { AuthenticationResult: formatTokens(tokens) };
  },
});

export const revokeToken = operation("RevokeToken", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ Token, ClientId, ClientSecret, RevokeAssociatedSessions: others }, context) {
    const at = await requireClient(ClientId, context);
    requireClientSecret(at.client, ClientSecret, context);
    const session = await revoke(at, Token, context);
    if (others === "LINKED" && session !== undefined) await revokeOrigin(session, context.tx);
    return {};
  },
});

/** Takes a refresh token back, and the access tokens that were made with it. The session that they were of. */
export async function revoke(
  { pool, client }: ClientInPool,
  token: string,
  context: Context,
): Promise<Session | undefined> {
  if (!revokesTokens(client)) throw tokenNotRevocable();
  if (readToken(token) !== undefined) throw tokenTypeUnsupported();
  const named = parseRefreshToken(token, context);
  if (!named) throw invalidRefreshToken();
  const session = await context.tx.get(sessions, named.id);
  if (!session) return undefined;
  if (session.poolId !== pool.id || session.clientId !== client.id) throw invalidRefreshToken();
  context.tx.put(sessions, { ...session, revoked: true });
  return session;
}
