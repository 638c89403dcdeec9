/**
 * What a SAML provider says of itself: its name, and the certificates of the keys that it signs with.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-metadata-2.0-os.pdf
 */
import { X509Certificate, type KeyObject } from "node:crypto";
import { attributeOf, childrenNamed, METADATA, onlyChild, parseSamlXml, SIGNATURE, textOf } from "./saml-xml.ts";

export interface SamlMetadata {
  readonly entityId: string;
  readonly keys: readonly KeyObject[];
}

const KEYS_MAX = 10;

/** `undefined` where the document is none of a provider. */
export function readMetadata(document: string): SamlMetadata | undefined {
  const root = parseSamlXml(document);
  const entityId = attributeOf(root, "entityID");
  if (root === undefined || entityId === undefined || root.localName !== "EntityDescriptor") return undefined;
  const keys = childrenNamed(root, METADATA, "IDPSSODescriptor")
    .flatMap((role) => childrenNamed(role, METADATA, "KeyDescriptor"))
    .filter((descriptor) => descriptor.getAttribute("use") !== "encryption")
    .flatMap((descriptor) => certificatesOf(descriptor));
  return { entityId, keys: keys.slice(0, KEYS_MAX) };
}

const REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/** Where users are sent who are to sign in there, with the request in the address; `undefined` where the provider does not say. */
export function redirectAddressOf(document: string): string | undefined {
  const root = parseSamlXml(document);
  const services = (root === undefined ? [] : childrenNamed(root, METADATA, "IDPSSODescriptor")).flatMap((role) =>
    childrenNamed(role, METADATA, "SingleSignOnService"),
  );
  const found = services.find((service) => attributeOf(service, "Binding") === REDIRECT);
  return attributeOf(found, "Location");
}

function certificatesOf(descriptor: Element): readonly KeyObject[] {
  const keyFacts = onlyChild(descriptor, SIGNATURE, "KeyInfo");
  const certificates = (keyFacts === undefined ? [] : childrenNamed(keyFacts, SIGNATURE, "X509Data")).flatMap((each) =>
    childrenNamed(each, SIGNATURE, "X509Certificate"),
  );
  return certificates.flatMap((certificate) => keyOf(textOf(certificate) ?? ""));
}

/** Certificates count whether they have run out or not. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html */
function keyOf(base64: string): readonly KeyObject[] {
  try {
    return [new X509Certificate(Buffer.from(base64, "base64")).publicKey];
  } catch {
    return [];
  }
}
