/**
 * What IAM Identity Center vouches for to STS: the user for whom an application acts. Here because both who says so and
 * who hears it need the one form.
 */
import { openText, sealText, type TextSealer } from "./sealed-text.ts";

/** What is vouched for, and until when. */
export interface ContextAssertion {
  /** Condition keys of the session: `identitystore:UserId` and its like. */
  readonly keys: Readonly<Record<string, string>>;
  /** Virtual epoch milliseconds. */
  readonly expiresAtMs: number;
}

const PURPOSE = "context-assertion";

/** The assertion as a text that only this cloud can read or have made. */
export const sealContextAssertion = (sealer: TextSealer, assertion: ContextAssertion): string =>
  sealText(sealer, JSON.stringify(assertion), PURPOSE);

/** `undefined` where `text` was not made here or was changed. */
export function openContextAssertion(sealer: TextSealer, text: string): ContextAssertion | undefined {
  const opened = openText(sealer, text, PURPOSE);
  return opened === undefined ? undefined : (JSON.parse(opened) as ContextAssertion);
}
