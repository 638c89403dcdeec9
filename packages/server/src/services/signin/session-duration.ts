/** How long a session of the console lasts, as far as the one who makes it says. */
import type { AccountPrincipal } from "../../identity/principal.ts";
import { invalidCredentials, invalidSessionDuration } from "./errors.ts";
import { CONSOLE_SESSION_SECONDS_MAX, CONSOLE_SESSION_SECONDS_MIN } from "./limits.ts";

/**
 * `undefined` where nothing is said: then it lasts as long as its credentials.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_enable-console-custom-url.html
 * Source: https://repost.aws/knowledge-center/invalid-credentials-parameter (a role assumed from another role)
 * @throws {SignInRefused} where it is out of bounds, or the credentials let nobody choose.
 */
export function requireSessionSeconds(text: string | null, principal: AccountPrincipal): number | undefined {
  if (text === null || text === "") return undefined;
  const seconds = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (seconds < CONSOLE_SESSION_SECONDS_MIN || seconds > CONSOLE_SESSION_SECONDS_MAX) {
    throw invalidSessionDuration(CONSOLE_SESSION_SECONDS_MIN, CONSOLE_SESSION_SECONDS_MAX);
  }
  if (principal.type !== "role-session" || principal.session.chained) throw invalidCredentials();
  return seconds;
}
