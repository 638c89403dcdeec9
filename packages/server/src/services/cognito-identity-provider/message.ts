/** Mails and text messages to users: their words, and where they go. */
import type { CodeDeliveryDetailsType } from "@aws-sdk/client-cognito-identity-provider";
import type { Context } from "../../service/context.ts";
import type { Pool } from "./pool-row.ts";
import { takeSmsRole } from "./sms-role.ts";
import { runTrigger } from "./trigger.ts";

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

async function send(pool: Pool, destination: Destination, { subject, text }: Words, context: Context): Promise<void> {
  runTrigger(pool, "CustomMessage");
  if (!isMail(destination)) {
    runTrigger(pool, "CustomSMSSender");
    if (pool.settings.SmsConfiguration) await takeSmsRole(pool.settings.SmsConfiguration, pool, context);
    await context.post({ kind: "sms", from: SMS_FROM, to: destination.address, text }, pool);
    return;
  }
  runTrigger(pool, "CustomEmailSender");
  const from = pool.settings.EmailConfiguration?.From ?? FROM_USUAL;
  await context.post({ kind: "email", from, to: destination.address, subject, text }, pool);
}

const filled = (template: string, code: string, username = ""): string =>
  template.replaceAll("{####}", code).replaceAll("{username}", username);

/** A code that confirms an address, a sign-up or a new password. */
export async function sendVerification(
  pool: Pool,
  { code, ...destination }: Destination & { readonly code: string },
  context: Context,
): Promise<void> {
  const { EmailMessage, EmailSubject, SmsMessage } = pool.settings.VerificationMessageTemplate ?? {};
  const template = destination.attribute === "email" ? EmailMessage : SmsMessage;
  const words = {
    subject: filled(EmailSubject ?? "Your verification code", code),
    text: filled(template ?? "Your confirmation code is {####}", code),
  };
  await send(pool, destination, words, context);
}

/** A mail whose link confirms a sign-up. */
export async function sendLink(
  pool: Pool,
  { link, ...destination }: Destination & { readonly link: string },
  context: Context,
): Promise<void> {
  const { EmailMessageByLink: template, EmailSubjectByLink: subject } = pool.settings.VerificationMessageTemplate ?? {};
  const text = (template ?? "Please click the link below to verify your email address. {##Verify Email##}").replaceAll(
    /\{##(.*?)##\}/gs,
    (_, words: string) => `${words.trim()} (${link})`,
  );
  await send(pool, destination, { subject: subject ?? "Your verification link", text }, context);
}

/** The name and temporary password of a user that an administrator made. */
export async function sendInvitation(
  pool: Pool,
  { username, password, ...destination }: Destination & { readonly username: string; readonly password: string },
  context: Context,
): Promise<void> {
  const { EmailMessage, EmailSubject, SMSMessage } = pool.settings.AdminCreateUserConfig?.InviteMessageTemplate ?? {};
  const template = destination.attribute === "email" ? EmailMessage : SMSMessage;
  const words = {
    subject: EmailSubject ?? "Your temporary password",
    text: filled(template ?? "Your username is {username} and temporary password is {####}.", password, username),
  };
  await send(pool, destination, words, context);
}

/** A code that is asked for while signing in. */
export async function sendSignInCode(
  pool: Pool,
  { code, ...destination }: Destination & { readonly code: string },
  context: Context,
): Promise<void> {
  const { Message, Subject } = pool.factors.EmailMfaConfiguration ?? {};
  const template = destination.attribute === "email" ? Message : pool.settings.SmsAuthenticationMessage;
  const words = {
    subject: Subject ?? "Your authentication code",
    text: filled(template ?? "Your authentication code is {####}.", code),
  };
  await send(pool, destination, words, context);
}
