/** Functions of texts. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html#CWL_QuerySyntax-string-functions */
import { hash } from "node:crypto";
import { test, textual, type Function } from "./function-form.ts";
import { itemsOf, parseStructure } from "./structure.ts";
import type { Value } from "./syntax.ts";
import { isTrue, numberOf, textOf, truth } from "./value.ts";

/** Characters out of a text of their own, or spaces. */
function trimmed(text: string, characters: Value, sides: { readonly left: boolean; readonly right: boolean }): string {
  const cut = new Set(characters === undefined ? " \t\r\n\v\f" : textOf(characters));
  let [start, end] = [0, text.length];
  while (sides.left && start < end && cut.has(text.charAt(start))) start += 1;
  while (sides.right && end > start && cut.has(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

function substring(text: string, [from, length]: readonly Value[]): Value {
  const start = numberOf(from);
  if (start === undefined) return undefined;
  const count = numberOf(length);
  return count === undefined ? text.slice(start) : text.slice(start, start + count);
}

function isPart(text: string, [part, ignoresCase]: readonly Value[]): boolean {
  if (!isTrue(ignoresCase)) return text.includes(textOf(part));
  return text.toLowerCase().includes(textOf(part).toLowerCase());
}

function urlDecoded(text: string): Value {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

/** `undefined` for what is no list. */
function listIn(text: string): readonly unknown[] | undefined {
  const structure = parseStructure(text);
  return structure !== undefined && Array.isArray(structure.json) ? structure.json : undefined;
}

const isInList = (text: string, [wanted]: readonly Value[]): boolean =>
  itemsOf(parseStructure(text)).some((item) => item !== undefined && textOf(item) === textOf(wanted));

export const TEXT_FUNCTIONS: Readonly<Record<string, Function>> = {
  isempty: { min: 1, max: 1, of: ([value]) => truth(value === undefined || value === "") },
  isblank: { min: 1, max: 1, of: ([value]) => truth(textOf(value).trim() === "") },
  concat: { min: 1, max: 100, of: (given) => given.map(textOf).join("") },
  ltrim: textual((text, [characters]) => trimmed(text, characters, { left: true, right: false }), [1, 2]),
  rtrim: textual((text, [characters]) => trimmed(text, characters, { left: false, right: true }), [1, 2]),
  trim: textual((text, [characters]) => trimmed(text, characters, { left: true, right: true }), [1, 2]),
  strlen: textual((text) => Array.from(text).length),
  messagesize: textual((text) => Buffer.byteLength(text)),
  toupper: textual((text) => text.toUpperCase()),
  tolower: textual((text) => text.toLowerCase()),
  substr: textual(substring, [2, 3]),
  replace: textual((text, [what, by]) => text.replaceAll(textOf(what), () => textOf(by)), [3, 3]),
  split: textual((text, [by]) => ({ json: text.split(textOf(by)) }), [2, 2]),
  strcontains: test(isPart, [2, 3]),
  startswith: test((text, [part]) => text.startsWith(textOf(part)), [2, 2]),
  endswith: test((text, [part]) => text.endsWith(textOf(part)), [2, 2]),
  urlencode: textual(encodeURIComponent),
  urldecode: textual(urlDecoded),
  base64encode: textual((text) => Buffer.from(text, "utf8").toString("base64")),
  base64decode: textual((text) => Buffer.from(text, "base64").toString("utf8")),
  hextoascii: textual((text) => Buffer.from(text, "hex").toString("latin1")),
  // Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-hash-functions.html
  md5: textual((text) => hash("md5", text)),
  sha256: textual((text) => hash("sha256", text)),
  jsonparse: textual(parseStructure),
  jsonstringify: { min: 1, max: 1, of: ([value]) => (typeof value === "object" ? textOf(value) : undefined) },
  jsonarraysize: textual((text) => listIn(text)?.length),
  jsonarraycontains: test(isInList, [2, 2]),
};
