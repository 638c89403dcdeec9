/**
 * Text messages, the attributes that an account has for them, and numbers that want none.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_SetSMSAttributes.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { page } from "../../../kernel/page.ts";
import { table, type Scope } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount } from "../access.ts";
import { isPhoneNumber } from "../subscription/endpoint.ts";
import { invalid, invalidToken, numberMalformed, smsAttributeUnknown, smsTypeInvalid } from "../errors.ts";
import { operation } from "../kit.ts";
import { LISTED_MAX } from "../limits.ts";
import type { KeptAttributes } from "../message/attribute.ts";
import type { Settings } from "../topic/row.ts";
import { passedRoles } from "../passed-roles.ts";

interface SmsSettings {
  readonly settings: Settings;
}

/** Of an account in a region. */
const smsSettings = table<SmsSettings>("sns.sms-settings", "region", () => []);

const DEFAULTS: Settings = { MonthlySpendLimit: "1" };
const PERCENT_MAX = 100;

/** Whether a value may be set, by attribute. */
const VALUES: Readonly<Record<string, (value: string) => boolean>> = {
  MonthlySpendLimit: (value) => /^\d+$/.test(value),
  DeliveryStatusIAMRole: (value) => /^arn:[^:]*:iam::\d{12}:role\/.+/.test(value),
  DeliveryStatusSuccessSamplingRate: (value) => /^\d{1,3}$/.test(value) && Number(value) <= PERCENT_MAX,
  DefaultSenderID: (value) => /^[A-Za-z0-9]{1,11}$/.test(value) && /[A-Za-z]/.test(value),
  DefaultSMSType: (value) => value === "Promotional" || value === "Transactional",
  UsageReportS3Bucket: (value) => value.length > 0,
};

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_set_invalid_sms_attributes) */
const SHOWN_NAMES: Readonly<Record<string, string>> = { DefaultSenderID: "DefaultSendID" };

export const setSMSAttributes = operation("SetSMSAttributes", {
  authorize: ({ attributes }, context) => [onAccount("SetSMSAttributes", context), ...passedRoles(attributes)],

  async handle({ attributes }, { tx }) {
    const kept = await tx.get(smsSettings);
    const settings: Record<string, string> = { ...kept?.settings };
    for (const [name, value = ""] of Object.entries(attributes)) {
      const isValue = findOwn(VALUES, name);
      if (isValue === undefined) throw smsAttributeUnknown(name);
      if (value === "") delete settings[name];
      else if (isValue(value)) settings[name] = value;
      else throw name === "DefaultSMSType" ? smsTypeInvalid() : smsAttributeUnknown(findOwn(SHOWN_NAMES, name) ?? name);
    }
    tx.put(smsSettings, { settings });
    return {};
  },
});

export const getSMSAttributes = operation("GetSMSAttributes", {
  authorize: (_input, context) => onAccount("GetSMSAttributes", context),

  async handle({ attributes: names = [] }, { tx }) {
    const all = { ...DEFAULTS, ...(await tx.get(smsSettings))?.settings };
    const unknown = names.find((name) => !Object.hasOwn(VALUES, name));
    if (unknown !== undefined) throw smsAttributeUnknown(unknown);
    const wanted = Object.entries(all).filter(([name]) => names.length === 0 || names.includes(name));
    return { attributes: Object.fromEntries(wanted) };
  },
});

interface OptedOut {
  readonly number: string;
  readonly atMs: number;
}

const optedOut = table<OptedOut>("sns.opted-out", "region", ({ number }) => [number]);

function requireNumber(number: string): string {
  if (!isPhoneNumber(number)) throw numberMalformed();
  return number.startsWith("+") ? number : `+${number}`;
}

export const checkIfPhoneNumberIsOptedOut = operation("CheckIfPhoneNumberIsOptedOut", {
  authorize: (_input, context) => onAccount("CheckIfPhoneNumberIsOptedOut", context),

  async handle({ phoneNumber }, { tx }) {
    return { isOptedOut: (await tx.get(optedOut, requireNumber(phoneNumber))) !== undefined };
  },
});

export const optInPhoneNumber = operation("OptInPhoneNumber", {
  authorize: (_input, context) => onAccount("OptInPhoneNumber", context),

  async handle({ phoneNumber }, { tx }) {
    tx.delete(optedOut, requireNumber(phoneNumber));
    return {};
  },
});

export const listPhoneNumbersOptedOut = operation("ListPhoneNumbersOptedOut", {
  authorize: (_input, context) => onAccount("ListPhoneNumbersOptedOut", context),

  async handle({ nextToken: token }, { tx }) {
    const { rows, next } = await page(tx, optedOut, { token, max: LISTED_MAX, invalidToken });
    return { phoneNumbers: rows.map(({ number }) => number), ...(next !== undefined && { nextToken: next }) };
  },
});

/** Source: https://docs.aws.amazon.com/sns/latest/dg/sms_manage.html#sms_manage_optout */
const STOP_WORDS: ReadonlySet<string> = new Set([
  "ARRET",
  "CANCEL",
  "END",
  "OPT-OUT",
  "OPTOUT",
  "QUIT",
  "REMOVE",
  "STOP",
  "TD",
  "UNSUBSCRIBE",
]);

/** The job: a phone answers. Words that end a subscription are heard, and no others. */
export async function hear(context: Context, number: string, payload: unknown): Promise<void> {
  if (typeof payload !== "string" || !STOP_WORDS.has(payload.toUpperCase())) return;
  context.tx.put(optedOut, { number, atMs: context.now().getTime() });
}

interface Text {
  readonly to: string;
  readonly text: string;
  readonly attributes: KeptAttributes;
  readonly place: Scope;
}

const SENDER = "AWS.SNS.SMS.SenderID";
const SMS_TYPE = "AWS.SNS.SMS.SMSType";

/** Into the outbox, but for numbers that want none: whether it is there. */
export async function sendText({ to, text, attributes, place }: Text, context: Context): Promise<boolean> {
  const tx = context.tx.in(place);
  const type = attributes[SMS_TYPE];
  if (type !== undefined && "text" in type && !["Promotional", "Transactional"].includes(type.text))
    throw invalid(SMS_TYPE);
  const number = `+${to.replace(/\D/g, "")}`;
  if ((await tx.get(optedOut, number)) !== undefined) return false;
  const settings = (await tx.get(smsSettings))?.settings ?? {};
  const sender = attributes[SENDER];
  const from = sender !== undefined && "text" in sender ? sender.text : (settings["DefaultSenderID"] ?? "NOTICE");
  await context.post({ kind: "sms", from, to: number, text }, place);
  return true;
}
