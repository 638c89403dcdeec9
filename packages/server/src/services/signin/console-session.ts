/** Who is signed in to the console: a row, and a cookie that names it. */
import type { AccountPrincipal } from "../../identity/principal.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import type { Job } from "../../service/service.ts";
import type { SiteRequest } from "../../service/site.ts";
import { digestOf } from "./digest.ts";
import type { SignIn } from "./sign-in-token.ts";

interface ConsoleSession {
  /** A digest of the cookie's value: who reads the store signs in with nothing. */
  readonly digest: string;
  readonly principal: AccountPrincipal;
  readonly expiresAtMs: number;
  /** Where the one who signed in comes from, as the link said. */
  readonly issuer: string | undefined;
}

const sessions = table<ConsoleSession>("signin.console-session", "global", ({ digest }) => [digest]);

const COOKIE = "kumobako-console-session";

export const END_SESSION = "end-console-session";

export const endSession: Job = async ({ tx }, digest) => tx.delete(sessions, digest);

interface Opening extends SignIn {
  readonly issuer?: string | undefined;
}

/** Begins a session in place of the browser's own; gives the header that hands it the cookie. */
export function openSession(
  { principal, seconds, issuer }: Opening,
  request: SiteRequest,
  context: Context,
): { readonly "set-cookie": string } {
  closeSession(request, context);
  const nowMs = context.now().getTime();
  const expiresAtMs = seconds === undefined ? (principal.session?.expiresAtMs ?? nowMs) : nowMs + seconds * SECOND_MS;
  const value = context.newId();
  const digest = digestOf(value);
  context.tx.put(sessions, { digest, principal, expiresAtMs, issuer });
  context.at(expiresAtMs, END_SESSION, digest);
  return cookieHeader(value, request);
}

/** Ends the browser's session, where it has one; gives the header that takes its cookie away. */
export function closeSession(request: SiteRequest, context: Context): { readonly "set-cookie": string } {
  const value = cookieOf(request);
  if (value !== undefined) {
    const digest = digestOf(value);
    context.tx.delete(sessions, digest);
    context.cancel(END_SESSION, digest);
  }
  return cookieHeader("", request);
}

/** The browser's session, while it lasts. */
export async function findSession(request: SiteRequest, context: Context): Promise<ConsoleSession | undefined> {
  const value = cookieOf(request);
  const session = value === undefined ? undefined : await context.tx.get(sessions, digestOf(value));
  return session !== undefined && session.expiresAtMs > context.now().getTime() ? session : undefined;
}

const cookieOf = ({ headers }: SiteRequest): string | undefined =>
  (headers["cookie"] ?? "")
    .split(/; */)
    .find((pair) => pair.startsWith(`${COOKIE}=`))
    ?.slice(COOKIE.length + 1);

/** Gone with the browser: virtual time is not a browser's. */
function cookieHeader(value: string, { endpoint }: SiteRequest): { readonly "set-cookie": string } {
  const secure = endpoint.startsWith("https:") ? "; Secure" : "";
  const end = value === "" ? "; Max-Age=0" : "";
  return { "set-cookie": `${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Lax${secure}${end}` };
}
