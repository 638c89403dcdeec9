/** Addresses and numbers of users: which are verified of themselves, and the codes that do it. */
import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { domainsOfPool, pagesOf } from "../branding/domain-row.ts";
import type { Client } from "../client/client-row.ts";
import { formatDelivery, sendLink, sendVerification, type Addressee, type Destination } from "../message/message.ts";
import type { Pool } from "../pool/pool-row.ts";
import { makeCode, type Purpose, type SentTo } from "./code.ts";
import { isVerified, type Attributes, type User } from "./user-row.ts";

/** Where both are there, the number comes first. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/signing-up-users-in-your-app.html */
export const ADDRESSES = ["phone_number", "email"] as const;
type Address = (typeof ADDRESSES)[number];

export const isAddress = (name: string): name is Address => name === "email" || name === "phone_number";

export const isAutoVerified = ({ settings }: Pool, attribute: Address): boolean =>
  (settings.AutoVerifiedAttributes ?? []).includes(attribute);

/** Sends a code for `purpose` to an attribute of the user; where it went, as the caller may know. */
export async function sendCode(
  addressee: Addressee,
  { purpose, attribute, address }: Destination & { readonly purpose: Purpose },
  context: Context,
): Promise<CodeDeliveryDetailsType> {
  const code = await makeCode(addressee.user, { purpose, attribute, address }, context);
  await sendVerification(addressee, { attribute, address, code }, context);
  return formatDelivery({ attribute, address });
}

/** The first address of a new user that the pool verifies. */
export const signUpDestination = (pool: Pool, attributes: Attributes): Destination | undefined =>
  ADDRESSES.flatMap((attribute) => {
    const address = attributes[attribute];
    return address !== undefined && isAutoVerified(pool, attribute) ? [{ attribute, address }] : [];
  })[0];

/** The same as a code, or as a link where the pool says so and has a page that it leads to. */
export async function sendSignUpCode(
  addressee: Addressee & { readonly client: Client },
  context: Context,
): Promise<CodeDeliveryDetailsType | undefined> {
  const { pool, client, user } = addressee;
  const destination = signUpDestination(pool, user.attributes);
  if (!destination) return undefined;
  const byLink = pool.settings.VerificationMessageTemplate?.DefaultEmailOption === "CONFIRM_WITH_LINK";
  const [domain] = await context.tx.scan(domainsOfPool, { prefix: [pool.id], limit: 1 });
  if (!byLink || destination.attribute !== "email" || !domain) {
    return sendCode(addressee, { ...destination, purpose: "sign-up" }, context);
  }
  const code = await makeCode(user, { ...destination, purpose: "sign-up" }, context);
  const query = new URLSearchParams({ client_id: client.id, user_name: user.username, confirmation_code: code });
  const link = `${pagesOf(domain, context.request.endpoint)}/confirmUser?${query.toString()}`;
  await sendLink(addressee, { ...destination, link, code }, context);
  return formatDelivery(destination);
}

/** The user, whose address is verified if it still is the one that a code was sent to. */
export const verified = (user: User, { attribute, address }: SentTo): User =>
  address !== undefined && user.attributes[attribute] !== address
    ? user
    : { ...user, attributes: { ...user.attributes, [`${attribute}_verified`]: "true" } };

/**
 * Where a code that recovers a password goes. Without a setting the number comes first.
 * Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_AccountRecoverySettingType.html
 */
export function recoveryDestination(pool: Pool, user: User): Destination | undefined {
  const mechanisms = pool.settings.AccountRecoverySetting?.RecoveryMechanisms;
  const order = mechanisms
    ?.toSorted((one, other) => (one.Priority ?? 0) - (other.Priority ?? 0))
    .map(({ Name }) => (Name === "verified_email" ? "email" : "phone_number") satisfies Address);
  // what already is the second factor recovers nothing
  const isFactor = (attribute: Address): boolean =>
    mechanisms !== undefined && user.factors.includes(attribute === "email" ? "EMAIL_OTP" : "SMS_MFA");
  for (const attribute of order ?? ADDRESSES) {
    const address = user.attributes[attribute];
    if (address !== undefined && isVerified(user, attribute) && !isFactor(attribute)) return { attribute, address };
  }
  return undefined;
}

export const isAdminOnly = ({ settings }: Pool): boolean =>
  settings.AccountRecoverySetting?.RecoveryMechanisms?.some(({ Name }) => Name === "admin_only") ?? false;
