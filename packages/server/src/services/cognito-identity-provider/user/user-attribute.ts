/** Changes to attributes, by administrators and by users themselves. */
import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { requireWritable } from "../client/client-attributes.ts";
import { codeExpired, invalidParameter, invalidAttributes } from "../errors.ts";
import { nobodyAsked, operation } from "../kit.ts";
import type { Addressee } from "../message/message.ts";
import { onPool, requirePool, type Pool } from "../pool/pool-row.ts";
import { requireHolder } from "../token/access-token.ts";
import { attributesOf, requireConforming, requireMutable } from "./attribute.ts";
import { takeCode } from "./code.ts";
import { isTrue, putUser, requireUser, type Attributes, type User } from "./user-row.ts";
import { ADDRESSES, isAddress, isAutoVerified, sendCode, verified } from "./verification.ts";

export const adminUpdateUserAttributes = operation("AdminUpdateUserAttributes", {
  authorize: onPool("AdminUpdateUserAttributes"),

  async handle({ UserPoolId, Username, UserAttributes, ClientMetadata: metadata }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    await update({ pool, user, metadata }, attributesOf(UserAttributes), context);
    return {};
  },
});

export const updateUserAttributes = operation("UpdateUserAttributes", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, UserAttributes, ClientMetadata: metadata }, context) {
    const { pool, client, user } = await requireHolder(AccessToken, context);
    const attributes = attributesOf(UserAttributes);
    requireWritable(client, Object.keys(attributes));
    const changed = { pool, user, clientId: client.id, metadata };
    return { CodeDeliveryDetailsList: await update(changed, attributes, context) };
  },
});

/** The codes that the change asks for. */
async function update(
  { pool, user, ...said }: Omit<Addressee, "source">,
  changes: Attributes,
  context: Context,
): Promise<CodeDeliveryDetailsType[]> {
  requireConforming(pool, changes);
  requireMutable(pool, user.attributes, Object.keys(changes));
  const moved = ADDRESSES.filter(
    (name) =>
      (changes[name] ?? "") !== "" && changes[name] !== user.attributes[name] && !isTrue(changes[`${name}_verified`]),
  );
  const waits = moved.filter((name) => waitsForCode(pool, name) && user.attributes[name] !== undefined);
  const now = Object.fromEntries(Object.entries(changes).filter(([name]) => !waits.some((each) => each === name)));
  const waiting = Object.fromEntries(waits.map((name) => [name, changes[name] ?? ""]));
  const changed: User = {
    ...user,
    attributes: { ...user.attributes, ...unverified(moved.filter((name) => !waits.includes(name))), ...now },
    ...(waits.length > 0 && { waiting: { ...user.waiting, ...waiting } }),
    changedMs: context.now().getTime(),
  };
  await putUser(pool, withoutEmpty(changed), context.tx);
  const sent: CodeDeliveryDetailsType[] = [];
  for (const attribute of moved.filter((name) => isAutoVerified(pool, name))) {
    const address = changes[attribute] ?? "";
    sent.push(
      await sendCode(
        { pool, user: changed, source: "UpdateUserAttribute", ...said },
        { purpose: attribute, attribute, address },
        context,
      ),
    );
  }
  return sent;
}

const unverified = (names: readonly string[]): Attributes =>
  Object.fromEntries(names.map((name) => [`${name}_verified`, "false"]));

/** An attribute that is set to nothing is gone. */
const withoutEmpty = (user: User): User => ({
  ...user,
  attributes: Object.fromEntries(Object.entries(user.attributes).filter(([, value]) => value !== "")),
});

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_UserAttributeUpdateSettingsType.html */
const waitsForCode = ({ settings }: Pool, name: "email" | "phone_number"): boolean =>
  (settings.UserAttributeUpdateSettings?.AttributesRequireVerificationBeforeUpdate ?? []).includes(name);

export const adminDeleteUserAttributes = operation("AdminDeleteUserAttributes", {
  authorize: onPool("AdminDeleteUserAttributes"),

  async handle({ UserPoolId, Username, UserAttributeNames }, context) {
    const pool = await requirePool(UserPoolId, context);
    const user = await requireUser(pool, Username, context.tx);
    await remove(pool, user, UserAttributeNames, context);
    return {};
  },
});

export const deleteUserAttributes = operation("DeleteUserAttributes", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, UserAttributeNames }, context) {
    const { pool, client, user } = await requireHolder(AccessToken, context);
    requireWritable(client, UserAttributeNames);
    await remove(pool, user, UserAttributeNames, context);
    return {};
  },
});

async function remove(pool: Pool, user: User, names: readonly string[], context: Context): Promise<void> {
  const unknown = names.filter((name) => !pool.schema.some(({ Name }) => Name === name));
  if (unknown.length > 0) {
    throw invalidAttributes(unknown.map((name) => `user.${name}: Attribute does not exist in the schema.\n`).join(""));
  }
  const needed = names.find((name) => pool.schema.some(({ Name, Required }) => Name === name && Required === true));
  if (needed !== undefined) throw invalidAttributes(`user.${needed}: Attribute is required and cannot be deleted.\n`);
  requireMutable(pool, user.attributes, names);
  const gone = new Set(names.flatMap((name) => (isAddress(name) ? [name, `${name}_verified`] : [name])));
  const attributes = Object.fromEntries(Object.entries(user.attributes).filter(([name]) => !gone.has(name)));
  await putUser(pool, { ...user, attributes, changedMs: context.now().getTime() }, context.tx);
}

export const getUserAttributeVerificationCode = operation("GetUserAttributeVerificationCode", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, AttributeName: attribute, ClientMetadata: metadata }, context) {
    const { pool, client, user } = await requireHolder(AccessToken, context);
    const address = user.waiting?.[attribute] ?? user.attributes[attribute];
    if (!isAddress(attribute) || address === undefined)
      throw invalidParameter("User does not have the attribute to verify.");
    const addressee = { pool, user, source: "VerifyUserAttribute", clientId: client.id, metadata } as const;
    return { CodeDeliveryDetails: await sendCode(addressee, { purpose: attribute, attribute, address }, context) };
  },
});

export const verifyUserAttribute = operation("VerifyUserAttribute", {
  callers: "open",
  authorize: nobodyAsked,

  async handle({ AccessToken, AttributeName: attribute, Code: code }, context) {
    const { pool, user } = await requireHolder(AccessToken, context);
    if (!isAddress(attribute)) throw codeExpired();
    const sentTo = await takeCode(user, { purpose: attribute, code }, context);
    const { [attribute]: arrived, ...waiting } = user.waiting ?? {};
    if (sentTo.address !== undefined && sentTo.address !== (arrived ?? user.attributes[attribute])) throw codeExpired();
    const attributes = { ...user.attributes, ...(arrived !== undefined && { [attribute]: arrived }) };
    const changed = { ...user, attributes, waiting, changedMs: context.now().getTime() };
    await putUser(pool, verified(changed, sentTo), context.tx);
    return {};
  },
});
