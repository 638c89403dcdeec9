/**
 * Numbers that an account has shown to be its own.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html
 * Differs: accounts are out of the sandbox from the start: text messages go to every number.
 */
import { page } from "../../../kernel/page.ts";
import { newSecretBytes } from "../../../kernel/ids.ts";
import { table } from "../../../kernel/table.ts";
import { onAccount } from "../access.ts";
import { codeWrong, invalidToken, sandboxFull, sandboxNumberNotFound } from "../errors.ts";
import { operation } from "../kit.ts";
import { nextToken } from "../next-token.ts";
import { LISTED_MAX, SANDBOX_NUMBERS_MAX } from "../limits.ts";

interface SandboxNumber {
  readonly number: string;
  readonly state: "Pending" | "Verified";
  /** What was sent there, sealed. */
  readonly sealedCode: string;
}

const numbers = table<SandboxNumber>("sns.sandbox-number", "region", ({ number }) => [number]);

const PURPOSE = "sns sandbox code";
const CODE_DIGITS = 6;

export const getSMSSandboxAccountStatus = operation("GetSMSSandboxAccountStatus", {
  authorize: (_input, context) => onAccount("GetSMSSandboxAccountStatus", context),
  handle: () => Promise.resolve({ IsInSandbox: false }),
});

export const createSMSSandboxPhoneNumber = operation("CreateSMSSandboxPhoneNumber", {
  authorize: (_input, context) => onAccount("CreateSMSSandboxPhoneNumber", context),

  /** The languages of the message are not told apart. */
  async handle({ PhoneNumber: number, LanguageCode: _language }, context) {
    const { tx, keys } = context;
    const there = await tx.get(numbers, number);
    if (there?.state === "Verified") return {};
    if (there === undefined && (await tx.scan(numbers, { limit: SANDBOX_NUMBERS_MAX })).length >= SANDBOX_NUMBERS_MAX) {
      throw sandboxFull();
    }
    const code = newCode();
    tx.put(numbers, { number, state: "Pending", sealedCode: keys.seal(code, PURPOSE) });
    const text = `Your verification code for Amazon SNS is ${code}`;
    await context.post({ kind: "sms", from: "NOTICE", to: number, text });
    return {};
  },
});

const newCode = (): string => [...newSecretBytes(CODE_DIGITS)].map((byte) => String(byte % 10)).join("");

export const verifySMSSandboxPhoneNumber = operation("VerifySMSSandboxPhoneNumber", {
  authorize: (_input, context) => onAccount("VerifySMSSandboxPhoneNumber", context),

  async handle({ PhoneNumber: number, OneTimePassword: code }, { tx, keys }) {
    const there = await tx.get(numbers, number);
    if (there === undefined) throw sandboxNumberNotFound();
    const sent = keys.open(there.sealedCode, PURPOSE);
    if (sent === undefined || Buffer.from(sent).toString("utf8") !== code) throw codeWrong();
    tx.put(numbers, { ...there, state: "Verified" });
    return {};
  },
});

export const deleteSMSSandboxPhoneNumber = operation("DeleteSMSSandboxPhoneNumber", {
  authorize: (_input, context) => onAccount("DeleteSMSSandboxPhoneNumber", context),

  async handle({ PhoneNumber: number }, { tx }) {
    if ((await tx.get(numbers, number)) === undefined) throw sandboxNumberNotFound();
    tx.delete(numbers, number);
    return {};
  },
});

export const listSMSSandboxPhoneNumbers = operation("ListSMSSandboxPhoneNumbers", {
  authorize: (_input, context) => onAccount("ListSMSSandboxPhoneNumbers", context),

  async handle({ NextToken: token, MaxResults: limit }, { tx }) {
    const { rows, next } = await page(tx, numbers, { token, limit, max: LISTED_MAX, invalidToken });
    const PhoneNumbers = rows.map(({ number, state }) => ({ PhoneNumber: number, Status: state }));
    return { PhoneNumbers, ...nextToken(next) };
  },
});

/** Numbers to send from are bought elsewhere: there are none. */
export const listOriginationNumbers = operation("ListOriginationNumbers", {
  authorize: (_input, context) => onAccount("ListOriginationNumbers", context),
  handle: ({ NextToken: _token, MaxResults: _limit }) => Promise.resolve({ PhoneNumbers: [] }),
});
