/**
 * An assertion that its provider has signed: whose it is, whom it is for, and when it is good.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf (4.1.4)
 */
import type { Clock } from "../../clock/clock.ts";
import type { AssertionEncryption } from "../directory.ts";
import {
  assertionEncrypted,
  assertionInTheClear,
  metadataExpired,
  noSamlResponse,
  redeemedTooLate,
  responseExpired,
  responseNotYetValid,
  signInFailed,
  wrongSamlAudience,
  wrongSamlIssuer,
} from "./refusals.ts";
import { readMetadata } from "./saml-metadata.ts";
import { hasEncrypted } from "./saml-encryption.ts";
import { readResponse, signedAssertion, signedInside } from "./saml-signature.ts";
import { ASSERTION, attributeOf, childrenNamed, onlyChild, PROTOCOL, textOf } from "./saml-xml.ts";
import { nowsFor, SKEW_SECONDS } from "./token-time.ts";

const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** Source: https://github.com/Nike-Inc/gimme-aws-creds/issues/251 */
const REDEEM_SECONDS_MAX = 300;

/** The provider, as it says itself who it is, and until when that is believed. */
export interface KnownProvider {
  readonly metadata: string;
  readonly validUntilMs: number;
  readonly encryption?: AssertionEncryption | undefined;
}

export interface SignedAssertion {
  readonly assertion: Element;
  readonly issuer: string;
}

/** @throws {IdentityRefused} where it is not the provider's */
export function readAssertion(base64: string, provider: KnownProvider, clock: Clock): SignedAssertion {
  const text = decode(base64);
  const response = readResponse(text);
  requireSuccess(response);
  const { encryption = IN_THE_CLEAR } = provider;
  const isEncrypted = requireEncryption(response, encryption);
  const metadata = readMetadata(provider.metadata);
  if (provider.validUntilMs <= clock.now()) throw metadataExpired();
  const keys = metadata?.keys ?? [];
  const read = { text, response };
  const assertion = isEncrypted ? signedInside(read, keys, encryption.keys) : signedAssertion(read, keys);
  const issuer = textOf(onlyChild(assertion, ASSERTION, "Issuer"));
  if (issuer === undefined || issuer !== metadata?.entityId) throw wrongSamlIssuer();
  return { assertion, issuer };
}

const IN_THE_CLEAR: AssertionEncryption = { keys: [], isRequired: false };

/** Whether the response is encrypted. @throws {IdentityRefused} where it must be, or cannot be read */
function requireEncryption(response: Element, { keys, isRequired }: AssertionEncryption): boolean {
  const isEncrypted = hasEncrypted(response);
  if (isEncrypted && keys.length === 0) throw assertionEncrypted();
  if (!isEncrypted && isRequired) throw assertionInTheClear();
  return isEncrypted;
}

/** Strict, in base64 as in UTF-8: what can be read in two ways is not read. */
function decode(base64: string): string {
  const compact = base64.replace(/\s/g, "");
  const bytes = Buffer.from(compact, "base64");
  if (unpadded(bytes.toString("base64")) !== unpadded(compact)) throw noSamlResponse();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw noSamlResponse();
  }
}

/** From the first of the last signs on: those in the middle are looked at once. */
const unpadded = (base64: string): string => base64.replace(/(?<!=)=+$/, "");

function requireSuccess(response: Element): void {
  const code = onlyChild(onlyChild(response, PROTOCOL, "Status"), PROTOCOL, "StatusCode");
  const value = attributeOf(code, "Value");
  if (value === undefined) throw noSamlResponse();
  if (value !== SUCCESS) throw signInFailed(value);
}

/**
 * Whom it is about.
 * @param isHere whether it was sent to where we are
 * @throws {IdentityRefused}
 */
export function subjectOf(assertion: Element, isHere: (recipient: string) => boolean) {
  const subjectElement = onlyChild(assertion, ASSERTION, "Subject");
  const nameId = onlyChild(subjectElement, ASSERTION, "NameID");
  const subject = textOf(nameId);
  const confirmation = onlyChild(subjectElement, ASSERTION, "SubjectConfirmation");
  const facts = onlyChild(confirmation, ASSERTION, "SubjectConfirmationData");
  const recipient = attributeOf(facts, "Recipient");
  const confirmedUntil = instantOf(facts, "NotOnOrAfter");
  if (subject === undefined || subject === "" || attributeOf(confirmation, "Method") !== BEARER) throw noSamlResponse();
  if (recipient === undefined || confirmedUntil === undefined) throw noSamlResponse();
  if (!isHere(recipient)) throw wrongSamlAudience();
  const format = attributeOf(nameId, "Format") ?? UNSPECIFIED;
  return { subject, recipient, confirmedUntil, format, inResponseTo: attributeOf(facts, "InResponseTo") };
}

/**
 * Each restriction names us.
 * @throws {IdentityRefused}
 */
export function requireAudience(assertion: Element, isOurs: (audience: string) => boolean): void {
  const conditions = onlyChild(assertion, ASSERTION, "Conditions");
  const restrictions = conditions === undefined ? [] : childrenNamed(conditions, ASSERTION, "AudienceRestriction");
  const isForUs = (restriction: Element): boolean =>
    childrenNamed(restriction, ASSERTION, "Audience").some((audience) => isOurs(textOf(audience) ?? ""));
  if (restrictions.length === 0 || !restrictions.every(isForUs)) throw wrongSamlAudience();
}

/** Gives by how much the provider's time is behind virtual time. @throws {IdentityRefused} */
export function checkInstants(assertion: Element, confirmedUntil: number, clock: Clock): number {
  const conditions = onlyChild(assertion, ASSERTION, "Conditions");
  const issuedAt = instantOf(assertion, "IssueInstant");
  if (issuedAt === undefined) throw noSamlResponse();
  const notBefore = Math.max(issuedAt, instantOf(conditions, "NotBefore") ?? issuedAt);
  const expiry = Math.min(confirmedUntil, instantOf(conditions, "NotOnOrAfter") ?? confirmedUntil);
  const sessionEnd = sessionEndOf(assertion) ?? Infinity;
  const isGood = (now: number): boolean =>
    notBefore <= now + SKEW_SECONDS && now < expiry && now < sessionEnd && now - issuedAt <= REDEEM_SECONDS_MAX;
  const nows = nowsFor(issuedAt, clock);
  const good = nows.find(isGood);
  const now = clock.now() / 1000;
  if (good !== undefined) return (now - good) * 1000;
  if (notBefore > now + SKEW_SECONDS) throw responseNotYetValid();
  throw now >= expiry || now >= sessionEnd ? responseExpired() : redeemedTooLate();
}

/** In seconds since 1970. */
export function sessionEndOf(assertion: Element): number | undefined {
  const ends = childrenNamed(assertion, ASSERTION, "AuthnStatement").flatMap(
    (statement) => instantOf(statement, "SessionNotOnOrAfter") ?? [],
  );
  return ends.length === 0 ? undefined : Math.min(...ends);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?Z$/;

/**
 * In seconds since 1970.
 * @throws {IdentityRefused} where the attribute is there, and no instant in UTC
 */
function instantOf(element: Element | undefined, name: string): number | undefined {
  const text = attributeOf(element, name);
  if (text === undefined) return undefined;
  const ms = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(ms)) throw noSamlResponse();
  return ms / 1000;
}
