/**
 * What a SAML provider says of somebody, signed. All that is signed is written in the canonical form
 * (Exclusive XML Canonicalization) from the start, so that its text is what the sums are made of.
 */
import { createHash, randomUUID, sign, type KeyObject } from "node:crypto";

export interface AssertionFacts {
  /** The provider's `entityID`. */
  readonly issuer: string;
  readonly subject: string;
  /** By their whole names. */
  readonly attributes: Readonly<Record<string, readonly string[]>>;
  readonly audience: string;
  /** Since 1970. */
  readonly issuedAtMs: number;
  readonly seconds: number;
}

const SIGN_IN = "https://signin.aws.amazon.com/saml";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";
const SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256";

/** A response with one assertion, in base64. */
export function signedResponse(facts: AssertionFacts, key: KeyObject): string {
  const id = `_${randomUUID()}`;
  const issuer = `<saml:Issuer>${escaped(facts.issuer)}</saml:Issuer>`;
  const assertion = (signature: string) => assertionText(facts, { id, issuer: `${issuer}${signature}` });
  const text = assertion(signatureOf(assertion(""), id, key));
  const head = `ID="_${randomUUID()}" IssueInstant="${instant(facts.issuedAtMs)}" Version="2.0"`;
  const response = [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" Destination="${SIGN_IN}" ${head}>`,
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"></samlp:StatusCode>`,
    `</samlp:Status>${text}</samlp:Response>`,
  ];
  return Buffer.from(response.join("")).toString("base64");
}

/** The metadata of the provider, with its certificate. */
export function metadataText(issuer: string, certificate: string): string {
  return [
    `<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escaped(issuer)}">`,
    `<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">`,
    `<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="${SIGNATURE}"><ds:X509Data><ds:X509Certificate>`,
    `${certificate}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`,
    `<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${escaped(issuer)}"/>`,
    `</md:IDPSSODescriptor></md:EntityDescriptor>`,
  ].join("");
}

interface Place {
  readonly id: string;
  /** The issuer, and the signature behind it. */
  readonly issuer: string;
}

function assertionText(facts: AssertionFacts, { id, issuer }: Place): string {
  const [now, until] = [instant(facts.issuedAtMs), instant(facts.issuedAtMs + facts.seconds * 1000)];
  const attributes = Object.entries(facts.attributes).map(([name, values]) => {
    const written = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join("");
    return `<saml:Attribute Name="${escaped(name)}">${written}</saml:Attribute>`;
  });
  return [
    `<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="${id}" IssueInstant="${now}" Version="2.0">`,
    issuer,
    `<saml:Subject><saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">`,
    `${escaped(facts.subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${SIGN_IN}"></saml:SubjectConfirmationData>`,
    `</saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${now}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${escaped(facts.audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext><saml:AuthnContextClassRef>`,
    `urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes.join("")}</saml:AttributeStatement></saml:Assertion>`,
  ].join("");
}

function signatureOf(text: string, id: string, key: KeyObject): string {
  const digest = createHash("sha256").update(text).digest("base64");
  const content = [
    `<ds:CanonicalizationMethod Algorithm="${EXCLUSIVE}"></ds:CanonicalizationMethod>`,
    `<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"></ds:SignatureMethod>`,
    `<ds:Reference URI="#${id}"><ds:Transforms>`,
    `<ds:Transform Algorithm="${SIGNATURE}enveloped-signature"></ds:Transform>`,
    `<ds:Transform Algorithm="${EXCLUSIVE}"></ds:Transform></ds:Transforms>`,
    `<ds:DigestMethod Algorithm="${SHA256}"></ds:DigestMethod><ds:DigestValue>${digest}</ds:DigestValue>`,
    `</ds:Reference></ds:SignedInfo>`,
  ].join("");
  // by itself the element has to name its namespace, within the signature it need not
  const alone = `<ds:SignedInfo xmlns:ds="${SIGNATURE}">${content}`;
  const value = sign("sha256", Buffer.from(alone), key).toString("base64");
  const within = `<ds:SignedInfo>${content}<ds:SignatureValue>${value}</ds:SignatureValue>`;
  return `<ds:Signature xmlns:ds="${SIGNATURE}">${within}</ds:Signature>`;
}

/** Without fractions of seconds, in which canonical forms could differ. */
const instant = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

/** The same in texts and attributes: none of ours has a character that they write differently. */
const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? "");
