/**
 * Who is signed in to the hosted pages in this browser: for an hour, whatever app asks; or for as long as each app says,
 * where the pool keeps a list of sessions.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html (a session cookie, valid for an hour)
 */
import { createHash } from "node:crypto";
import { HOUR_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { SiteRequest } from "../../../service/site.ts";
import type { ClientInPool } from "../client/client-row.ts";
import { REUSE_MS_MAX, reuseMs, trackingOf } from "../token/session-tracking.ts";
import { endBrowserSession, track } from "../token/tracked-session-row.ts";
import { users, type User } from "../user/user-row.ts";
import { browserSessions, type BrowserSession } from "./browser-session-row.ts";
import { cookieHeader, cookieOf } from "./cookie.ts";

/** The job that takes a browser's session out. */
export const END_BROWSER_SESSION = "end-browser-session";

/** Begins a session in place of the browser's own; gives it, and the header that hands the browser the cookie. */
export async function openBrowserSession(
  { pool, client, user }: ClientInPool & { readonly user: User },
  request: SiteRequest,
  context: Context,
): Promise<{ readonly session: BrowserSession; readonly headers: ReturnType<typeof cookieHeader> }> {
  await closeBrowserSession(request, context);
  const { poolId, key, generation } = user;
  const value = context.newId();
  const digest = digestOf(value);
  const authTimeMs = context.now().getTime();
  const { isEnabled } = await trackingOf(pool.id, context.tx);
  const expiresMs = authTimeMs + (isEnabled ? REUSE_MS_MAX : HOUR_MS);
  const tracked = isEnabled ? track(user, { type: "SSO", clientId: client.id, holds: digest }, context) : undefined;
  const session: BrowserSession = { digest, poolId, user: key, generation, expiresMs, authTimeMs, tracked };
  context.tx.put(browserSessions, session);
  context.at(expiresMs, END_BROWSER_SESSION, digest);
  return { session, headers: cookieHeader("cognito", value, request) };
}

/** Gives the header that takes the cookie away. */
export async function closeBrowserSession(request: SiteRequest, context: Context) {
  const value = cookieOf(request, "cognito");
  if (value !== undefined) {
    await endBrowserSession(digestOf(value), context.tx);
    context.cancel(END_BROWSER_SESSION, digestOf(value));
  }
  return cookieHeader("cognito", "", request);
}

/** Who is signed in to the pool in this browser, if they still may be, and the client is content with that. */
export async function browserEntrant(
  at: ClientInPool,
  request: SiteRequest,
  context: Context,
): Promise<Entered | undefined> {
  const { pool } = at;
  const value = cookieOf(request, "cognito");
  const session = value === undefined ? undefined : await context.tx.get(browserSessions, digestOf(value));
  const nowMs = context.now().getTime();
  if (session?.poolId !== pool.id || session.expiresMs <= nowMs) return undefined;
  const isTracked = session.tracked !== undefined;
  if (isTracked && nowMs >= session.authTimeMs + (await reuseMs(at, context.tx))) return undefined;
  const user = await context.tx.get(users, pool.id, session.user);
  return user !== undefined && isStillIn(user, session) ? { user, session } : undefined;
}

/** A user, and the browser's session that they are in. */
export interface Entered {
  readonly user: User;
  readonly session: BrowserSession;
}

/** Whether a user who signed in then needs not do so again: nobody has shut them out since, or wants another password of them. */
export const isStillIn = (user: User, { generation }: Pick<User, "generation">): boolean =>
  user.enabled && SIGNED_IN.includes(user.status) && user.generation === generation;

const SIGNED_IN: readonly User["status"][] = ["CONFIRMED", "EXTERNAL_PROVIDER"];

const digestOf = (value: string): string => createHash("sha256").update(value).digest("base64url");
