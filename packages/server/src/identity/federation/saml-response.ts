/**
 * A SAML response: who its provider says came, to whom it says so, and for how long.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf (4.1.4)
 */
import { createHash } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import type { SamlProviderRecord } from "../directory.ts";
import type { SamlIdentity } from "./federation.ts";
import {
  assertionEncrypted,
  metadataExpired,
  noSamlResponse,
  redeemedTooLate,
  responseExpired,
  responseNotYetValid,
  signInFailed,
  wrongSamlAudience,
  wrongSamlIssuer,
} from "./refusals.ts";
import { attributesOf, checkSessionDuration, claimedByAttributes, rolesOf, sessionNameOf } from "./saml-attributes.ts";
import { attributeKeys } from "./saml-keys.ts";
import { readMetadata } from "./saml-metadata.ts";
import { readResponse, signedAssertion } from "./saml-signature.ts";
import { allElements, ASSERTION, attributeOf, childrenNamed, onlyChild, PROTOCOL, textOf } from "./saml-xml.ts";
import { nowsFor, SKEW_SECONDS } from "./token-time.ts";

const SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
const BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
const NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";
const UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
const SIGN_IN = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml$/;
const WEB_SERVICES = "urn:amazon:webservices";

/** Source: https://github.com/Nike-Inc/gimme-aws-creds/issues/251 */
const REDEEM_SECONDS_MAX = 300;

/** @throws {IdentityRefused} */
export function readSamlResponse(base64: string, provider: SamlProviderRecord, clock: Clock): SamlIdentity {
  const text = decode(base64);
  const response = readResponse(text);
  requireSuccess(response);
  if (allElements(response).some(({ localName }) => /^Encrypted(Assertion|ID|Attribute)$/.test(localName))) {
    throw assertionEncrypted();
  }
  const metadata = readMetadata(provider.metadata);
  if (provider.validUntilMs <= clock.now()) throw metadataExpired();
  const assertion = signedAssertion(text, response, metadata?.keys ?? []);
  const issuer = textOf(onlyChild(assertion, ASSERTION, "Issuer"));
  if (issuer === undefined || issuer !== metadata?.entityId) throw wrongSamlIssuer();
  return identityOf(assertion, { issuer, provider, clock });
}

/** Strict, in base64 as in UTF-8: what can be read in two ways is not read. */
function decode(base64: string): string {
  const compact = base64.replace(/\s/g, "");
  const bytes = Buffer.from(compact, "base64");
  if (bytes.toString("base64").replace(/=+$/, "") !== compact.replace(/=+$/, "")) throw noSamlResponse();
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw noSamlResponse();
  }
}

function requireSuccess(response: Element): void {
  const code = onlyChild(onlyChild(response, PROTOCOL, "Status"), PROTOCOL, "StatusCode");
  const value = attributeOf(code, "Value");
  if (value === undefined) throw noSamlResponse();
  if (value !== SUCCESS) throw signInFailed(value);
}

interface Surroundings {
  readonly issuer: string;
  readonly provider: SamlProviderRecord;
  readonly clock: Clock;
}

function identityOf(assertion: Element, { issuer, provider, clock }: Surroundings): SamlIdentity {
  const { recipient, subject, format, confirmedUntil } = subjectOf(assertion);
  requireAudience(assertion);
  const shiftMs = checkInstants(assertion, confirmedUntil, clock);
  const attributes = attributesOf(assertion);
  checkSessionDuration(attributes);
  const subjectType = format.startsWith(NAME_FORMAT) ? format.slice(NAME_FORMAT.length) : format;
  const nameQualifier = qualifierOf(issuer, provider);
  const assertionId = attributeOf(assertion, "ID");
  if (assertionId === undefined) throw noSamlResponse();
  const sessionEnd = sessionEndOf(assertion);
  return {
    assertionId,
    goodUntilMs: confirmedUntil * 1000 + shiftMs,
    issuer,
    recipient,
    subject,
    subjectType,
    nameQualifier,
    roles: rolesOf(attributes),
    sessionName: sessionNameOf(attributes),
    sessionEndsAtMs: sessionEnd === undefined ? undefined : sessionEnd * 1000 + shiftMs,
    keys: {
      ...attributeKeys(attributes),
      "saml:aud": recipient,
      "saml:iss": issuer,
      "saml:sub": subject,
      "saml:sub_type": subjectType,
      "saml:namequalifier": nameQualifier,
      "saml:doc": `${provider.account}/${provider.name}`,
    },
    attributes: Object.fromEntries(attributes),
    session: claimedByAttributes(attributes),
  };
}

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithSAML.html (NameQualifier) */
const qualifierOf = (issuer: string, { account, name }: SamlProviderRecord): string =>
  createHash("sha1").update(`${issuer}${account}/${name}`).digest("base64");

function subjectOf(assertion: Element) {
  const subjectElement = onlyChild(assertion, ASSERTION, "Subject");
  const nameId = onlyChild(subjectElement, ASSERTION, "NameID");
  const subject = textOf(nameId);
  const confirmation = onlyChild(subjectElement, ASSERTION, "SubjectConfirmation");
  const facts = onlyChild(confirmation, ASSERTION, "SubjectConfirmationData");
  const recipient = attributeOf(facts, "Recipient");
  const confirmedUntil = instantOf(facts, "NotOnOrAfter");
  if (subject === undefined || subject === "" || attributeOf(confirmation, "Method") !== BEARER) throw noSamlResponse();
  if (recipient === undefined || confirmedUntil === undefined) throw noSamlResponse();
  if (!SIGN_IN.test(recipient)) throw wrongSamlAudience();
  return { subject, recipient, confirmedUntil, format: attributeOf(nameId, "Format") ?? UNSPECIFIED };
}

/** Each restriction names us. */
function requireAudience(assertion: Element): void {
  const conditions = onlyChild(assertion, ASSERTION, "Conditions");
  const restrictions = conditions === undefined ? [] : childrenNamed(conditions, ASSERTION, "AudienceRestriction");
  if (restrictions.length === 0 || !restrictions.every(isForAws)) throw wrongSamlAudience();
}

const isForAws = (restriction: Element): boolean =>
  childrenNamed(restriction, ASSERTION, "Audience").some((audience) => {
    const name = textOf(audience) ?? "";
    return name === WEB_SERVICES || SIGN_IN.test(name);
  });

/** Gives by how much the provider's time is behind virtual time. */
function checkInstants(assertion: Element, confirmedUntil: number, clock: Clock): number {
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

function sessionEndOf(assertion: Element): number | undefined {
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
