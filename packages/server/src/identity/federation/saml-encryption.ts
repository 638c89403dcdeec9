/**
 * Assertions that a provider has encrypted for one receiver.
 * Source: https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf (2.3.4, 6)
 */
import { XMLSerializer } from "@xmldom/xmldom";
import { decrypt } from "xml-encryption";
import { escaped } from "../../kernel/html.ts";
import { noSamlResponse, responseSignatureInvalid } from "./refusals.ts";
import { allElements, ASSERTION, childElements, isNamed, namespacesAt, onlyChild, parseSamlXml } from "./saml-xml.ts";

const ENCRYPTED = /^Encrypted(Assertion|ID|Attribute)$/;

export const hasEncrypted = (root: Element): boolean =>
  allElements(root).some(({ localName }) => ENCRYPTED.test(localName));

/** The one encrypted assertion of a response that has no other. @throws {IdentityRefused} */
export function soleEncrypted(response: Element): Element {
  const all = allElements(response).filter(({ localName }) => /^(Encrypted)?Assertion$/.test(localName));
  const only = onlyChild(response, ASSERTION, "EncryptedAssertion");
  if (only === undefined || all.length !== 1) throw noSamlResponse();
  return only;
}

export interface OpenedAssertion {
  readonly text: string;
  readonly assertion: Element;
}

/**
 * The assertion in `encrypted`. Whatever is wrong with it is told in the words for a wrong signature: who may try as often
 * as he likes must not learn from others what is inside.
 * @throws {IdentityRefused}
 */
export function openAssertion(encrypted: Element, keys: readonly string[]): OpenedAssertion {
  const xml = new XMLSerializer().serializeToString(encrypted);
  const bare = keys.map((key) => opened(xml, key)).find((text) => text !== undefined);
  const text = bare === undefined ? undefined : withNamespaces(bare, encrypted);
  const assertion = text === undefined ? undefined : parseSamlXml(text);
  if (text === undefined || assertion === undefined || !isWhole(assertion)) throw responseSignatureInvalid();
  return { text, assertion };
}

/** What is encrypted is read as if it stood where it is put: prefixes of what is around it may be used in it. */
function withNamespaces(text: string, place: Element): string {
  const [start = "", name = ""] = /^\s*<([\w:.-]+)[^>]*/.exec(text) ?? [];
  const missing = [...namespacesAt(place)].filter(([declaration]) => !start.includes(` ${declaration}=`));
  const added = missing.map(([declaration, space]) => ` ${declaration}="${escaped(space)}"`).join("");
  return text.replace(`<${name}`, (tag) => tag + added);
}

/** Nothing in it is encrypted once more, nor an assertion of its own. */
const isWhole = (assertion: Element): boolean =>
  isNamed(assertion, ASSERTION, "Assertion") &&
  !hasEncrypted(assertion) &&
  childElements(assertion).every((child) => allElements(child).every(({ localName }) => localName !== "Assertion"));

/**
 * The library takes no key that RSA 1.5 is used with, which has an oracle. AES in CBC is what most providers use; that
 * its padding has one, too, is why nothing is believed but what the provider has signed, and why no refusal says more.
 */
function opened(xml: string, key: string): string | undefined {
  if (xml.includes("http://www.w3.org/2001/04/xmlenc#rsa-1_5")) return undefined;
  let found: string | undefined;
  const options = { key, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false };
  decrypt(xml, options, (_error, text) => {
    found = text;
  });
  return found;
}
