/** A user's password: what it must be like, and how it is kept. */
import type { PasswordPolicyType } from "@aws-sdk/client-cognito-identity-provider";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { passwordUsedBefore, weakPassword } from "../errors.ts";
import { TEMPORARY_PASSWORD_DAYS_USUAL } from "../limits.ts";
import { randomLetters, type Pool } from "../pool/pool-row.ts";
import { fitsPassword, makeVerifier, type SrpIdentity } from "../sign-in/srp.ts";
import { isImportedPassword } from "../user-import/imported-password.ts";
import { users, type User } from "./user-row.ts";

/** What a pool that says nothing asks for. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html */
export const POLICY_USUAL = {
  MinimumLength: 8,
  RequireUppercase: true,
  RequireLowercase: true,
  RequireNumbers: true,
  RequireSymbols: true,
  TemporaryPasswordValidityDays: TEMPORARY_PASSWORD_DAYS_USUAL,
} as const satisfies PasswordPolicyType;

const policyOf = ({ settings }: Pool): PasswordPolicyType => settings.Policies?.PasswordPolicy ?? POLICY_USUAL;

/** Whether the pool's users may sign in by codes, and so need no password. */
export const isPasswordless = ({ settings }: Pool): boolean =>
  (settings.Policies?.SignInPolicy?.AllowedFirstAuthFactors ?? []).some(
    (factor) => factor === "EMAIL_OTP" || factor === "SMS_OTP",
  );

const UPPERCASE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWERCASE = "abcdefghijklmnopqrstuvwxyz";
const DIGITS = "0123456789";

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/managing-users-passwords.html (a space counts inside only) */
const SYMBOL = /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|\S \S/;

const RULES: readonly (readonly [keyof PasswordPolicyType, RegExp, string])[] = [
  ["RequireUppercase", /[A-Z]/, "Password must have uppercase characters"],
  ["RequireLowercase", /[a-z]/, "Password must have lowercase characters"],
  ["RequireNumbers", /[0-9]/, "Password must have numeric characters"],
  ["RequireSymbols", SYMBOL, "Password must have symbol characters"],
];

/** @throws {AwsError} `InvalidPasswordException` */
function requireStrong(pool: Pool, password: string): void {
  const policy = policyOf(pool);
  if (password.length < (policy.MinimumLength ?? POLICY_USUAL.MinimumLength)) {
    throw weakPassword("Password not long enough");
  }
  for (const [rule, pattern, why] of RULES) {
    if (policy[rule] === true && !pattern.test(password)) throw weakPassword(why);
  }
}

/** A temporary password that every policy takes. */
export function newTemporaryPassword(pool: Pool): string {
  const length = Math.max(policyOf(pool).MinimumLength ?? POLICY_USUAL.MinimumLength, POLICY_USUAL.MinimumLength);
  const symbols = "!@#$%^&*";
  const one = [UPPERCASE, LOWERCASE, DIGITS, symbols].map((letters) => randomLetters(1, letters)).join("");
  return one + randomLetters(length - one.length, UPPERCASE + LOWERCASE + DIGITS + symbols);
}

/** The part of a pool's id that its region does not say. */
export const realmOf = ({ id }: Pick<Pool, "id">): string => id.slice(id.indexOf("_") + 1);

const srpIdentity = (user: Pick<User, "poolId" | "username">, password: string): SrpIdentity => ({
  realm: realmOf({ id: user.poolId }),
  name: user.username,
  password,
});

/** The user, who has a password of the pool's own from now on where it is the one that they had elsewhere. */
export function withImported(pool: Pool, user: User, password: string, context: Context): User {
  if (user.imported === undefined || !isImportedPassword(user.imported, password, context)) return user;
  const settled = withBroughtPassword(pool, user, password, context);
  context.tx.put(users, settled);
  return settled;
}

/** The user, whose password is taken away: one that they had elsewhere too. */
export const withoutPassword = (user: User, context: Context): User => ({
  ...user,
  password: undefined,
  imported: undefined,
  changedMs: context.now().getTime(),
});

export const hasPassword = ({ password, imported }: User): boolean => password !== undefined || imported !== undefined;

/** Whether the password is the user's. */
export const isPassword = (user: User, password: string, context: Pick<Context, "keys">): boolean =>
  user.password !== undefined && fitsPassword(user.password, srpIdentity(user, password), context);

/**
 * The user with a password of their own choice.
 * @throws {AwsError} `InvalidPasswordException`, or `PasswordHistoryPolicyViolationException`
 */
export function withPassword(pool: Pool, user: User, password: string, context: Context): User {
  requireStrong(pool, password);
  return withBroughtPassword(pool, user, password, context);
}

/** The same with one that they have had elsewhere, whatever it is like. */
export function withBroughtPassword(pool: Pool, user: User, password: string, context: Context): User {
  const remembered = policyOf(pool).PasswordHistorySize ?? 0;
  const before = [...(user.password ? [user.password] : []), ...(user.passwordsBefore ?? [])].slice(0, remembered);
  if (before.some((kept) => fitsPassword(kept, srpIdentity(user, password), context))) throw passwordUsedBefore();
  return {
    ...user,
    password: makeVerifier(srpIdentity(user, password), context),
    passwordsBefore: before,
    imported: undefined,
    temporaryUntilMs: undefined,
    failures: undefined,
    changedMs: context.now().getTime(),
  };
}

/** The user with a password that an administrator gave, which they have to change. */
export function withTemporaryPassword(pool: Pool, user: User, password: string, context: Context): User {
  const nowMs = context.now().getTime();
  return { ...withPassword(pool, user, password, context), temporaryUntilMs: nowMs + temporaryDays(pool) * DAY_MS };
}

/**
 * The older setting counts where the policy has none.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUserConfigType.html
 */
function temporaryDays(pool: Pool): number {
  const days = policyOf(pool).TemporaryPasswordValidityDays;
  return days ?? pool.settings.AdminCreateUserConfig?.UnusedAccountValidityDays ?? TEMPORARY_PASSWORD_DAYS_USUAL;
}
