/**
 * What functions say to a sign-up before it, and hear of it afterwards. Sources:
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-sign-up.html,
 * https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-post-confirmation.html
 */
import type { AttributeType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { invalidParameter } from "../errors.ts";
import { truthIn } from "../json-document.ts";
import type { Pool } from "../pool/pool-row.ts";
import { askTrigger, attributesOfUser, saidToFunctions, tellTrigger, type Metadata } from "../trigger.ts";
import type { User } from "./user-row.ts";

interface Asking {
  readonly pool: Pool;
  readonly user: User;
  readonly clientId?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

interface Joining extends Asking {
  readonly source: "SignUp" | "AdminCreateUser" | "ExternalProvider";
  readonly validation?: readonly AttributeType[] | undefined;
}

/**
 * The user as the function would have them; the same where there is none.
 * @throws {AwsError} what the function refuses with
 */
export function admitted({ user, validation, metadata, ...asked }: Joining, context: Context): User {
  const { attributes } = user;
  const request = {
    userAttributes: attributes,
    validationData: formatValidation(validation),
    ...saidToFunctions(metadata),
  };
  const response = { autoConfirmUser: false, autoVerifyEmail: false, autoVerifyPhone: false };
  const said = askTrigger({ ...asked, trigger: "PreSignUp", userName: user.username, request, response }, context);
  if (said === undefined || asked.source === "AdminCreateUser") return user;
  return {
    ...user,
    status: truthIn(said, "autoConfirmUser") ? "CONFIRMED" : user.status,
    attributes: {
      ...attributes,
      ...verifiedBy(said, { flag: "autoVerifyEmail", attribute: "email" }, attributes),
      ...verifiedBy(said, { flag: "autoVerifyPhone", attribute: "phone_number" }, attributes),
    },
  };
}

const formatValidation = (validation: readonly AttributeType[] | undefined): object | null =>
  validation === undefined ? null : Object.fromEntries(validation.map(({ Name = "", Value }) => [Name, Value ?? null]));

function verifiedBy(
  said: unknown,
  { flag, attribute }: { readonly flag: string; readonly attribute: string },
  attributes: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  if (!truthIn(said, flag)) return {};
  if (attributes[attribute] === undefined)
    throw invalidParameter(`User has no ${attribute} that the function could verify.`);
  return { [`${attribute}_verified`]: "true" };
}

/** The function hears of a user who is confirmed: so they are, whatever it says. */
export function tellConfirmed(
  { pool, user, clientId, metadata, source }: Asking & { readonly source: "ConfirmSignUp" | "ConfirmForgotPassword" },
  context: Context,
): void {
  const request = { userAttributes: attributesOfUser(user), ...saidToFunctions(metadata) };
  const told = { trigger: "PostConfirmation", pool, source, clientId, request, response: {} } as const;
  tellTrigger({ ...told, userName: user.username }, context);
}
