/** Users' sessions, listed and ended one by one. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminListUserSessions.html */
import type { RevokeAssociatedSessionsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { invalidParameter, sessionNotFound } from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { requireUser, type User } from "../user/user-row.ts";
import { requireHolder } from "./access-token.ts";
import { requireTracking } from "./session-tracking.ts";
import { activeSessions, formatTracked, revokeTracked, type TrackedSession } from "./tracked-session-row.ts";

/** All of a user's sessions are one page, of so many at most. */
const LISTED_MAX = 125;

export const adminListUserSessions = operation("AdminListUserSessions", {
  authorize: onPool("AdminListUserSessions"),

  async handle({ UserPoolId, Username }, context) {
    const pool = await requirePool(UserPoolId, context);
    await requireTracking(pool, context.tx);
    return { Sessions: await list(await requireUser(pool, Username, context.tx), undefined, context) };
  },
});

export const listUserSessions = operation("ListUserSessions", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { pool, user, session } = await requireHolder(AccessToken, context);
    await requireTracking(pool, context.tx);
    return { Sessions: await list(user, session.tracked, context) };
  },
});

const activeOf = (user: User, context: Context): Promise<readonly TrackedSession[]> =>
  activeSessions(user, { tx: context.tx, now: () => context.now() });

async function list(user: User, current: string | undefined, context: Context) {
  const active = await activeOf(user, context);
  const newest = active.toSorted((one, other) => other.activeMs - one.activeMs).slice(0, LISTED_MAX);
  return newest.map((row) => formatTracked(row, current));
}

export const adminRevokeUserSession = operation("AdminRevokeUserSession", {
  authorize: onPool("AdminRevokeUserSession"),

  async handle({ UserPoolId, Username, SessionId, RevokeAssociatedSessions: others }, context) {
    const pool = await requirePool(UserPoolId, context);
    await requireTracking(pool, context.tx);
    await revoke(await requireUser(pool, Username, context.tx), { id: SessionId, others }, context);
    return {};
  },
});

export const revokeUserSession = operation("RevokeUserSession", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, SessionId, RevokeAssociatedSessions: others }, context) {
    const { pool, user, session } = await requireHolder(AccessToken, context);
    await requireTracking(pool, context.tx);
    if (SessionId === session.tracked) throw invalidParameter("The current session cannot be revoked.");
    await revoke(user, { id: SessionId, others }, context);
    return {};
  },
});

interface Ending {
  readonly id: string;
  readonly others: RevokeAssociatedSessionsType | undefined;
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function revoke(user: User, { id, others }: Ending, context: Context): Promise<void> {
  const active = await activeOf(user, context);
  const wanted = active.find((row) => row.id === id);
  if (!wanted) throw sessionNotFound();
  const linked = others === "LINKED" ? active.filter((row) => row.origin === id || row.id === wanted.origin) : [];
  for (const row of [wanted, ...linked]) await revokeTracked(row, context.tx);
}
