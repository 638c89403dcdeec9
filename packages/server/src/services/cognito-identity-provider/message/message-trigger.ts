/**
 * What a function would have a message say.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-custom-message.html
 */
import type { Context } from "../../../service/context.ts";
import { textIn } from "../json-document.ts";
import type { Pool } from "../pool/pool-row.ts";
import { askTrigger, attributesOfUser, saidToFunctions, type Metadata } from "../trigger.ts";
import type { User } from "../user/user-row.ts";

export type MessageSource =
  | "SignUp"
  | "AdminCreateUser"
  | "ResendCode"
  | "ForgotPassword"
  | "UpdateUserAttribute"
  | "VerifyUserAttribute"
  | "Authentication";

export interface Asking {
  readonly pool: Pool;
  readonly user: User;
  readonly clientId?: string | undefined;
  readonly metadata?: Metadata | undefined;
}

/** The places of a message in which the code, the link and the name are put. */
const PLACES = { codeParameter: "{####}", linkParameter: "{##Click Here##}" } as const;

interface CustomWords {
  readonly subject: string | undefined;
  readonly text: string | undefined;
}

/** @throws {AwsError} what the function refuses with */
export function customWords(
  { pool, user, clientId, metadata, source }: Asking & { readonly source: MessageSource },
  medium: "email" | "sms",
  context: Context,
): CustomWords {
  const request = {
    userAttributes: attributesOfUser(user),
    ...PLACES,
    usernameParameter: source === "AdminCreateUser" ? "{username}" : null,
    ...saidToFunctions(metadata),
  };
  const response = { smsMessage: null, emailMessage: null, emailSubject: null };
  const asked = { trigger: "CustomMessage", source, pool, clientId, request, response } as const;
  const said = askTrigger({ ...asked, userName: user.username }, context);
  return { subject: textIn(said, "emailSubject"), text: textIn(said, `${medium}Message`) };
}
