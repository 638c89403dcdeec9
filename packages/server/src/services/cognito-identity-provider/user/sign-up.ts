/** Users who sign themselves up. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html */
import type { Context } from "../../../service/context.ts";
import { requireWritable } from "../client/client-attributes.ts";
import { hidesUsers, requireClient, requireSecretHash, type ClientInPool } from "../client/client-row.ts";
import {
  alreadyConfirmed,
  combinationNotFound,
  codeExpired,
  invalidParameter,
  missingParameter,
  notConfirmable,
  signUpForbidden,
  userExists,
} from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { recordAuthEvent } from "../protection/auth-event-row.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { askAtOnce } from "../sign-in/sign-in.ts";
import type { Metadata } from "../trigger.ts";
import { attributesOf, requireComplete, requireConforming } from "./attribute.ts";
import { takeCode } from "./code.ts";
import { hiddenDelivery } from "./hidden-user.ts";
import { newUser } from "./new-user.ts";
import { isPasswordless, withPassword } from "./password.ts";
import { admitted, tellConfirmed } from "./sign-up-trigger.ts";
import { findUser, putUser, requireUser, type User } from "./user-row.ts";
import { sendSignUpCode, signUpDestination, verified } from "./verification.ts";

export const signUp = operation("SignUp", {
  callers: "open",
  authorize: nobodyAsked,

  async handle(input, context) {
    const { ClientId, SecretHash: secretHash, Username: name, Password: password, UserAttributes } = input;
    const at = await requireClient(ClientId, context);
    await requireUnblocked(at, { type: "SignUp", name: undefined, said: input.UserContextData }, context);
    const { pool, client } = at;
    requireSecretHash(client, { username: name, secretHash }, context);
    if (pool.settings.AdminCreateUserConfig?.AllowAdminCreateUserOnly === true) throw signUpForbidden();
    const attributes = attributesOf(UserAttributes);
    requireWritable(client, Object.keys(attributes));
    const begun = await newUser(pool, { name, attributes, status: "UNCONFIRMED", taken: userExists }, context);
    requireConforming(pool, attributes);
    requireComplete(pool, begun.attributes);
    const asking =
      password === undefined ? requirePasswordless(pool, begun) : withPassword(pool, begun, password, context);
    const { ValidationData: validation, ClientMetadata: metadata } = input;
    const said = { clientId: client.id, metadata };
    const user = admitted({ pool, user: asking, source: "SignUp", validation, ...said }, context);
    await putUser(pool, user, context.tx);
    await recordAuthEvent(pool, user, { type: "SignUp", response: "Pass", clientId: client.id }, context);
    if (user.status === "CONFIRMED") {
      tellConfirmed({ pool, user, source: "ConfirmSignUp", ...said }, context);
      return { UserConfirmed: true, UserSub: user.sub };
    }
    const CodeDeliveryDetails = await sendSignUpCode({ ...at, user, source: "SignUp", ...said }, context);
    return { UserConfirmed: false, UserSub: user.sub, ...(CodeDeliveryDetails && { CodeDeliveryDetails }) };
  },
});

/** Who signs in by codes needs no password. */
function requirePasswordless(pool: Pool, user: User): User {
  if (!isPasswordless(pool)) throw missingParameter("PASSWORD");
  return user;
}

export const confirmSignUp = operation("ConfirmSignUp", {
  callers: "open",
  authorize: nobodyAsked,

  async handle(input, context) {
    const { ClientId, SecretHash: secretHash, Username: username, ConfirmationCode: code, ForceAliasCreation } = input;
    const at = await requireClient(ClientId, context);
    requireSecretHash(at.client, { username, secretHash }, context);
    const user = await findUser(at.pool, username, context.tx);
    if (!user) throw hidesUsers(at.client) ? codeExpired() : combinationNotFound();
    if (user.status !== "UNCONFIRMED") throw notConfirmable(user.status);
    const sentTo = await takeCode(user, { purpose: "sign-up", code }, context);
    const onConflict = ForceAliasCreation === true ? "take" : "refuse";
    const said = { clientId: at.client.id, metadata: input.ClientMetadata };
    const confirmed = await confirm({ pool: at.pool, user: verified(user, sentTo), ...said }, context, onConflict);
    return isPasswordless(at.pool) ? { Session: askAtOnce({ ...at, user: confirmed, typed: username }, context) } : {};
  },
});

interface Confirming {
  readonly pool: Pool;
  readonly user: User;
  readonly clientId?: string;
  readonly metadata: Metadata | undefined;
}

async function confirm(
  { pool, user, ...said }: Confirming,
  context: Context,
  onConflict?: "take" | "refuse",
): Promise<User> {
  const confirmed: User = { ...user, status: "CONFIRMED", changedMs: context.now().getTime() };
  await putUser(pool, confirmed, context.tx, onConflict);
  tellConfirmed({ pool, user: confirmed, source: "ConfirmSignUp", ...said }, context);
  return confirmed;
}

export const adminConfirmSignUp = operation("AdminConfirmSignUp", {
  authorize: onPool("AdminConfirmSignUp"),

  async handle({ UserPoolId, Username, ClientMetadata: metadata }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    if (user.status !== "UNCONFIRMED") throw notConfirmable(user.status);
    await confirm({ pool, user, metadata }, context);
    return {};
  },
});

export const resendConfirmationCode = operation("ResendConfirmationCode", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ ClientId, SecretHash: secretHash, Username: username, ClientMetadata: metadata }, context) {
    const at = await requireClient(ClientId, context);
    requireSecretHash(at.client, { username, secretHash }, context);
    const user = await findUser(at.pool, username, context.tx);
    if (!user) return { CodeDeliveryDetails: hiddenDelivery(at, username) };
    return { CodeDeliveryDetails: await resend({ ...at, metadata }, user, context) };
  },
});

async function resend(at: ClientInPool & { readonly metadata: Metadata | undefined }, user: User, context: Context) {
  if (user.status !== "UNCONFIRMED") throw alreadyConfirmed();
  if (!signUpDestination(at.pool, user.attributes)) throw invalidParameter("Auto verification not turned on.");
  await recordAuthEvent(at.pool, user, { type: "ResendCode", response: "Pass", clientId: at.client.id }, context);
  return sendSignUpCode({ ...at, clientId: at.client.id, user, source: "ResendCode" }, context);
}
