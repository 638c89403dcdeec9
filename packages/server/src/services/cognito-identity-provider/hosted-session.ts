/**
 * Who is signed in to the hosted pages in this browser: for an hour, whatever app asks.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html (a session cookie, valid for an hour)
 */
import { createHash } from "node:crypto";
import { HOUR_MS } from "../../kernel/duration.ts";
import { table, type Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { SiteRequest } from "../../service/site.ts";
import { cookieHeader, cookieOf } from "./hosted-cookie.ts";
import type { Pool } from "./pool-row.ts";
import { users, type User } from "./user-row.ts";

interface BrowserSession {
  /** Of the cookie's value: who reads the store is signed in nowhere. */
  readonly digest: string;
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  readonly generation: number;
  readonly expiresMs: number;
}

const browserSessions = table<BrowserSession>("cognito-idp.browser-session", "global", ({ digest }) => [digest]);

/** The job that takes a browser's session out. */
export const END_BROWSER_SESSION = "end-browser-session";

export const endBrowserSession = (digest: string, tx: Transaction): void => tx.delete(browserSessions, digest);

/** Begins a session in place of the browser's own; gives the header that hands it the cookie. */
export function openBrowserSession(user: User, request: SiteRequest, context: Context) {
  closeBrowserSession(request, context);
  const { poolId, key, generation } = user;
  const value = context.newId();
  const digest = digestOf(value);
  const expiresMs = context.now().getTime() + HOUR_MS;
  context.tx.put(browserSessions, { digest, poolId, user: key, generation, expiresMs });
  context.at(expiresMs, END_BROWSER_SESSION, digest);
  return cookieHeader("cognito", value, request);
}

/** Gives the header that takes the cookie away. */
export function closeBrowserSession(request: SiteRequest, context: Context) {
  const value = cookieOf(request, "cognito");
  if (value !== undefined) {
    endBrowserSession(digestOf(value), context.tx);
    context.cancel(END_BROWSER_SESSION, digestOf(value));
  }
  return cookieHeader("cognito", "", request);
}

/** The user who is signed in to the pool in this browser, if they still may be. */
export async function browserUser(pool: Pool, request: SiteRequest, context: Context): Promise<User | undefined> {
  const value = cookieOf(request, "cognito");
  const session = value === undefined ? undefined : await context.tx.get(browserSessions, digestOf(value));
  if (session?.poolId !== pool.id || session.expiresMs <= context.now().getTime()) return undefined;
  const user = await context.tx.get(users, pool.id, session.user);
  return user !== undefined && isStillIn(user, session) ? user : undefined;
}

/** Whether a user who signed in then needs not do so again: nobody has shut them out since, or wants another password of them. */
export const isStillIn = (user: User, { generation }: Pick<User, "generation">): boolean =>
  user.enabled && user.status === "CONFIRMED" && user.generation === generation;

const digestOf = (value: string): string => createHash("sha256").update(value).digest("base64url");
