/**
 * The passwords of users, which sign in to the console.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateLoginProfile.html
 */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { findPasswordPolicy, requireGoodPassword } from "../account/password-policy.ts";
import {
  loginProfileExists,
  loginProfileNotFound,
  loginProfileRemains,
  passwordMissing,
  passwordUsedBefore,
  rootCannotChangePassword,
  wrongOldPassword,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { onUser, requireUser, type User } from "../user/user.ts";
import { onOwner, requireNamedOwner, requireOwner } from "./owner.ts";
import { hashPassword, isPassword, type HashedPassword } from "./password.ts";

export interface LoginProfile {
  readonly userId: string;
  readonly password: HashedPassword;
  /** Earlier passwords, the latest first. */
  readonly earlier: readonly HashedPassword[];
  readonly resetRequired: boolean;
  readonly createdAtMs: number;
  /** When the present password was set. */
  readonly setAtMs: number;
}

const loginProfiles = table<LoginProfile>("iam.login-profile", "account", ({ userId }) => [userId]);

/** The most that a policy's `PasswordReusePrevention` can look back. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html */
const PASSWORDS_KEPT_MAX = 24;

export const createLoginProfile = operation("CreateLoginProfile", {
  authorize: ({ UserName }, context) => onOwner("CreateLoginProfile", UserName, context),

  async handle({ UserName, Password, PasswordResetRequired = false }, context) {
    const { tx } = context;
    const user = await requireNamedOwner(UserName, context);
    if (Password === undefined) throw passwordMissing();
    if (await findLoginProfile(user, tx)) throw loginProfileExists(user.name);
    await requireGoodPassword(Password, tx);
    const nowMs = context.now().getTime();
    const profile: LoginProfile = {
      userId: user.id,
      password: await hashPassword(Password),
      earlier: [],
      resetRequired: PasswordResetRequired,
      createdAtMs: nowMs,
      setAtMs: nowMs,
    };
    tx.put(loginProfiles, profile);
    return { LoginProfile: formatLoginProfile(profile, user) };
  },
});

export const getLoginProfile = operation("GetLoginProfile", {
  authorize: ({ UserName }, context) => onOwner("GetLoginProfile", UserName, context),

  async handle({ UserName }, context) {
    const user = await requireNamedOwner(UserName, context);
    return { LoginProfile: formatLoginProfile(await requireLoginProfile(user, context.tx), user) };
  },
});

export const updateLoginProfile = operation("UpdateLoginProfile", {
  authorize: ({ UserName }, context) => onUser("UpdateLoginProfile", UserName, context),

  async handle({ UserName, Password, PasswordResetRequired }, context) {
    const { tx } = context;
    const profile = await requireLoginProfile(await requireUser(UserName, tx), tx);
    const changed = Password === undefined ? profile : await withPassword(profile, Password, context);
    tx.put(loginProfiles, { ...changed, resetRequired: PasswordResetRequired ?? profile.resetRequired });
    return {};
  },
});

export const deleteLoginProfile = operation("DeleteLoginProfile", {
  authorize: ({ UserName }, context) => onOwner("DeleteLoginProfile", UserName, context),

  async handle({ UserName }, context) {
    const user = await requireNamedOwner(UserName, context);
    const { userId } = await requireLoginProfile(user, context.tx);
    context.tx.delete(loginProfiles, userId);
    return {};
  },
});

export const changePassword = operation("ChangePassword", {
  /**
   * A password policy may let every user change their own password, without a policy of theirs.
   * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_PasswordPolicy.html (AllowUsersToChangePassword)
   */
  async authorize(_input, context): Promise<Access> {
    const question = await onOwner("ChangePassword", undefined, context);
    const policy = await findPasswordPolicy(context.tx);
    if (!policy?.usersMayChange) return question;
    return { ...question, grants: [{ layer: "grant", name: "account password policy" }] };
  },

  async handle({ OldPassword, NewPassword }, context) {
    const { tx } = context;
    const user = await requireOwner(undefined, context);
    if (user.kind === "root") throw rootCannotChangePassword();
    const profile = await requireLoginProfile(user, tx);
    if (!(await isPassword(OldPassword, profile.password))) throw wrongOldPassword();
    tx.put(loginProfiles, { ...(await withPassword(profile, NewPassword, context)), resetRequired: false });
    return {};
  },
});

export const findLoginProfile = (user: Pick<User, "id">, tx: Transaction): Promise<LoginProfile | undefined> =>
  tx.get(loginProfiles, user.id);

/** @throws {AwsError} `DeleteConflict` where the user has one. */
export async function requireNoLoginProfile(user: User, tx: Transaction): Promise<void> {
  if (await findLoginProfile(user, tx)) throw loginProfileRemains();
}

async function requireLoginProfile(user: User, tx: Transaction): Promise<LoginProfile> {
  const profile = await findLoginProfile(user, tx);
  if (!profile) throw loginProfileNotFound(user.name);
  return profile;
}

/** The profile with another password, if the account's rules allow that one. */
async function withPassword(profile: LoginProfile, password: string, context: Context): Promise<LoginProfile> {
  const { tx } = context;
  await requireGoodPassword(password, tx);
  const used = [profile.password, ...profile.earlier];
  const barred = used.slice(0, (await findPasswordPolicy(tx))?.reusePrevention ?? 0);
  for (const one of barred) if (await isPassword(password, one)) throw passwordUsedBefore();
  return {
    ...profile,
    password: await hashPassword(password),
    earlier: used.slice(0, PASSWORDS_KEPT_MAX),
    setAtMs: context.now().getTime(),
  };
}

const formatLoginProfile = ({ createdAtMs, resetRequired }: LoginProfile, { name }: User) => ({
  UserName: name,
  CreateDate: new Date(createdAtMs),
  PasswordResetRequired: resetRequired,
});
