/** Users as administrators make and keep them. */
import type { DeliveryMediumType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { accountExists, invalidParameter, unsupportedState } from "../errors.ts";
import { operation } from "../kit.ts";
import { sendInvitation } from "../message/message.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import type { Metadata } from "../trigger.ts";
import { attributesOf, requireConforming } from "./attribute.ts";
import { newUser } from "./new-user.ts";
import { isPasswordless, newTemporaryPassword, withPassword, withTemporaryPassword } from "./password.ts";
import { admitted } from "./sign-up-trigger.ts";
import { removeUser } from "./user-removal.ts";
import { putUser, requireUser, users, type User } from "./user-row.ts";
import { formatFactors, formatOptions, formatUser } from "./user-view.ts";
import { ADDRESSES } from "./verification.ts";

export const adminCreateUser = operation("AdminCreateUser", {
  authorize: onPool("AdminCreateUser"),

  async handle(input, context) {
    const pool = await requirePool(input.UserPoolId, context);
    const password = input.TemporaryPassword ?? newTemporaryPassword(pool);
    if (input.MessageAction === "RESEND") return { User: formatUser(await invite(pool, input, password, context)) };
    const attributes = attributesOf(input.UserAttributes);
    const asked = { name: input.Username, attributes, status: "FORCE_CHANGE_PASSWORD", taken: accountExists } as const;
    const begun = await newUser(pool, asked, context);
    requireConforming(pool, attributes);
    const { ValidationData: validation, ClientMetadata: metadata } = input;
    admitted({ pool, user: begun, source: "AdminCreateUser", validation, metadata }, context);
    // Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminCreateUser.html
    const needsNone = input.TemporaryPassword === undefined && isPasswordless(pool);
    const user: User = needsNone
      ? { ...begun, status: "CONFIRMED" }
      : { ...withTemporaryPassword(pool, begun, password, context), changedMs: begun.createdMs };
    await putUser(pool, user, context.tx, input.ForceAliasCreation === true ? "take" : "refuse");
    if (input.MessageAction !== "SUPPRESS" && !needsNone)
      await sendInvitations(pool, user, { ...input, password }, context);
    return { User: formatUser(user) };
  },
});

interface Invitation {
  readonly Username: string;
  readonly DesiredDeliveryMediums?: readonly DeliveryMediumType[] | undefined;
  readonly ClientMetadata?: Metadata | undefined;
}

/** Once more, with a new password and a new time to use it in. */
async function invite(pool: Pool, input: Invitation, password: string, context: Context): Promise<User> {
  const before = await requireUser(pool, input.Username, context.tx);
  if (before.status !== "FORCE_CHANGE_PASSWORD") throw unsupportedState();
  const user = withTemporaryPassword(pool, before, password, context);
  context.tx.put(users, user);
  await sendInvitations(pool, user, { ...input, password }, context);
  return user;
}

/** By the ways that were asked for; where none was, by the first that the user has. */
async function sendInvitations(
  pool: Pool,
  user: User,
  {
    DesiredDeliveryMediums: asked = [],
    ClientMetadata: metadata,
    password,
  }: Invitation & { readonly password: string },
  context: Context,
): Promise<void> {
  const mediums = asked.map((medium) => (medium === "EMAIL" ? "email" : "phone_number"));
  const wanted =
    mediums.length > 0 ? mediums : ADDRESSES.filter((name) => user.attributes[name] !== undefined).slice(0, 1);
  for (const attribute of wanted) {
    const address = user.attributes[attribute];
    if (address === undefined) throw invalidParameter(`User has no ${attribute} to deliver the invitation to.`);
    const addressee = { pool, user, source: "AdminCreateUser", metadata } as const;
    await sendInvitation(addressee, { attribute, address, password }, context);
  }
}

export const adminGetUser = operation("AdminGetUser", {
  authorize: onPool("AdminGetUser"),

  async handle({ UserPoolId, Username }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    const { Attributes: UserAttributes, MFAOptions: _, ...shown } = formatUser(user);
    return {
      ...shown,
      Username: user.username,
      UserAttributes,
      ...(user.smsOptions && { MFAOptions: formatOptions(user) }),
      ...formatFactors(user),
    };
  },
});

export const adminDeleteUser = operation("AdminDeleteUser", {
  authorize: onPool("AdminDeleteUser"),

  async handle({ UserPoolId, Username }, context) {
    const pool = await requirePool(UserPoolId, context);
    await removeUser(pool, await requireUser(pool, Username, context.tx), context.tx);
    return {};
  },
});

export const adminEnableUser = operation("AdminEnableUser", {
  authorize: onPool("AdminEnableUser"),
  handle: async ({ UserPoolId, Username }, context) =>
    change(UserPoolId, Username, (user) => ({ ...user, enabled: true }), context),
});

/** Signs the user out too. Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AdminDisableUser.html */
export const adminDisableUser = operation("AdminDisableUser", {
  authorize: onPool("AdminDisableUser"),
  handle: async ({ UserPoolId, Username }, context) =>
    change(UserPoolId, Username, (user) => ({ ...user, enabled: false, generation: user.generation + 1 }), context),
});

export const adminUserGlobalSignOut = operation("AdminUserGlobalSignOut", {
  authorize: onPool("AdminUserGlobalSignOut"),
  handle: async ({ UserPoolId, Username }, context) =>
    change(UserPoolId, Username, (user) => ({ ...user, generation: user.generation + 1 }), context),
});

async function change(poolId: string, name: string, changed: (user: User) => User, context: Context): Promise<object> {
  const pool = await requirePool(poolId, context);
  const user = await requireUser(pool, name, context.tx);
  context.tx.put(users, { ...changed(user), changedMs: context.now().getTime() });
  return {};
}

export const adminSetUserPassword = operation("AdminSetUserPassword", {
  authorize: onPool("AdminSetUserPassword"),

  async handle({ UserPoolId, Username, Password: password, Permanent }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    const changed: User =
      Permanent === true
        ? { ...withPassword(pool, user, password, context), status: "CONFIRMED" }
        : { ...withTemporaryPassword(pool, user, password, context), status: "FORCE_CHANGE_PASSWORD" };
    await putUser(pool, changed, context.tx);
    return {};
  },
});
