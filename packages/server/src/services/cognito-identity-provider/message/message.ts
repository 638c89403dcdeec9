/** Mails and text messages to users: their words, and where they go. */
import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../../service/context.ts";
import { hasSender, sendByFunction } from "./custom-sender.ts";
import { customWords, type Asking, type MessageSource } from "./message-trigger.ts";
import { takeSmsRole } from "./sms-role.ts";

/** Where a code goes. */
export interface Destination {
  readonly attribute: "email" | "phone_number";
  readonly address: string;
}

interface Words {
  /** Mails only. */
  readonly subject: string;
  readonly text: string;
}

/** Whom a message is for, and why. */
export interface Addressee extends Asking {
  readonly source: MessageSource;
}

interface Draft {
  readonly words: Words;
  /** The code or password. */
  readonly secret: string;
  /** Puts what is secret into its places. */
  readonly fill: (template: string) => string;
}

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pool-settings-message-customizations.html */
const FROM_USUAL = "no-reply@verificationemail.com";
const SMS_FROM = "NOTICE";

const isMail = ({ attribute }: Destination): boolean => attribute === "email";

export const formatDelivery = (destination: Destination): CodeDeliveryDetailsType => ({
  Destination: masked(destination),
  DeliveryMedium: isMail(destination) ? "EMAIL" : "SMS",
  AttributeName: destination.attribute,
});

/** `t***@e***`, `+*******1234`. */
function masked({ attribute, address }: Destination): string {
  if (attribute === "phone_number") return `+${"*".repeat(Math.max(address.length - 5, 0))}${address.slice(-4)}`;
  const [name = "", host = ""] = address.split("@");
  return `${name.slice(0, 1)}***@${host.slice(0, 1)}***`;
}

async function send(addressee: Addressee, destination: Destination, draft: Draft, context: Context): Promise<void> {
  const { pool } = addressee;
  const medium = isMail(destination) ? "email" : "sms";
  if (hasSender(pool, medium)) return sendByFunction(addressee, { medium, secret: draft.secret }, context);
  const own = customWords(addressee, medium, context);
  const subject = draft.fill(own.subject ?? draft.words.subject);
  const text = draft.fill(own.text ?? draft.words.text);
  if (!isMail(destination)) {
    if (pool.settings.SmsConfiguration) await takeSmsRole(pool.settings.SmsConfiguration, pool, context);
    await context.post({ kind: "sms", from: SMS_FROM, to: destination.address, text }, pool);
    return;
  }
  const from = pool.settings.EmailConfiguration?.From ?? FROM_USUAL;
  await context.post({ kind: "email", from, to: destination.address, subject, text }, pool);
}

const filled = (template: string, code: string, username = ""): string =>
  template.replaceAll("{####}", code).replaceAll("{username}", username);

/** A code that confirms an address, a sign-up or a new password. */
export async function sendVerification(
  addressee: Addressee,
  { code, ...destination }: Destination & { readonly code: string },
  context: Context,
): Promise<void> {
  const { EmailMessage, EmailSubject, SmsMessage } = addressee.pool.settings.VerificationMessageTemplate ?? {};
  const template = destination.attribute === "email" ? EmailMessage : SmsMessage;
  const words = {
    subject: EmailSubject ?? "Your verification code",
    text: template ?? "Your confirmation code is {####}",
  };
  await send(addressee, destination, { words, secret: code, fill: (text) => filled(text, code) }, context);
}

/** A mail whose link confirms a sign-up. */
export async function sendLink(
  addressee: Addressee,
  { link, code, ...destination }: Destination & { readonly link: string; readonly code: string },
  context: Context,
): Promise<void> {
  const { EmailMessageByLink, EmailSubjectByLink } = addressee.pool.settings.VerificationMessageTemplate ?? {};
  const words = {
    subject: EmailSubjectByLink ?? "Your verification link",
    text: EmailMessageByLink ?? "Please click the link below to verify your email address. {##Verify Email##}",
  };
  const fill = (template: string) =>
    template.replaceAll(/\{##(.*?)##\}/gs, (_, shown: string) => `${shown.trim()} (${link})`);
  await send(addressee, destination, { words, secret: code, fill }, context);
}

/** The name and temporary password of a user that an administrator made. */
export async function sendInvitation(
  addressee: Addressee,
  { password, ...destination }: Destination & { readonly password: string },
  context: Context,
): Promise<void> {
  const { EmailMessage, EmailSubject, SMSMessage } =
    addressee.pool.settings.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  const template = destination.attribute === "email" ? EmailMessage : SMSMessage;
  const words = {
    subject: EmailSubject ?? "Your temporary password",
    text: template ?? "Your username is {username} and temporary password is {####}.",
  };
  const fill = (text: string) => filled(text, password, addressee.user.username);
  await send(addressee, destination, { words, secret: password, fill }, context);
}

/** A code that is asked for while signing in. */
export async function sendSignInCode(
  addressee: Addressee,
  { code, ...destination }: Destination & { readonly code: string },
  context: Context,
): Promise<void> {
  const { Message, Subject } = addressee.pool.factors.EmailMfaConfiguration ?? {};
  const template = destination.attribute === "email" ? Message : addressee.pool.settings.SmsAuthenticationMessage;
  const words = {
    subject: Subject ?? "Your authentication code",
    text: template ?? "Your authentication code is {####}.",
  };
  await send(addressee, destination, { words, secret: code, fill: (text) => filled(text, code) }, context);
}
