/**
 * Wrong passwords lock a user out, for longer each time.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow-things-to-know.html
 */
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { tooManyPasswords, wrongPassword } from "../errors.ts";
import { FAILURES_UNLOCKED_MAX, LOCKOUT_SECONDS_MAX } from "../limits.ts";
import { users, type User } from "../user/user-row.ts";

/** @throws {AwsError} `NotAuthorizedException`; an attempt while locked out counts for nothing. */
export function requireUnlocked({ failures }: User, context: Context): void {
  if (failures !== undefined && context.now().getTime() < failures.lockedUntilMs) throw tooManyPasswords();
}

/** Counts a wrong password; the refusal to throw. After a quiet quarter of an hour counting begins anew. */
export function countFailure(user: User, context: Context): MarkingRefusal {
  const nowMs = context.now().getTime();
  const { failures } = user;
  const isOld = failures === undefined || nowMs - failures.lastMs >= LOCKOUT_SECONDS_MAX * SECOND_MS;
  const count = (isOld ? 0 : failures.count) + 1;
  const lockSeconds =
    count < FAILURES_UNLOCKED_MAX ? 0 : Math.min(2 ** (count - FAILURES_UNLOCKED_MAX), LOCKOUT_SECONDS_MAX);
  const lockedUntilMs = nowMs + lockSeconds * SECOND_MS;
  context.tx.put(users, { ...user, failures: { count, lastMs: nowMs, lockedUntilMs } });
  return new MarkingRefusal(wrongPassword());
}

/** The user without a count, which is kept. */
export function forgiven(user: User, { tx }: Pick<Context, "tx">): User {
  if (user.failures === undefined) return user;
  const { failures: _, ...free } = user;
  tx.put(users, free);
  return free;
}
