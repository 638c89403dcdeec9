/** Functions of queries. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html */
import { contains, parseAddress, parseRange } from "../../../kernel/ip-address.ts";
import { parseStructure } from "./structure.ts";
import { numberOf, textOf, truth } from "./value.ts";
import type { Value } from "./syntax.ts";

interface Function {
  readonly min: number;
  readonly max: number;
  readonly of: (given: readonly Value[]) => Value;
}

const numeric = (of: (value: number) => number): Function => ({
  min: 1,
  max: 1,
  of: ([given]) => {
    const number = numberOf(given);
    return number === undefined ? undefined : finite(of(number));
  },
});

const finite = (value: number): Value => (Number.isFinite(value) ? value : undefined);

const numbersOf = (given: readonly Value[]): readonly number[] =>
  given.flatMap((value) => {
    const number = numberOf(value);
    return number === undefined ? [] : [number];
  });

const extreme = (of: (...all: number[]) => number): Function => ({
  min: 1,
  max: 100,
  of: (given) => {
    const numbers = numbersOf(given);
    return numbers.length === 0 ? undefined : of(...numbers);
  },
});

const textual = (
  of: (text: string, more: readonly Value[]) => Value,
  [min, max]: readonly [number, number] = [1, 1],
): Function => ({
  min,
  max,
  of: ([first, ...more]) => (first === undefined ? undefined : of(textOf(first), more)),
});

const test = (
  of: (text: string, more: readonly Value[]) => boolean,
  bounds: readonly [number, number] = [1, 1],
): Function => ({
  ...textual((text, more) => truth(of(text, more)), bounds),
});

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

/** In 16-bit groups. */
const GROUPS_OF_V4 = 2;

const anyIp = (text: string): boolean => parseAddress(text) !== undefined;
const isIpv4 = (text: string): boolean => parseAddress(text)?.length === GROUPS_OF_V4;
const isIpv6 = (text: string): boolean => anyIp(text) && !isIpv4(text);

function isInSubnet(text: string, given: Value): boolean {
  const [address, range] = [parseAddress(text), parseRange(textOf(given))];
  return address !== undefined && range !== undefined && contains(range, address);
}

const subnet = (isKind: (text: string) => boolean): Function =>
  test((text, [of]) => isKind(text) && isInSubnet(text, of), [2, 2]);

const FUNCTIONS: Readonly<Record<string, Function>> = {
  abs: numeric(Math.abs),
  ceil: numeric(Math.ceil),
  floor: numeric(Math.floor),
  log: numeric(Math.log),
  sqrt: numeric(Math.sqrt),
  greatest: extreme(Math.max),
  least: extreme(Math.min),
  frommillis: numeric((ms) => ms),
  tomillis: numeric((ms) => ms),
  ispresent: { min: 1, max: 1, of: ([value]) => truth(value !== undefined) },
  coalesce: { min: 1, max: 100, of: (given) => given.find((value) => value !== undefined) },
  isempty: { min: 1, max: 1, of: ([value]) => truth(value === undefined || value === "") },
  isblank: { min: 1, max: 1, of: ([value]) => truth(textOf(value).trim() === "") },
  isvalidip: test(anyIp),
  isvalidipv4: test(isIpv4),
  isvalidipv6: test(isIpv6),
  isipinsubnet: subnet(anyIp),
  isipv4insubnet: subnet(isIpv4),
  isipv6insubnet: subnet(isIpv6),
  concat: { min: 1, max: 100, of: (given) => given.map(textOf).join("") },
  ltrim: textual((text, [characters]) => trimmed(text, characters, { left: true, right: false }), [1, 2]),
  rtrim: textual((text, [characters]) => trimmed(text, characters, { left: false, right: true }), [1, 2]),
  trim: textual((text, [characters]) => trimmed(text, characters, { left: true, right: true }), [1, 2]),
  strlen: textual((text) => Array.from(text).length),
  toupper: textual((text) => text.toUpperCase()),
  tolower: textual((text) => text.toLowerCase()),
  substr: textual(substring, [2, 3]),
  replace: textual((text, [what, by]) => text.replaceAll(textOf(what), () => textOf(by)), [3, 3]),
  jsonparse: textual(parseStructure),
  jsonstringify: { min: 1, max: 1, of: ([value]) => (typeof value === "object" ? textOf(value) : undefined) },
  strcontains: test((text, [part]) => text.includes(textOf(part)), [2, 2]),
};

/** Those that look at more than values: they are done where expressions are. */
const SPECIAL: Readonly<Record<string, readonly [min: number, max: number]>> = {
  bin: [1, 1],
  datefloor: [2, 2],
  dateceil: [2, 2],
  now: [0, 0],
};

export function isFunction(name: string, given: number): boolean {
  const [min, max] = boundsOf(name) ?? [1, 0];
  return given >= min && given <= max;
}

function boundsOf(name: string): readonly [number, number] | undefined {
  const known = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (known !== undefined) return [known.min, known.max];
  return Object.hasOwn(SPECIAL, name) ? SPECIAL[name] : undefined;
}

export const callFunction = (name: string, given: readonly Value[]): Value => FUNCTIONS[name]?.of(given);
