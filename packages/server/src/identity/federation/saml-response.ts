/**
 * A SAML response: who its provider says came, to whom it says so, and for how long.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf (4.1.4)
 */
import { createHash } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import type { SamlProviderRecord } from "../directory.ts";
import type { SamlIdentity } from "./federation.ts";
import { noSamlResponse } from "./refusals.ts";
import { checkInstants, readAssertion, requireAudience, sessionEndOf, subjectOf } from "./saml-assertion.ts";
import { attributesOf, checkSessionDuration, claimedByAttributes, rolesOf, sessionNameOf } from "./saml-attributes.ts";
import { attributeKeys } from "./saml-keys.ts";
import { attributeOf } from "./saml-xml.ts";

const NAME_FORMAT = "urn:oasis:names:tc:SAML:2.0:nameid-format:";

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html */
const SIGN_IN = /^https:\/\/([a-z0-9-]+\.)?signin\.aws\.amazon\.com\/saml$/;
const WEB_SERVICES = "urn:amazon:webservices";

const isSignIn = (address: string): boolean => SIGN_IN.test(address);
const isForAws = (name: string): boolean => name === WEB_SERVICES || isSignIn(name);

/** @throws {IdentityRefused} */
export function readSamlResponse(base64: string, provider: SamlProviderRecord, clock: Clock): SamlIdentity {
  const { assertion, issuer } = readAssertion(base64, provider, clock);
  return identityOf(assertion, { issuer, provider, clock });
}

interface Surroundings {
  readonly issuer: string;
  readonly provider: SamlProviderRecord;
  readonly clock: Clock;
}

function identityOf(assertion: Element, { issuer, provider, clock }: Surroundings): SamlIdentity {
  const { recipient, subject, format, confirmedUntil } = subjectOf(assertion, isSignIn);
  requireAudience(assertion, isForAws);
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
