/**
 * What an instance tells STS about a user who takes a role: a signed SAML response. It is written in the canonical
 * form that is signed, so that nothing has to bring it into that form.
 * Source: https://www.w3.org/TR/xml-exc-c14n/ and https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html
 */
import { createHash, sign } from "node:crypto";
import { findOwn } from "../../kernel/lookup.ts";
import type { Instance } from "./instance-row.ts";
import type { SamlKey } from "./saml-key.ts";

const AWS = "https://aws.amazon.com/SAML/Attributes/";
const SIGN_IN = "https://signin.aws.amazon.com/saml";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const DSIG = "http://www.w3.org/2000/09/xmldsig#";

/** How long a response may be redeemed for. */
const GOOD_MS = 60_000;

interface AssertionFacts {
  /** Unique, without the underscore that it begins with. */
  readonly id: string;
  readonly instance: Instance;
  readonly subject: string;
  readonly sessionName: string;
  readonly roleArn: string;
  readonly providerArn: string;
  readonly tags: Readonly<Record<string, string>>;
  /** How long the console lets the user in, where that is wanted. */
  readonly sessionSeconds?: number | undefined;
  readonly nowMs: number;
}

/** The name that the instance goes by as a provider. */
const entityIdOf = ({ region, id }: Instance): string =>
  `https://portal.sso.${region}.amazonaws.com/saml/assertion/${id}`;

export const metadataOf = (instance: Instance, { certificate }: Pick<SamlKey, "certificate">): string =>
  [
    `<?xml version="1.0" encoding="UTF-8"?>`,
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${inAttribute(entityIdOf(instance))}">`,
    `<md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${DSIG}"><ds:X509Data>`,
    `<ds:X509Certificate>${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    `<md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>`,
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${inAttribute(entityIdOf(instance))}"/>`,
    `</md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join("");

/** In base64, as STS takes it. */
export function signedResponse(facts: AssertionFacts, { privateKey }: SamlKey): string {
  const { before, after } = assertionOf(facts);
  const digest = createHash("sha256").update(`${before}${after}`).digest("base64");
  const inner = signedInfo(`_${facts.id}`, digest);
  // as its own apex the element declares the prefix that it uses; in place, the element around it does
  const canonical = `<ds:SignedInfo xmlns:ds="${DSIG}">${inner}</ds:SignedInfo>`;
  const value = sign("sha256", Buffer.from(canonical), privateKey).toString("base64");
  const signature = `<ds:Signature xmlns:ds="${DSIG}"><ds:SignedInfo>${inner}</ds:SignedInfo><ds:SignatureValue>${value}</ds:SignatureValue></ds:Signature>`;
  const response = [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r${facts.id}" Version="2.0"`,
    ` IssueInstant="${instant(facts.nowMs)}" Destination="${SIGN_IN}"><samlp:Status>`,
    `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`,
    before,
    signature,
    after,
    `</samlp:Response>`,
  ];
  return Buffer.from(response.join("")).toString("base64");
}

/** The assertion around the place of its signature, right after the issuer. */
function assertionOf({ id, instance, subject, nowMs, ...facts }: AssertionFacts) {
  const [now, until] = [instant(nowMs), instant(nowMs + GOOD_MS)];
  const start = `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_${id}" IssueInstant="${now}" Version="2.0">`;
  const before = `${start}<saml:Issuer>${inText(entityIdOf(instance))}</saml:Issuer>`;
  const after = [
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">${inText(subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${SIGN_IN}"></saml:SubjectConfirmationData>`,
    `</saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${now}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${SIGN_IN}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext><saml:AuthnContextClassRef>`,
    `urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributesOf(facts)}</saml:AttributeStatement></saml:Assertion>`,
  ].join("");
  return { before, after };
}

function attributesOf({
  roleArn,
  providerArn,
  sessionName,
  tags,
  sessionSeconds,
}: Pick<AssertionFacts, "roleArn" | "providerArn" | "sessionName" | "tags" | "sessionSeconds">): string {
  const all: readonly (readonly [string, string])[] = [
    [`${AWS}Role`, `${roleArn},${providerArn}`],
    [`${AWS}RoleSessionName`, sessionName],
    ...(sessionSeconds === undefined ? [] : [[`${AWS}SessionDuration`, String(sessionSeconds)] as const]),
    ...Object.entries(tags).map(([key, value]) => [`${AWS}PrincipalTag:${key}`, value] as const),
  ];
  return all
    .map(
      ([name, value]) =>
        `<saml:Attribute Name="${inAttribute(name)}"><saml:AttributeValue>${inText(value)}</saml:AttributeValue></saml:Attribute>`,
    )
    .join("");
}

const signedInfo = (id: string, digest: string): string =>
  [
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`,
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>`,
    `<ds:Reference URI="#${id}"><ds:Transforms>`,
    `<ds:Transform Algorithm="${DSIG}enveloped-signature"></ds:Transform>`,
    `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>`,
    `<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>`,
    `<ds:DigestValue>${digest}</ds:DigestValue></ds:Reference>`,
  ].join("");

const instant = (ms: number): string => new Date(ms).toISOString();

/** As the canonical form has texts, and values of attributes. Source: https://www.w3.org/TR/xml-c14n#ProcessingModel */
const inText = (text: string): string => spaced(text).replace(/[&<>]/g, escapeOf);
const inAttribute = (text: string): string => spaced(text).replace(/[&<"]/g, escapeOf);

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escapeOf = (character: string): string => findOwn(ESCAPES, character) ?? "";

/** XML has no control characters, and each of white space a form of its own. */
const spaced = (text: string): string => text.replace(/\p{Cc}/gu, " ");
