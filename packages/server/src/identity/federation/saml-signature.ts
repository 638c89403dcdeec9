/**
 * What of a response its provider has signed. Only the bytes that the signature covers are read any
 * further: they are parsed anew, so that nothing that was put beside or around them is seen.
 */
import type { KeyObject } from "node:crypto";
import { SignedXml } from "xml-crypto";
import { noSamlResponse, responseSignatureInvalid } from "./refusals.ts";
import { openAssertion, soleEncrypted } from "./saml-encryption.ts";
import {
  allElements,
  ASSERTION,
  attributeOf,
  childElements,
  childrenNamed,
  isNamed,
  onlyChild,
  parseSamlXml,
  PROTOCOL,
  SIGNATURE,
} from "./saml-xml.ts";

const EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
const INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315";
const ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";

const CANONICAL = [EXCLUSIVE, INCLUSIVE];
const TRANSFORMS = [...CANONICAL, ENVELOPED];

/** Differs: AWS may take SHA-1, whose collisions can be made; ours does not. */
const SIGNATURES = [
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
];
const DIGESTS = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512"];

/** A response, and the text that it was read from. */
interface Read {
  readonly text: string;
  readonly response: Element;
}

/**
 * The assertion of a response, as it was signed: by itself or with the response around it.
 * @throws {IdentityRefused}
 */
export function signedAssertion({ text, response }: Read, keys: readonly KeyObject[]): Element {
  const assertion = soleAssertion(response);
  if (!hasUniqueIds(response)) throw noSamlResponse();
  const signed = signaturesIn(response, [response, assertion]).map((owner) => verified(text, owner, keys));
  // the last is the innermost
  const trusted = signed.at(-1);
  if (trusted === undefined) throw responseSignatureInvalid();
  const inside = isNamed(trusted, ASSERTION, "Assertion") ? trusted : onlyChild(trusted, ASSERTION, "Assertion");
  if (inside === undefined || inside.getAttribute("ID") !== assertion.getAttribute("ID")) {
    throw responseSignatureInvalid();
  }
  return inside;
}

/**
 * The encrypted assertion of a response, as it was signed: before it was encrypted, or with the response around it.
 * @throws {IdentityRefused}
 */
export function signedInside(
  { text, response }: Read,
  keys: readonly KeyObject[],
  decryptionKeys: readonly string[],
): Element {
  soleEncrypted(response);
  if (!hasUniqueIds(response)) throw noSamlResponse();
  const isSigned = childrenNamed(response, SIGNATURE, "Signature").length > 0;
  const trusted = isSigned ? verified(text, response, keys) : response;
  const opened = openAssertion(soleEncrypted(trusted), decryptionKeys);
  if (!hasUniqueIds(opened.assertion)) throw responseSignatureInvalid();
  const signatures = allElements(opened.assertion).filter(({ localName }) => localName === "Signature");
  if (signatures.length === 0 && isSigned) return opened.assertion;
  const [owner] = signaturesIn(opened.assertion, [opened.assertion]);
  if (owner === undefined) throw responseSignatureInvalid();
  return verified(opened.text, owner, keys);
}

/** The one assertion of the whole document, right below the response. */
function soleAssertion(response: Element): Element {
  const anywhere = allElements(response).filter(({ localName }) => localName === "Assertion");
  const assertion = onlyChild(response, ASSERTION, "Assertion");
  if (assertion === undefined || anywhere.length !== 1) throw noSamlResponse();
  return assertion;
}

function hasUniqueIds(root: Element): boolean {
  const ids = allElements(root).flatMap((element) =>
    ["ID", "Id", "id"].flatMap((name) => attributeOf(element, name) ?? []),
  );
  return new Set(ids).size === ids.length;
}

/** The elements that carry a signature; all signatures of the document are theirs. */
function signaturesIn(response: Element, owners: readonly Element[]): readonly Element[] {
  const anywhere = allElements(response).filter(({ localName }) => localName === "Signature");
  const signed = owners.filter((owner) => childrenNamed(owner, SIGNATURE, "Signature").length > 0);
  if (anywhere.length === 0 || anywhere.length !== signed.length) throw responseSignatureInvalid();
  return signed;
}

/** What the signature of `owner` covers, which is `owner` itself, read anew from the signed bytes. */
function verified(text: string, owner: Element, keys: readonly KeyObject[]): Element {
  const signature = onlyChild(owner, SIGNATURE, "Signature");
  const id = attributeOf(owner, "ID");
  if (signature === undefined || id === undefined || !hasPlainForm(signature, id)) throw responseSignatureInvalid();
  for (const key of keys) {
    const covered = coveredBy(signature, text, key);
    const element = covered === undefined ? undefined : parseSamlXml(covered);
    if (element === undefined) continue;
    const { namespaceURI, localName } = owner;
    if (namespaceURI === null || !isNamed(element, namespaceURI, localName) || attributeOf(element, "ID") !== id) break;
    return element;
  }
  throw responseSignatureInvalid();
}

/** The canonical text that `key` has signed; `undefined` where it has not. */
function coveredBy(signature: Element, text: string, key: KeyObject): string | undefined {
  if (key.asymmetricKeyType !== "rsa") return undefined;
  try {
    const signed = new SignedXml({ publicCert: key, getCertFromKeyInfo: () => null });
    signed.loadSignature(signature);
    if (!signed.checkSignature(text)) return undefined;
    const [covered, ...more] = signed.getSignedReferences();
    return more.length === 0 ? covered : undefined;
  } catch {
    // the library throws for a signature that does not fit, as for one that it cannot read
    return undefined;
  }
}

/** One reference, to the element that the signature is in, by algorithms that are named here. */
function hasPlainForm(signature: Element, id: string): boolean {
  const signedFacts = onlyChild(signature, SIGNATURE, "SignedInfo");
  const reference = onlyChild(signedFacts, SIGNATURE, "Reference");
  const names = childElements(signature).map(({ localName }) => localName);
  const transforms = onlyChild(reference, SIGNATURE, "Transforms");
  const steps = transforms === undefined ? [] : childElements(transforms).map((each) => each.getAttribute("Algorithm"));
  return (
    names.every((name) => ["SignedInfo", "SignatureValue", "KeyInfo"].includes(name)) &&
    reference?.getAttribute("URI") === `#${id}` &&
    steps.length <= TRANSFORMS.length &&
    steps.every((step) => step !== null && TRANSFORMS.includes(step)) &&
    steps.includes(ENVELOPED) &&
    isOneOf(onlyChild(signedFacts, SIGNATURE, "CanonicalizationMethod"), CANONICAL) &&
    isOneOf(onlyChild(signedFacts, SIGNATURE, "SignatureMethod"), SIGNATURES) &&
    isOneOf(onlyChild(reference, SIGNATURE, "DigestMethod"), DIGESTS)
  );
}

const isOneOf = (method: Element | undefined, algorithms: readonly string[]): boolean =>
  algorithms.includes(attributeOf(method, "Algorithm") ?? "");

/**
 * The response that `text` is.
 * @throws {IdentityRefused}
 */
export function readResponse(text: string): Element {
  const response = parseSamlXml(text);
  if (response === undefined || !isNamed(response, PROTOCOL, "Response")) throw noSamlResponse();
  return response;
}
