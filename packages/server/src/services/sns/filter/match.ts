/**
 * Whether a message fits a filter.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html, numeric-value-matching.html,
 * attribute-key-matching.html, and-or-logic.html
 */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import { valuesOf, type EventValue, type EventValues } from "../../../kernel/event-pattern/event-values.ts";
import { matches } from "../../../kernel/event-pattern/match.ts";
import type { Conjunction } from "../../../kernel/event-pattern/pattern.ts";
import type { Leaf as Value } from "../../../kernel/event-pattern/value-test.ts";
import { contains, parseAddress, parseRange } from "../../../kernel/ip-address.ts";
import { arrayOf, type KeptAttributes } from "../message/attribute.ts";
import type { Message } from "../message/message.ts";
import type { FilterScope } from "./compile.ts";
import type { FieldRule, Filter, NumericRange, Test } from "./filter.ts";

/**
 * `text` is what the subscription's protocol gets. A filter that asks for nothing lets all in, JSON or not.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/removing-subscription-filter-policy.html
 */
export function fits(message: Pick<Message, "attributes">, text: string, filter: Filter, scope: FilterScope): boolean {
  if (filter.some((way) => way.length === 0)) return true;
  const values = scope === "MessageAttributes" ? attributeValues(message.attributes) : bodyValues(text);
  if (values === undefined || isBare(message, values, scope)) return false;
  return matches(filter.map(conjunctionOf), values);
}

/** There is nothing that a filter could look at, so not even that something is missing. Source: …/attribute-key-matching.html */
const isBare = ({ attributes }: Pick<Message, "attributes">, values: EventValues, scope: FilterScope): boolean =>
  scope === "MessageAttributes" ? Object.keys(attributes).length === 0 : values.size === 0;

/** Whether a filter of bodies can look into the text. */
export const isFilterable = (text: string): boolean => bodyValues(text) !== undefined;

/** As an event's pattern says it. */
const conjunctionOf = (way: readonly FieldRule[]): Conjunction =>
  way.map(({ path, tests }) => ({
    path: path.join("."),
    orAbsent: tests.some((test) => test.kind === "exists" && !test.wanted),
    orPresent: false,
    alternatives: tests
      .filter((test) => test.kind !== "exists" || test.wanted)
      .map((test) => ({ test: (value: Value): boolean => holds(test, value) })),
  }));

/**
 * A body is looked into as events are: names with dots stand for what is inside, lists for each of what they hold.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns_filter_policy.snapshot.json
 * (test_filter_policy_on_message_body_dot_attribute, test_filter_policy_on_message_body_array_of_object_attributes)
 */
function bodyValues(text: string): EventValues | undefined {
  const body = parsed(text);
  return typeof body === "object" && body !== null && !Array.isArray(body) ? valuesOf(body) : undefined;
}

function parsed(text: string): unknown {
  try {
    return parseBounded(text);
  } catch {
    return undefined;
  }
}

/** Only texts, lists of them and numbers are looked at. */
function attributeValues(attributes: KeptAttributes): EventValues {
  const found = new Map<string, readonly EventValue[]>();
  for (const [name, attribute] of Object.entries(attributes)) {
    if (!("text" in attribute)) continue;
    const values = listOf(attribute.type, attribute.text);
    if (values.length > 0)
      found.set(
        name,
        values.map((value) => ({ value, entries: [] })),
      );
  }
  return found;
}

function listOf(type: string, text: string): readonly Value[] {
  if (type === "String.Array") return arrayOf(text).filter(isValue);
  return type.startsWith("Number") ? [Number(text)] : [text];
}

const isValue = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);

function holds(test: Test, value: Value): boolean {
  switch (test.kind) {
    // Source: https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html (non-null and non-empty)
    case "exists":
      return hasContent(value);
    case "exact":
      return same(test.value) === same(value);
    case "anything-but":
      return !test.values.some((unwanted) => same(unwanted) === same(value));
    case "numeric":
      return typeof value === "number" && isWithin(value, test.range);
    case "ignoring-case":
    case "prefix":
    case "suffix":
    case "anything-but-prefix":
    case "cidr":
      return typeof value === "string" && holdsText(test, value);
  }
}

const hasContent = (value: Value): boolean => value !== null && value !== "";

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
