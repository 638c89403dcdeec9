/** Codes that are sent to users: each for one purpose, good for a time, and few tries at it. */
import { assert } from "../../../kernel/assert.ts";
import { MarkingRefusal } from "../../../kernel/aws-error.ts";
import { HOUR_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { codeExpired, tooManyAttempts, wrongCode } from "../errors.ts";
import {
  ATTRIBUTE_CODE_HOURS,
  CODE_ATTEMPTS_MAX,
  CODE_ATTEMPTS_MINUTES,
  RECOVERY_CODE_HOURS,
  SIGN_UP_CODE_HOURS,
} from "../limits.ts";
import { randomLetters } from "../pool/pool-row.ts";
import type { User } from "./user-row.ts";

/** `email` and `phone_number` verify the attribute. */
export type Purpose = "sign-up" | "recovery" | "email" | "phone_number";

interface Code {
  readonly poolId: string;
  /** The user's key. */
  readonly user: string;
  readonly purpose: Purpose;
  readonly sealed: string;
  /** The attribute that it was sent to. */
  readonly attribute: "email" | "phone_number";
  /** The address itself; earlier versions kept none. */
  readonly address?: string | undefined;
  readonly expiresMs: number;
  /** Wrong ones in a row, and when the last was. */
  readonly failures: number;
  readonly failedMs: number;
}

export type SentTo = Pick<Code, "attribute" | "address">;

const codes = table<Code>("cognito-idp.code", "global", ({ poolId, user, purpose }) => [poolId, user, purpose]);

const HOURS: Readonly<Record<Purpose, number>> = {
  "sign-up": SIGN_UP_CODE_HOURS,
  recovery: RECOVERY_CODE_HOURS,
  email: ATTRIBUTE_CODE_HOURS,
  phone_number: ATTRIBUTE_CODE_HOURS,
};

const SEALED_FOR = "cognito-idp code";
const DIGITS = "0123456789";
const CODE_DIGITS = 6;

export const newCode = (digits = CODE_DIGITS): string => randomLetters(digits, DIGITS);

/** A new code; the one before it is good no longer. Wrong tries at that count on. */
export async function makeCode(
  { poolId, key: user }: User,
  { purpose, attribute, address }: Pick<Code, "purpose"> & SentTo,
  context: Context,
): Promise<string> {
  const { tx, keys } = context;
  const before = await tx.get(codes, poolId, user, purpose);
  const code = newCode();
  tx.put(codes, {
    poolId,
    user,
    purpose,
    attribute,
    address,
    sealed: keys.seal(code, SEALED_FOR),
    expiresMs: context.now().getTime() + HOURS[purpose] * HOUR_MS,
    failures: before?.failures ?? 0,
    failedMs: before?.failedMs ?? 0,
  });
  return code;
}

/**
 * Uses a code up; where it was sent to.
 * @throws {AwsError} `CodeMismatchException`, `ExpiredCodeException`, `LimitExceededException`
 */
export async function takeCode(
  { poolId, key: user }: User,
  { purpose, code }: { readonly purpose: Purpose; readonly code: string },
  context: Context,
): Promise<SentTo> {
  const { tx, keys } = context;
  const made = await tx.get(codes, poolId, user, purpose);
  const nowMs = context.now().getTime();
  if (!made) throw codeExpired();
  const isQuiet = nowMs - made.failedMs >= CODE_ATTEMPTS_MINUTES * MINUTE_MS;
  const failures = isQuiet ? 0 : made.failures;
  if (failures >= CODE_ATTEMPTS_MAX) throw tooManyAttempts();
  if (nowMs >= made.expiresMs) throw codeExpired();
  const right = keys.open(made.sealed, SEALED_FOR);
  assert(right !== undefined, "a code was sealed here");
  if (Buffer.from(right).toString("utf8") !== code) {
    tx.put(codes, { ...made, failures: failures + 1, failedMs: nowMs });
    throw new MarkingRefusal(wrongCode());
  }
  tx.delete(codes, poolId, user, purpose);
  return made;
}

/** All codes of a pool that is deleted. */
export const clearCodesOf = async (poolId: string, tx: Transaction): Promise<void> =>
  void (await tx.clear(codes, { prefix: [poolId], limit: Infinity }));

/** All codes of a user that is deleted. */
export const clearCodes = async ({ poolId, key }: User, tx: Transaction): Promise<void> =>
  void (await tx.clear(codes, { prefix: [poolId, key], limit: 10 }));
