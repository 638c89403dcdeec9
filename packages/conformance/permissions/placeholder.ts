/**
 * `<ann>` and `<ann.arn>` stand for what the steps made, `<now+1h>` and `<epoch-30m>` for moments, in any text of a case.
 * Objects under the names of policies are written out as JSON.
 */
import type { PolicyText } from "./case-file.ts";

export type Lookup = (placeholder: string) => string;

const PLACEHOLDER = /<([a-z][\w.+-]*)>/gi;

/** Fills in the placeholders of everything in `value`, names of members included. */
export function fill<T>(value: T, lookup: Lookup): T;
export function fill(value: unknown, lookup: Lookup): unknown {
  if (typeof value === "string") return value.replaceAll(PLACEHOLDER, (_, name: string) => lookup(name));
  if (Array.isArray(value)) return value.map((each) => fill<unknown>(each, lookup));
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [fill(name, lookup), fill<unknown>(member, lookup)]);
  return Object.fromEntries(members);
}

/** Members of inputs that take a policy as text. */
const POLICY_MEMBER = /^(Policy|PolicyDocument|AssumeRolePolicyDocument|Content)$/;

/** The input of a call as the SDK takes it: policies as text, ciphertexts as bytes. */
export function writeInput(input: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(input).map(([name, value]) => [name, writeMember(name, value)]));
}

function writeMember(name: string, value: unknown): unknown {
  if (name === "CiphertextBlob" && typeof value === "string") return Buffer.from(value, "base64");
  return POLICY_MEMBER.test(name) && typeof value === "object" && value !== null ? policyText(value) : value;
}

/** Statements become a document of today's version. */
export function policyText(policy: PolicyText | object): string {
  if (!Array.isArray(policy) && "Statement" in policy) return JSON.stringify(policy);
  return JSON.stringify({ Version: "2012-10-17", Statement: policy });
}

const MOMENT = /^(now|epoch)(?:([+-]\d+)([smhd]))?$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `now` in ISO 8601, `epoch` in seconds; `undefined` where the placeholder is no moment. */
export function momentOf(placeholder: string, nowMs: number): string | undefined {
  const match = MOMENT.exec(placeholder);
  if (!match) return undefined;
  const [, form, amount = "0", unit = "s"] = match;
  const seconds = Math.floor((nowMs + Number(amount) * (UNIT_MS[unit] ?? 0)) / 1000);
  return form === "epoch" ? String(seconds) : new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
