/** What the identity provider says as a SAML provider: its metadata, and signed responses about its users. */
import { SignedXml } from "xml-crypto";
import { newUuid } from "../kernel/ids.ts";
import { findOwn } from "../kernel/lookup.ts";
import type { IdpKey } from "./signing-key.ts";

const AWS = "https://aws.amazon.com/SAML/Attributes/";
const SIGN_IN = "https://signin.aws.amazon.com/saml";
const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";

/** What a response says. */
export interface SamlFacts {
  /** The provider's `entityID`. */
  readonly issuer: string;
  readonly subject: string;
  readonly sessionName: string;
  readonly roles: readonly { readonly roleArn: string; readonly providerArn: string }[];
  readonly issuedAtMs: number;
  readonly seconds: number;
  /** Further attributes by their whole names. */
  readonly attributes?: Readonly<Record<string, readonly string[]>> | undefined;
  readonly recipient?: string | undefined;
  readonly audience?: string | undefined;
  readonly format?: string | undefined;
  /** The request that it answers. */
  readonly inResponseTo?: string | undefined;
}

/** What of the response is signed: the assertion in it, as most providers do, or the whole. */
export type SignedPart = "Assertion" | "Response";

export function samlMetadata(issuer: string, { certificate }: Pick<IdpKey, "certificate">): string {
  const body = certificate.replace(/-----[A-Z ]+-----|\s/g, "");
  return `<?xml version="1.0" encoding="UTF-8"?>
<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="${escaped(issuer)}">
  <md:IDPSSODescriptor WantAuthnRequestsSigned="false" protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor use="signing">
      <ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data><ds:X509Certificate>${body}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>
    </md:KeyDescriptor>
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${escaped(issuer)}/saml/sign-in"/>
  </md:IDPSSODescriptor>
</md:EntityDescriptor>
`;
}

/** A signed response, as XML. */
export function samlResponse(
  facts: SamlFacts,
  key: Pick<IdpKey, "privateKey">,
  part: SignedPart = "Assertion",
): string {
  return signed(unsignedResponse(facts), key, part);
}

/** Signs the element of that name, which has an `ID`. */
export function signed(xml: string, { privateKey }: Pick<IdpKey, "privateKey">, part: SignedPart): string {
  const signature = new SignedXml({
    privateKey,
    signatureAlgorithm: "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    canonicalizationAlgorithm: EXCLUSIVE,
  });
  const xpath = `//*[local-name(.)='${part}']`;
  signature.addReference({
    xpath,
    transforms: ["http://www.w3.org/2000/09/xmldsig#enveloped-signature", EXCLUSIVE],
    digestAlgorithm: "http://www.w3.org/2001/04/xmlenc#sha256",
  });
  // the schema wants the signature right after the issuer
  signature.computeSignature(xml, {
    prefix: "ds",
    location: { reference: `${xpath}/*[local-name(.)='Issuer']`, action: "after" },
  });
  return signature.getSignedXml();
}

export function unsignedResponse(facts: SamlFacts): string {
  const { issuer, subject, issuedAtMs, seconds, recipient = SIGN_IN, audience = SIGN_IN } = facts;
  const { inResponseTo, format = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent" } = facts;
  const [now, until] = [new Date(issuedAtMs).toISOString(), new Date(issuedAtMs + seconds * 1000).toISOString()];
  return [
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion"`,
    ` ID="_${newUuid()}" Version="2.0" IssueInstant="${now}" Destination="${escaped(recipient)}">`,
    `<saml:Issuer>${escaped(issuer)}</saml:Issuer>`,
    `<samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>`,
    `<saml:Assertion ID="_${newUuid()}" Version="2.0" IssueInstant="${now}">`,
    `<saml:Issuer>${escaped(issuer)}</saml:Issuer>`,
    `<saml:Subject><saml:NameID Format="${escaped(format)}">${escaped(subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">`,
    `<saml:SubjectConfirmationData NotOnOrAfter="${until}" Recipient="${escaped(recipient)}"${inResponseTo === undefined ? "" : ` InResponseTo="${escaped(inResponseTo)}"`}/>`,
    `</saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${now}" NotOnOrAfter="${until}"><saml:AudienceRestriction>`,
    `<saml:Audience>${escaped(audience)}</saml:Audience></saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}"><saml:AuthnContext><saml:AuthnContextClassRef>`,
    `urn:oasis:names:tc:SAML:2.0:ac:classes:Password</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributesOf(facts)}</saml:AttributeStatement></saml:Assertion></samlp:Response>`,
  ].join("");
}

function attributesOf({ roles, sessionName, attributes = {} }: SamlFacts): string {
  const all: Readonly<Record<string, readonly string[]>> = {
    [`${AWS}Role`]: roles.map(({ roleArn, providerArn }) => `${roleArn},${providerArn}`),
    [`${AWS}RoleSessionName`]: [sessionName],
    ...attributes,
  };
  return Object.entries(all)
    .map(([name, values]) => {
      const written = values.map((value) => `<saml:AttributeValue>${escaped(value)}</saml:AttributeValue>`).join("");
      return `<saml:Attribute Name="${escaped(name)}">${written}</saml:Attribute>`;
    })
    .join("");
}

const ESCAPES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => findOwn(ESCAPES, character) ?? "");
