/** Signing in with a password: who it is, or why not. */
import type { Context } from "../../../service/context.ts";
import { hidesUsers, type ClientInPool } from "../client/client-row.ts";
import {
  resetRequired,
  temporaryPasswordExpired,
  userDisabled,
  userNotConfirmed,
  userNotFound,
  wrongPassword,
} from "../errors.ts";
import { recordAuthEvent, WRONG_PASSWORD } from "../protection/auth-event-row.ts";
import type { Metadata } from "../trigger.ts";
import { isPassword, withImported } from "../user/password.ts";
import { findUser, type User } from "../user/user-row.ts";
import { countFailure, forgiven, requireUnlocked } from "./lockout.ts";
import { migrate, requireSettled } from "./migration.ts";
import { askBefore } from "./sign-in-trigger.ts";

/** What is typed in. */
interface Typed extends ClientInPool {
  /** The user's name, or what the pool lets stand for it. */
  readonly username: string;
  readonly password: string;
  /** What the app says for functions before the sign-in. */
  readonly validation?: Metadata | undefined;
}

/**
 * The user whose name and password these are. They are not signed in yet: a user in the status `FORCE_CHANGE_PASSWORD`
 * has to choose a password first, and a pool may ask for a second factor.
 * @throws {AwsError} `NotAuthorizedException`, `UserNotFoundException`, `UserNotConfirmedException`,
 * `PasswordResetRequiredException`; wrong passwords are counted
 */
export async function authenticatePassword(
  { pool, client, username, password, validation }: Typed,
  context: Context,
): Promise<User> {
  const source = "Authentication";
  const found = await findUser(pool, username, context.tx);
  if (!found) {
    const migrated = await migrate({ pool, client, typed: username, password, validation, source }, context);
    if (!migrated) throw unknownUser({ pool, client });
    return requireSettled(migrated);
  }
  askBefore({ pool, client, user: found, typed: username, validation }, context);
  requireUnlocked(found, context);
  const user = withImported(pool, found, password, context);
  if (!isPassword(user, password, context)) {
    if (user.status === "RESET_REQUIRED" && user.password === undefined) throw resetRequired();
    await recordAuthEvent(pool, user, { ...WRONG_PASSWORD, clientId: client.id }, context);
    throw countFailure(user, context);
  }
  requireStanding(user, context);
  return forgiven(user, context);
}

/** Whether a client tells that there is no such user. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-managing-errors.html */
export const unknownUser = ({ client }: ClientInPool) => (hidesUsers(client) ? wrongPassword() : userNotFound());

/** @throws {AwsError} where the user may not sign in, whatever they know. */
export function requireStanding({ enabled, status, temporaryUntilMs }: User, context: Context): void {
  if (!enabled) throw userDisabled();
  if (status === "UNCONFIRMED") throw userNotConfirmed();
  if (status === "RESET_REQUIRED") throw resetRequired();
  if (temporaryUntilMs !== undefined && context.now().getTime() >= temporaryUntilMs) throw temporaryPasswordExpired();
}
