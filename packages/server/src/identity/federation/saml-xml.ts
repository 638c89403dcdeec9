/** XML as SAML uses it: no document types, no entities but the five, no processing instructions. */
import { DOMParser } from "@xmldom/xmldom";

export const ASSERTION = "urn:oasis:names:tc:SAML:2.0:assertion";
export const PROTOCOL = "urn:oasis:names:tc:SAML:2.0:protocol";
export const METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
export const SIGNATURE = "http://www.w3.org/2000/09/xmldsig#";

const DECLARATION = /^\uFEFF?<\?xml\s[^?<>]*\?>/;
/** A declaration of any kind, a CDATA section, an instruction; and characters that XML has not. */
// oxlint-disable-next-line no-control-regex -- these are what must not be there
const FORBIDDEN = /<!(?!--)|<\?|[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/;
const ENTITY = /&(?!(?:lt|gt|amp|quot|apos|#\d{1,7}|#x[\da-fA-F]{1,6});)/;

/**
 * How deep elements may lie in each other.
 * INVARIANT: less than what the libraries' recursion takes.
 */
const DEPTH_MAX = 50;

/** `undefined` where the text is not well formed, or has what it must not have. */
export function parseSamlXml(text: string): Element | undefined {
  const content = text.replace(DECLARATION, "");
  if (FORBIDDEN.test(content) || ENTITY.test(content)) return undefined;
  try {
    const parser = new DOMParser({ errorHandler: { warning: fail, error: fail, fatalError: fail } });
    const { documentElement } = parser.parseFromString(text, "text/xml");
    return isShallow(documentElement) ? documentElement : undefined;
  } catch {
    return undefined;
  }
}

function fail(message: string): never {
  throw new SyntaxError(message);
}

function isShallow(root: Element): boolean {
  let level = [root];
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    if (level.length === 0) return true;
    level = level.flatMap((element) => childElements(element));
  }
  return false;
}

export function childElements(parent: Element): readonly Element[] {
  const elements: Element[] = [];
  for (let child = parent.firstChild; child !== null; child = child.nextSibling) {
    if (isElement(child)) elements.push(child);
  }
  return elements;
}

/** The value is the DOM's `ELEMENT_NODE`. */
const isElement = (node: Node): node is Element => node.nodeType === 1;

export const isNamed = (element: Element, space: string, name: string): boolean =>
  element.namespaceURI === space && element.localName === name;

export const childrenNamed = (parent: Element, space: string, name: string): readonly Element[] =>
  childElements(parent).filter((child) => isNamed(child, space, name));

/** The only child of that name; `undefined` where there is none, or several. */
export function onlyChild(parent: Element | undefined, space: string, name: string): Element | undefined {
  const [only, ...more] = parent === undefined ? [] : childrenNamed(parent, space, name);
  return more.length === 0 ? only : undefined;
}

/** All elements below `root`, and itself. */
export function allElements(root: Element): readonly Element[] {
  const all = [root];
  for (const element of all) for (const child of childElements(element)) all.push(child);
  return all;
}

/** The namespaces that are declared where `element` is, by their declarations: `xmlns:saml`. */
export function namespacesAt(element: Element): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let around: Node | null = element; around !== null; around = around.parentNode) {
    if (!isElement(around)) continue;
    for (let at = 0; at < around.attributes.length; at++) {
      const { name = "", value = "" } = around.attributes.item(at) ?? {};
      if (/^xmlns(:|$)/.test(name) && !found.has(name)) found.set(name, value);
    }
  }
  return found;
}

/** The text of an element that has nothing else in it; comments do not cut it. */
export function textOf(element: Element | undefined): string | undefined {
  if (element === undefined || childElements(element).length > 0) return undefined;
  return (element.textContent ?? "").trim();
}

/** `undefined` where it is not there, or empty. */
export const attributeOf = (element: Element | undefined, name: string): string | undefined =>
  element?.getAttribute(name) || undefined;
