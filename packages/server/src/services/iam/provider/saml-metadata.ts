/** What IAM reads of a SAML identity provider's metadata document; federation reads the rest when it is used. */
import { malformedMetadata } from "../errors.ts";

/** How long a provider is good whose document does not say. (assumed) */
const VALID_YEARS = 100;

interface Metadata {
  readonly validUntilMs: number;
}

/** @throws {AwsError} `InvalidInput` where the text is no SAML metadata. */
export function requireMetadata(document: string, nowMs: number): Metadata {
  const descriptor = /<(?:[\w-]+:)?EntityDescriptor(\s[^<>]*)?>/.exec(document);
  const isClosed = /<\/(?:[\w-]+:)?EntityDescriptor\s*>\s*$/.test(document);
  if (!descriptor || !isClosed || /<!(?:DOCTYPE|ENTITY)/i.test(document)) throw malformedMetadata();
  const validUntil = /\svalidUntil\s*=\s*["']([^"']+)["']/.exec(descriptor[1] ?? "")?.[1];
  if (validUntil === undefined) return { validUntilMs: yearsAfter(nowMs) };
  const validUntilMs = Date.parse(validUntil);
  if (Number.isNaN(validUntilMs)) throw malformedMetadata();
  return { validUntilMs };
}

const yearsAfter = (ms: number): number => {
  const date = new Date(ms);
  return date.setUTCFullYear(date.getUTCFullYear() + VALID_YEARS);
};
