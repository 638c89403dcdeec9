/** Passwords that are forgotten, and those that an administrator takes away. */
import type { Context } from "../../../service/context.ts";
import { hidesUsers, requireClient, requireSecretHash } from "../client/client-row.ts";
import {
  adminMustReset,
  noRecoveryAddress,
  notResettable,
  userDisabled,
  combinationNotFound,
  wrongCode,
} from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import type { Addressee } from "../message/message.ts";
import { onPool, requirePool } from "../pool/pool-row.ts";
import { recordAuthEvent } from "../protection/auth-event-row.ts";
import { requireUnblocked } from "../protection/risk-row.ts";
import { migrate } from "../sign-in/migration.ts";
import { takeCode } from "./code.ts";
import { hiddenDelivery } from "./hidden-user.ts";
import { withoutPassword, withPassword } from "./password.ts";
import { tellConfirmed } from "./sign-up-trigger.ts";
import { findUser, putUser, requireUser, users, type User } from "./user-row.ts";
import { isAdminOnly, recoveryDestination, sendCode } from "./verification.ts";

/** Who was never here but by a provider has none to forget. Source: https://github.com/aws-amplify/amplify-js/issues/2383 */
export const forgotPassword = operation("ForgotPassword", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ ClientId, SecretHash: secretHash, Username: username, ...asked }, context) {
    const { ClientMetadata: metadata, UserContextData: said } = asked;
    const at = await requireClient(ClientId, context);
    await requireUnblocked(at, { type: "ForgotPassword", name: username, said }, context);
    requireSecretHash(at.client, { username, secretHash }, context);
    if (isAdminOnly(at.pool)) throw adminMustReset();
    const user =
      (await findUser(at.pool, username, context.tx)) ??
      (await migrate({ ...at, typed: username, source: "ForgotPassword", metadata }, context));
    if (!user) return { CodeDeliveryDetails: hiddenDelivery(at, username) };
    if (!user.enabled) throw userDisabled();
    if (user.status === "FORCE_CHANGE_PASSWORD" || user.status === "EXTERNAL_PROVIDER") throw notResettable();
    const CodeDeliveryDetails = await sendRecovery({ pool: at.pool, user, clientId: at.client.id, metadata }, context);
    await recordAuthEvent(at.pool, user, { type: "ForgotPassword", response: "Pass", clientId: at.client.id }, context);
    return { CodeDeliveryDetails };
  },
});

async function sendRecovery(addressee: Omit<Addressee, "source">, context: Context) {
  const destination = recoveryDestination(addressee.pool, addressee.user);
  if (!destination) throw noRecoveryAddress();
  return sendCode({ ...addressee, source: "ForgotPassword" }, { ...destination, purpose: "recovery" }, context);
}

export const confirmForgotPassword = operation("ConfirmForgotPassword", {
  callers: "open",
  authorize: nobodyAsked,

  async handle(input, context) {
    const { ClientId, SecretHash: secretHash, Username: username, ConfirmationCode: code, Password: password } = input;
    const at = await requireClient(ClientId, context);
    requireSecretHash(at.client, { username, secretHash }, context);
    const user = await findUser(at.pool, username, context.tx);
    if (!user) throw hidesUsers(at.client) ? wrongCode() : combinationNotFound();
    if (!user.enabled) throw userDisabled();
    // a password that is refused leaves the code good, for then nothing of this call stays
    await takeCode(user, { purpose: "recovery", code }, context);
    const changed = withPassword(at.pool, user, password, context);
    const confirmed: User = { ...changed, status: "CONFIRMED" };
    await putUser(at.pool, confirmed, context.tx);
    const said = { clientId: at.client.id, metadata: input.ClientMetadata };
    tellConfirmed({ pool: at.pool, user: confirmed, source: "ConfirmForgotPassword", ...said }, context);
    return {};
  },
});

export const adminResetUserPassword = operation("AdminResetUserPassword", {
  authorize: onPool("AdminResetUserPassword"),

  async handle({ UserPoolId, Username, ClientMetadata: metadata }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    if (!user.enabled) throw userDisabled();
    if (user.status !== "CONFIRMED" && user.status !== "RESET_REQUIRED") throw notResettable();
    await sendRecovery({ pool, user, metadata }, context);
    context.tx.put(users, { ...withoutPassword(user, context), status: "RESET_REQUIRED" });
    return {};
  },
});
