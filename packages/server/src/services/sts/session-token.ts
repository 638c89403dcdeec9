/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html */
import type { Root, User } from "../../identity/principal.ts";
import type { Context } from "../../service/context.ts";
import { sessionCredentials } from "./errors.ts";
import { issue, newTemporaryKeyId, sessionOf } from "./issued-session.ts";
import { operation } from "./kit.ts";
import { ROOT_SESSION_SECONDS_MAX, USER_SESSION_SECONDS_USUAL } from "./limits.ts";
import { provesMfa } from "./second-factor.ts";

/** Proves who calls: no policy allows or denies it. */
export const getSessionToken = operation("GetSessionToken", {
  authorize: () => [],

  async handle(input, context) {
    const principal = requireLongTerm(context, "GetSessionToken");
    const mfaAtMs = (await provesMfa(input, context)) ? context.now().getTime() : undefined;
    const session = sessionOf(context, userSessionSeconds(principal, input.DurationSeconds), { mfaAtMs });
    const accessKeyId = newTemporaryKeyId(principal.account);
    return issue(context, { ...principal, accessKeyId, session }, input.MinimumSessionTokenSize);
  },
});

/**
 * The caller, where it signs with a long-term key.
 * @throws {AwsError} `AccessDenied` where it does not
 */
export function requireLongTerm({ principal }: Pick<Context, "principal">, operationName: string): User | Root {
  const isLongTerm = (principal.type === "user" || principal.type === "root") && principal.session === undefined;
  if (!isLongTerm) throw sessionCredentials(operationName);
  return principal;
}

/** How long a session of a user may last; the root user's lasts an hour at most, whatever is asked for. */
export function userSessionSeconds({ type }: User | Root, asked: number | undefined): number {
  const seconds = asked ?? USER_SESSION_SECONDS_USUAL;
  return type === "root" ? Math.min(seconds, ROOT_SESSION_SECONDS_MAX) : seconds;
}
