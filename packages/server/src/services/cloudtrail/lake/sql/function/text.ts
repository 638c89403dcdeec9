/** Functions of texts. Source: https://trino.io/docs/current/functions/string.html, https://trino.io/docs/current/functions/regexp.html */
import { formatValue } from "../format.ts";
import { requireSize } from "../holding.ts";
import { isList, QueryFailure, requireNumber, requireText, type Value } from "../value.ts";
import { MANY, taking, type Functions, type SqlFunction } from "./kind.ts";

/** How long a text may become by being filled up. */
const TEXT_CHARACTERS_MAX = 1_000_000;

const textual = (of: (text: string) => Value): SqlFunction => taking(1, ([text = null]) => of(requireText(text)));

const textOf = (given: readonly Value[], at: number): string => requireText(given[at] ?? null);
const countOf = (given: readonly Value[], at: number): number => requireNumber(given[at] ?? null);

/** From 1 on; from the end where it is negative. */
function substring(given: readonly Value[]): Value {
  const characters = Array.from(textOf(given, 0));
  const start = countOf(given, 1);
  const from = start < 0 ? characters.length + start : start - 1;
  if (start === 0 || from < 0) return "";
  const length = given.length > 2 ? countOf(given, 2) : characters.length;
  return characters.slice(from, from + Math.max(length, 0)).join("");
}

function splitPart(given: readonly Value[]): Value {
  const index = countOf(given, 2);
  if (index < 1) throw new QueryFailure("Index must be greater than zero");
  return textOf(given, 0).split(textOf(given, 1))[index - 1] ?? null;
}

function filled(given: readonly Value[], side: "left" | "right"): Value {
  const size = countOf(given, 1);
  if (size < 0 || size > TEXT_CHARACTERS_MAX) {
    throw new QueryFailure(`Target length must be in the range [0..${TEXT_CHARACTERS_MAX}]`);
  }
  const text = textOf(given, 0);
  if (text.length >= size) return text.slice(0, size);
  return side === "left" ? text.padStart(size, textOf(given, 2)) : text.padEnd(size, textOf(given, 2));
}

function concatenated(given: readonly Value[]): Value {
  if (given.every(isList)) return requireSize(given.flat());
  return requireSize(given.map(requireText).join(""));
}

function joined(given: readonly Value[]): Value {
  const [separator = null, ...others] = given;
  if (separator === null) return null;
  const [first] = others;
  const all = first !== undefined && isList(first) ? first : others;
  return all
    .filter((value) => value !== null)
    .map(formatValue)
    .join(requireText(separator));
}

function replaced(given: readonly Value[]): Value {
  const [text, by] = [textOf(given, 0), given.length > 2 ? textOf(given, 2) : ""];
  const parts = text.split(textOf(given, 1));
  requireSize({ length: text.length + parts.length * by.length });
  return parts.join(by);
}

/** Our regular expressions write `$1` where Trino does. */
const regexps: Functions = {
  regexp_like: taking(2, (given, { compileRegex }) => compileRegex(textOf(given, 1)).test(textOf(given, 0))),
  regexp_extract: taking([2, 3], (given, { compileRegex }) => {
    const group = given.length > 2 ? countOf(given, 2) : 0;
    return compileRegex(textOf(given, 1)).find(textOf(given, 0), group) ?? null;
  }),
  regexp_replace: taking([2, 3], (given, { compileRegex }) =>
    compileRegex(textOf(given, 1)).replaceAll(textOf(given, 0), given.length > 2 ? textOf(given, 2) : ""),
  ),
};

export const TEXT_FUNCTIONS: Functions = {
  ...regexps,
  lower: textual((text) => text.toLowerCase()),
  upper: textual((text) => text.toUpperCase()),
  length: textual((text) => BigInt(Array.from(text).length)),
  reverse: textual((text) => Array.from(text).toReversed().join("")),
  trim: textual((text) => text.trim()),
  ltrim: textual((text) => text.trimStart()),
  rtrim: textual((text) => text.trimEnd()),
  substr: taking([2, 3], substring),
  substring: taking([2, 3], substring),
  concat: taking([2, MANY], concatenated),
  concat_ws: { min: 2, max: MANY, takesNull: true, of: joined },
  replace: taking([2, 3], replaced),
  split: taking(2, (given) => textOf(given, 0).split(textOf(given, 1))),
  split_part: taking(3, splitPart),
  strpos: taking(2, (given) => BigInt(textOf(given, 0).indexOf(textOf(given, 1)) + 1)),
  starts_with: taking(2, (given) => textOf(given, 0).startsWith(textOf(given, 1))),
  lpad: taking(3, (given) => filled(given, "left")),
  rpad: taking(3, (given) => filled(given, "right")),
};
