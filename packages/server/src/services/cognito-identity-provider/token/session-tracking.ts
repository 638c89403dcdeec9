/**
 * Whether a pool keeps a list of its users' sessions, and how many and how long they may be.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserPoolSessionConfiguration.html
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import { requireClientOf, type ClientInPool } from "../client/client-row.ts";
import { featureNotInTier, invalidParameter, trackingDisabled } from "../errors.ts";
import { operation } from "../kit.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";

interface Tracking {
  readonly poolId: string;
  readonly isEnabled: boolean;
  readonly tokenSessionsMax: number;
}

interface SilentReuse {
  readonly poolId: string;
  readonly clientId: string;
  readonly minutes: number;
}

export const trackings = table<Tracking>("cognito-idp.session-tracking", "global", ({ poolId }) => [poolId]);
export const silentReuses = table<SilentReuse>("cognito-idp.silent-reuse", "global", ({ poolId, clientId }) => [
  poolId,
  clientId,
]);

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserPoolTokenSessionConfigType.html */
const TOKEN_SESSIONS_USUAL = 20;
const TOKEN_SESSIONS_MAX = 100;

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_ClientSSOSessionConfigType.html */
const REUSE_MINUTES_USUAL = 60;
const REUSE_MINUTES_MAX = 129_600;

/** The longest that any client may have a browser's session reused for. */
export const REUSE_MS_MAX = REUSE_MINUTES_MAX * MINUTE_MS;

export const trackingOf = async (poolId: string, tx: Transaction): Promise<Tracking> =>
  (await tx.get(trackings, poolId)) ?? { poolId, isEnabled: false, tokenSessionsMax: TOKEN_SESSIONS_USUAL };

/** @throws {AwsError} `OperationNotEnabledException` */
export async function requireTracking({ id }: Pool, tx: Transaction): Promise<void> {
  if (!(await trackingOf(id, tx)).isEnabled) throw trackingDisabled();
}

/** For how long after a fresh sign-in the client is content with the browser's session. */
export async function reuseMs({ pool, client }: ClientInPool, tx: Transaction): Promise<number> {
  const own = await tx.get(silentReuses, pool.id, client.id);
  return (own?.minutes ?? REUSE_MINUTES_USUAL) * MINUTE_MS;
}

export const setUserPoolSessionConfiguration = operation("SetUserPoolSessionConfiguration", {
  authorize: onPool("SetUserPoolSessionConfiguration"),

  async handle({ UserPoolId, UserSessionTracking, TokenSession: { MaxPerUser: tokenSessionsMax } }, context) {
    const pool = await requirePool(UserPoolId, context);
    requireTier(pool);
    requireWithin("MaxPerUser", tokenSessionsMax, [1, TOKEN_SESSIONS_MAX]);
    const tracking = { poolId: pool.id, isEnabled: UserSessionTracking === "ENABLED", tokenSessionsMax };
    context.tx.put(trackings, tracking);
    return formatTracking(tracking);
  },
});

export const getUserPoolSessionConfiguration = operation("GetUserPoolSessionConfiguration", {
  authorize: onPool("GetUserPoolSessionConfiguration"),

  async handle({ UserPoolId }, context) {
    const { id } = await requirePool(UserPoolId, context);
    return formatTracking(await trackingOf(id, context.tx));
  },
});

const formatTracking = ({ poolId, isEnabled, tokenSessionsMax }: Tracking) => ({
  UserPoolId: poolId,
  UserSessionTracking: isEnabled ? ("ENABLED" as const) : ("DISABLED" as const),
  TokenSession: { MaxPerUser: tokenSessionsMax },
});

export const setUserPoolClientSessionConfiguration = operation("SetUserPoolClientSessionConfiguration", {
  authorize: onPool("SetUserPoolClientSessionConfiguration"),

  async handle({ UserPoolId, ClientId, SSOSession: { MaxValidityMinutes: minutes } }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    requireTier(pool);
    await requireTracking(pool, context.tx);
    requireWithin("MaxValidityMinutes", minutes, [0, REUSE_MINUTES_MAX]);
    const reuse = { poolId: pool.id, clientId: client.id, minutes };
    context.tx.put(silentReuses, reuse);
    return formatReuse(reuse);
  },
});

export const getUserPoolClientSessionConfiguration = operation("GetUserPoolClientSessionConfiguration", {
  authorize: onPool("GetUserPoolClientSessionConfiguration"),

  async handle({ UserPoolId, ClientId }, context) {
    const pool = await requirePool(UserPoolId, context);
    const client = await requireClientOf(pool, ClientId, context.tx);
    const minutes = (await reuseMs({ pool, client }, context.tx)) / MINUTE_MS;
    return formatReuse({ poolId: pool.id, clientId: client.id, minutes });
  },
});

const formatReuse = ({ poolId, clientId, minutes }: SilentReuse) => ({
  UserPoolId: poolId,
  ClientId: clientId,
  SSOSession: { MaxValidityMinutes: minutes },
});

function requireTier({ settings }: Pool): void {
  if (settings.UserPoolTier === "LITE") throw featureNotInTier("User session tracking");
}

function requireWithin(name: string, value: number, [least, most]: readonly [number, number]): void {
  if (value < least || value > most) throw invalidParameter(`${name} has to be between ${least} and ${most}.`);
}
