/** Assertions that a service takes for a sign-in, whatever providers IAM knows. */
import type { Clock } from "../../clock/clock.ts";
import type { ExpectedAssertion, SamlSignIn, SamlSignInPlace } from "./federation.ts";
import { checkInstants, readAssertion, requireAudience, subjectOf } from "./saml-assertion.ts";
import { attributesOf } from "./saml-attributes.ts";
import { readMetadata, redirectAddressOf } from "./saml-metadata.ts";

/** @throws {IdentityRefused} */
export function readSamlSignIn(response: string, expected: ExpectedAssertion, clock: Clock): SamlSignIn {
  const { metadata, encryption } = expected;
  const provider = { metadata, validUntilMs: Infinity, encryption };
  const { assertion, issuer } = readAssertion(response, provider, clock);
  const { subject, confirmedUntil, inResponseTo } = subjectOf(assertion, (to) => expected.recipients.includes(to));
  requireAudience(assertion, (name) => name === expected.audience);
  checkInstants(assertion, confirmedUntil, clock);
  return { issuer, subject, inResponseTo, attributes: Object.fromEntries(attributesOf(assertion)) };
}

/** `undefined` where the document is none of a provider. */
export function readSignInPlace(document: string): SamlSignInPlace | undefined {
  const metadata = readMetadata(document);
  return metadata && { entityId: metadata.entityId, redirectUrl: redirectAddressOf(document) };
}
