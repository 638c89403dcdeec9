/** The list of a user's sessions: those of tokens, and those of browsers that are signed in. */
import type { SessionDescriptionType } from "@aws-sdk/client-cognito-identity-provider";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { browserSessions } from "../hosted/browser-session-row.ts";
import { randomLetters, type Pool } from "../pool/pool-row.ts";
import { sessions, type Session } from "../sign-in/session-row.ts";
import type { User } from "../user/user-row.ts";
import { trackingOf } from "./session-tracking.ts";

export interface TrackedSession {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  /** `tkn…` or `sso…`. */
  readonly id: string;
  readonly type: "TOKEN" | "SSO";
  readonly clientId: string;
  /** The session of the tokens by its id, that of the browser by its digest. */
  readonly holds: string;
  /** The browser's session that tokens come from. */
  readonly origin?: string | undefined;
  readonly createdMs: number;
  readonly activeMs: number;
  readonly device: string;
  readonly address: string;
}

export const trackedSessions = table<TrackedSession>("cognito-idp.tracked-session", "global", (row) => [
  row.poolId,
  row.user,
  row.id,
]);

/** More than a user has: those that have ended go when their tokens would have. */
const SESSIONS_READ_MAX = 10_000;

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SessionDescriptionType.html */
const ID_LETTERS = 25;
const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const DEVICE_LENGTH_MAX = 1024;

type Begun = Pick<TrackedSession, "type" | "clientId" | "holds" | "origin">;

/** Lists a session that begins; gives its id. */
export function track(user: User, begun: Begun, context: Context): string {
  const nowMs = context.now().getTime();
  const id = `${begun.type === "TOKEN" ? "tkn" : "sso"}${randomLetters(ID_LETTERS, LETTERS)}`;
  const facts = { ...begun, ...seenNow(context), poolId: user.poolId, user: user.key, id, createdMs: nowMs };
  context.tx.put(trackedSessions, facts);
  return id;
}

/** Somebody has used it, from where they are now. */
export async function touch(
  { poolId, key }: Pick<User, "poolId" | "key">,
  id: string | undefined,
  context: Context,
): Promise<void> {
  const row = id === undefined ? undefined : await context.tx.get(trackedSessions, poolId, key, id);
  if (!row) return;
  context.tx.put(trackedSessions, { ...row, ...seenNow(context) });
  if (row.origin !== undefined) await touch({ poolId, key }, row.origin, context);
}

/** Differs: the device is told as it calls itself, and of its place nothing is known. */
const seenNow = (context: Context): Pick<TrackedSession, "activeMs" | "device" | "address"> => ({
  activeMs: context.now().getTime(),
  device: (context.request.userAgent ?? "unknown").slice(0, DEVICE_LENGTH_MAX),
  address: context.request.sourceIp,
});

/** Those that have not ended. */
export async function activeSessions(user: User, { tx, now }: ActivePlace): Promise<readonly TrackedSession[]> {
  const rows = await tx.scan(trackedSessions, { prefix: [user.poolId, user.key], limit: SESSIONS_READ_MAX });
  const active: TrackedSession[] = [];
  for (const row of rows) if (await isActive(row, user, { tx, now })) active.push(row);
  return active;
}

interface ActivePlace {
  readonly tx: Transaction;
  readonly now: () => Date;
}

async function isActive({ type, holds }: TrackedSession, user: User, { tx, now }: ActivePlace): Promise<boolean> {
  const held = type === "TOKEN" ? await tx.get(sessions, holds) : await tx.get(browserSessions, holds);
  if (held === undefined || held.generation !== user.generation || held.expiresMs <= now().getTime()) return false;
  return !("revoked" in held && held.revoked);
}

/** Ends it: what it holds is good for nothing any more. */
export async function revokeTracked({ poolId, user, id, type, holds }: TrackedSession, tx: Transaction): Promise<void> {
  tx.delete(trackedSessions, poolId, user, id);
  if (type === "SSO") return tx.delete(browserSessions, holds);
  const session = await tx.get(sessions, holds);
  if (session) tx.put(sessions, { ...session, revoked: true });
}

/** Ends the browser's session that tokens come from, where there is one in the list. */
export async function revokeOrigin({ poolId, user, tracked }: Session, tx: Transaction): Promise<void> {
  const row = tracked === undefined ? undefined : await tx.get(trackedSessions, poolId, user, tracked);
  const origin = row?.origin === undefined ? undefined : await tx.get(trackedSessions, poolId, user, row.origin);
  if (origin !== undefined) await revokeTracked(origin, tx);
}

/** Before one more begins: those that were used least lately make room. */
export async function makeRoom(pool: Pool, user: User, context: Context): Promise<void> {
  const { tx } = context;
  const { tokenSessionsMax } = await trackingOf(pool.id, tx);
  const place = { tx, now: () => context.now() };
  const tokens = (await activeSessions(user, place)).filter(({ type }) => type === "TOKEN");
  const idle = tokens.toSorted((one, other) => one.activeMs - other.activeMs);
  for (const row of idle.slice(0, Math.max(0, tokens.length - tokenSessionsMax + 1))) await revokeTracked(row, tx);
}

export const formatTracked = (row: TrackedSession, current: string | undefined): SessionDescriptionType => ({
  SessionId: row.id,
  SessionType: row.type,
  ClientId: row.clientId,
  CreateDate: new Date(row.createdMs),
  LastActiveDate: new Date(row.activeMs),
  DeviceType: row.device,
  LastIPAddress: row.address,
  ...(row.origin !== undefined && { OriginSessionId: row.origin }),
  IsCurrentSession: row.id === current,
});

/** What a session leaves when its tokens can be good no longer. */
export async function expireSession(id: string, tx: Transaction): Promise<void> {
  const session = await tx.get(sessions, id);
  if (session?.tracked !== undefined) tx.delete(trackedSessions, session.poolId, session.user, session.tracked);
  tx.delete(sessions, id);
}

export async function endBrowserSession(digest: string, tx: Transaction): Promise<void> {
  const session = await tx.get(browserSessions, digest);
  if (session?.tracked !== undefined) tx.delete(trackedSessions, session.poolId, session.user, session.tracked);
  tx.delete(browserSessions, digest);
}
