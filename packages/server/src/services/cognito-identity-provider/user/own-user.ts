/** What users do with themselves, by the access token of their sign-in. */
import { readableAttributes } from "../client/client-attributes.ts";
import { wrongPassword } from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { recordAuthEvent } from "../protection/auth-event-row.ts";
import { countFailure, requireUnlocked } from "../sign-in/lockout.ts";
import { requireHolder } from "../token/access-token.ts";
import { hasPassword, isPassword, withImported, withPassword } from "./password.ts";
import { removeUser } from "./user-removal.ts";
import { formatAttributes, putUser, requireUser, users } from "./user-row.ts";
import { formatFactors, formatOptions } from "./user-view.ts";

export const getUser = operation("GetUser", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { pool, client, user } = await requireHolder(AccessToken, context);
    const attributes = readableAttributes(pool, client, user);
    return {
      Username: user.username,
      UserAttributes: formatAttributes({ ...user, attributes }),
      ...(user.smsOptions && { MFAOptions: formatOptions(user) }),
      ...formatFactors(user),
    };
  },
});

export const deleteUser = operation("DeleteUser", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    await removeUser(pool, user, context.tx);
    return {};
  },
});

export const changePassword = operation("ChangePassword", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, PreviousPassword: previous, ProposedPassword: proposed }, context) {
    const { pool, user: holder } = await requireHolder(AccessToken, context);
    requireUnlocked(holder, context);
    // who signs in by codes has none yet
    if (hasPassword(holder) && previous === undefined) throw wrongPassword();
    const user = previous === undefined ? holder : withImported(pool, holder, previous, context);
    if (previous !== undefined && hasPassword(user) && !isPassword(user, previous, context)) {
      await recordAuthEvent(pool, user, { type: "PasswordChange", response: "Fail" }, context);
      throw countFailure(user, context);
    }
    await putUser(pool, { ...withPassword(pool, user, proposed, context), status: "CONFIRMED" }, context.tx);
    await recordAuthEvent(pool, user, { type: "PasswordChange", response: "Pass" }, context);
    return {};
  },
});

export const globalSignOut = operation("GlobalSignOut", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken }, context) {
    const { user } = await requireHolder(AccessToken, context);
    context.tx.put(users, { ...user, generation: user.generation + 1 });
    return {};
  },
});

/** Older than factors, and SMS only. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_SetUserSettings.html */
export const setUserSettings = operation("SetUserSettings", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, MFAOptions }, context) {
    const { user } = await requireHolder(AccessToken, context);
    context.tx.put(users, { ...user, ...settingsOf(MFAOptions) });
    return {};
  },
});

export const adminSetUserSettings = operation("AdminSetUserSettings", {
  authorize: onPool("AdminSetUserSettings"),

  async handle({ UserPoolId, Username, MFAOptions }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    context.tx.put(users, { ...user, ...settingsOf(MFAOptions) });
    return {};
  },
});

const settingsOf = (options: readonly { readonly AttributeName?: string | undefined }[]) => ({
  smsOptions: options.flatMap(({ AttributeName }) => (AttributeName === undefined ? [] : [AttributeName])),
});
