/**
 * Whether a message fits a filter.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html, numeric-value-matching.html,
 * attribute-key-matching.html, and-or-logic.html
 */
import { contains, parseAddress, parseRange } from "../../../kernel/ip-address.ts";
import { arrayOf, type KeptAttribute } from "../message-attribute.ts";
import type { Message } from "../message.ts";
import type { FieldRule, Filter, NumericRange, Test } from "./filter.ts";
import type { FilterScope } from "./compile.ts";

type Value = string | number | boolean | null;

/** The values of a field; `undefined`: there is no such field. */
type Values = readonly Value[] | undefined;

/** `text` is what the subscription's protocol gets. */
export function fits(message: Pick<Message, "attributes">, text: string, filter: Filter, scope: FilterScope): boolean {
  if (scope === "MessageAttributes") {
    return filter.some((way) =>
      way.every((rule) => passes(rule, attributeValues(message.attributes[rule.path[0] ?? ""]))),
    );
  }
  const body = parsed(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) return false;
  return filter.some((way) => way.every((rule) => passes(rule, bodyValues(body, rule.path))));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Only texts, lists of them and numbers are looked at; of others it is seen that they are there. */
function attributeValues(attribute: KeptAttribute | undefined): Values {
  if (attribute === undefined) return undefined;
  if (!("text" in attribute)) return [];
  const { type, text } = attribute;
  if (type === "String.Array") return arrayOf(text).filter(isValue);
  return type.startsWith("Number") ? [Number(text)] : [text];
}

const isValue = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

/** Lists on the way, and at its end, stand for each of what is in them. */
function bodyValues(body: unknown, path: readonly string[]): Values {
  let found: readonly unknown[] = [body];
  for (const name of path) {
    found = found.flatMap((value): readonly unknown[] => {
      if (Array.isArray(value)) return value.flatMap((item) => memberOf(item, name));
      return memberOf(value, name);
    });
  }
  if (found.length === 0) return undefined;
  return found.flat(Infinity).filter(isValue);
}

const memberOf = (value: unknown, name: string): readonly unknown[] => {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return [];
  return Object.entries(value).flatMap(([key, member]) => (key === name ? [member] : []));
};

const passes = ({ tests }: FieldRule, values: Values): boolean => tests.some((test) => passesTest(test, values));

function passesTest(test: Test, values: Values): boolean {
  if (test.kind === "exists") return test.wanted === (values !== undefined && values.length > 0);
  if (values === undefined) return false;
  return values.some((value) => holds(test, value));
}

function holds(test: Test, value: Value): boolean {
  switch (test.kind) {
    case "exact":
      return same(test.value) === same(value);
    case "anything-but":
      return !test.values.some((unwanted) => same(unwanted) === same(value));
    case "numeric":
      return typeof value === "number" && isWithin(value, test.range);
    case "exists":
      return test.wanted;
    case "ignoring-case":
    case "prefix":
    case "suffix":
    case "anything-but-prefix":
    case "cidr":
      return typeof value === "string" && holdsText(test, value);
  }
}

type TextTest = Extract<Test, { kind: "ignoring-case" | "prefix" | "suffix" | "anything-but-prefix" | "cidr" }>;

function holdsText(test: TextTest, value: string): boolean {
  switch (test.kind) {
    case "ignoring-case":
      return value.toLowerCase() === test.text;
    case "prefix":
      return value.startsWith(test.text);
    case "suffix":
      return value.endsWith(test.text);
    case "anything-but-prefix":
      return !test.texts.some((text) => value.startsWith(text));
    case "cidr":
      return isInNetwork(value, test.cidr);
  }
}

const PRECISION = 100_000;

/** Numbers are told apart by five digits. Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const same = (value: Value): Value => (typeof value === "number" ? Math.round(value * PRECISION) / PRECISION : value);

function isWithin(number: number, { above, below }: NumericRange): boolean {
  const value = Math.round(number * PRECISION) / PRECISION;
  if (above !== undefined && (above.isIncluded ? value < above.value : value <= above.value)) return false;
  return below === undefined || (below.isIncluded ? value <= below.value : value < below.value);
}

function isInNetwork(text: string, cidr: string): boolean {
  const [range, address] = [parseRange(cidr), parseAddress(text)];
  return range !== undefined && address !== undefined && contains(range, address);
}
