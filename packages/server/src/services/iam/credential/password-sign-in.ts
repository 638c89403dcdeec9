/**
 * Users who sign in to the console with their password.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html
 */
import type { PasswordProof, PasswordVerdict } from "../../../identity/directory.ts";
import type { User as UserPrincipal } from "../../../identity/principal.ts";
import { DAY_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { findPasswordPolicy } from "../account/password-policy.ts";
import { findUser, userArn, users, type User } from "../user/user.ts";
import { findLoginProfile, type LoginProfile } from "./login-profile.ts";
import { verifyMfaCode } from "./mfa-code.ts";
import { mfaDevicesOf } from "./mfa-device.ts";
import { isPassword } from "./password.ts";

const PARTITION = "aws";

/** Of uses closer to each other only the first is noted. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html (PasswordLastUsed) */
const USE_NOTED_MS = 5 * MINUTE_MS;

/** Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html (UserName) */
const NAME_CHARACTERS_MAX = 64;

interface Surroundings extends Pick<Context, "keys"> {
  readonly tx: Transaction;
}

export async function checkPassword(proof: PasswordProof, { tx, keys }: Surroundings): Promise<PasswordVerdict> {
  const { account, userName, password, atMs } = proof;
  const home = tx.in({ account });
  const user = userName.length > NAME_CHARACTERS_MAX ? undefined : await findUser(userName, home);
  const profile = user && (await findLoginProfile(user, home));
  if (!user || !profile || !(await isPassword(password, profile.password))) {
    return { kind: "refused", userExists: user !== undefined };
  }
  const principal = principalOf(user, proof);
  const factor = await checkFactor(proof, principal, { tx: home, keys });
  if (factor === "wanted") return { kind: "code-wanted" };
  if (factor === "wrong") return { kind: "refused", userExists: true };
  const age = await ageOf(profile, atMs, home);
  if (age === "expired") return { kind: "expired" };
  noteUse(user, atMs, home);
  return {
    kind: "signed-in",
    user: principal,
    secondFactor: factor === "shown",
    passwordChangeRequired: profile.resetRequired || age === "old",
  };
}

const principalOf = (user: User, { account }: PasswordProof): Omit<UserPrincipal, "accessKeyId" | "session"> => ({
  type: "user",
  account,
  arn: userArn({ partition: PARTITION, account }, user),
  userId: user.id,
  userName: user.name,
});

/** A user with several devices shows a code of any. */
async function checkFactor(
  { code, atMs }: PasswordProof,
  user: Omit<UserPrincipal, "accessKeyId" | "session">,
  context: Surroundings,
): Promise<"none" | "wanted" | "wrong" | "shown"> {
  const devices = await mfaDevicesOf({ id: user.userId }, context.tx);
  if (devices.length === 0) return "none";
  if (code === undefined) return "wanted";
  const principal = { ...user, accessKeyId: "" };
  for (const { serialNumber } of devices) {
    if ((await verifyMfaCode({ principal, serialNumber, code, atMs }, context)) === "verified") return "shown";
  }
  return "wrong";
}

/** What the account's rules say of a password that was set when this one was. */
async function ageOf({ setAtMs }: LoginProfile, atMs: number, tx: Transaction): Promise<"good" | "old" | "expired"> {
  const { maxAgeDays, hardExpiry } = (await findPasswordPolicy(tx)) ?? {};
  if (maxAgeDays === undefined || atMs < setAtMs + maxAgeDays * DAY_MS) return "good";
  return hardExpiry === true ? "expired" : "old";
}

function noteUse(user: User, atMs: number, tx: Transaction): void {
  const { passwordUsedAtMs = -Infinity } = user;
  if (atMs - passwordUsedAtMs >= USE_NOTED_MS) tx.put(users, { ...user, passwordUsedAtMs: atMs });
}
