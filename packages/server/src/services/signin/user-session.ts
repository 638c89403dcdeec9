/** The session of the console that a user's password opens: one of temporary credentials, as any. */
import type { PasswordVerdict } from "../../identity/directory.ts";
import type { User } from "../../identity/principal.ts";
import { SECOND_MS } from "../../kernel/duration.ts";
import { newAccessKeyId } from "../../kernel/ids.ts";
import type { Context } from "../../service/context.ts";
import type { SiteAnswer, SiteRequest } from "../../service/site.ts";
import { consoleLogin } from "./console-login.ts";
import { openSession } from "./console-session.ts";
import { CONSOLE_PATH, requireDestination } from "./destination.ts";
import { CONSOLE_SESSION_SECONDS_MAX } from "./limits.ts";
import { redirect } from "./page.ts";

export const SIGN_IN_PATH = "/console";

export type SignedIn = Extract<PasswordVerdict, { kind: "signed-in" }>;

export function sessionOf({ user, secondFactor }: Pick<SignedIn, "user" | "secondFactor">, context: Context): User {
  const nowMs = context.now().getTime();
  return {
    ...user,
    accessKeyId: newAccessKeyId("temporaryKey", user.account),
    session: {
      issuedAtMs: nowMs,
      expiresAtMs: nowMs + CONSOLE_SESSION_SECONDS_MAX * SECOND_MS,
      mfaAtMs: secondFactor ? nowMs : undefined,
      signedIn: true,
      tags: {},
      transitiveTagKeys: [],
      policies: [],
      policyArns: [],
      chained: false,
    },
  };
}

interface Visit {
  readonly request: SiteRequest;
  readonly context: Context;
}

/** @throws {SignInRefused} where the destination is neither the console's nor this server's. */
export function enter(principal: User, destination: string, { request, context }: Visit): SiteAnswer {
  const location = destination === "" ? CONSOLE_PATH : requireDestination(destination, request);
  const cookie = openSession({ principal, seconds: undefined }, request, context);
  return { ...redirect(location, cookie), event: consoleLogin(principal) };
}
