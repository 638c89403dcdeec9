/** How each operator compares one value of a policy with one value of a request, before negation and sets. */
import type { LanguageVersion } from "./ast.ts";
import { arnFields, parseArnPattern } from "./arn-pattern.ts";
import { parseDate } from "./date.ts";
import { makeGlob } from "./glob.ts";
import { parseDecimal } from "../../kernel/decimal.ts";
import { contains, parseAddress, parseRange } from "../../kernel/ip-address.ts";
import type { OperatorName } from "./operator.ts";
import { parseBinary, parseBoolean } from "./scalar.ts";
import { fill, fillPattern, NO_KEYS, parseTemplate, variablesOf, type KeySource, type Template } from "./template.ts";

/** Whether a value of the request is met by the policy's value. Unreadable values on either side are never met. */
export type Matcher = (given: string, keys: KeySource) => boolean;

type Family = (expected: string, version: LanguageVersion) => Matcher;

const stringEquals: Family = (expected, version) => withText(expected, version, (text, given) => text === given);

const stringEqualsIgnoreCase: Family = (expected, version) =>
  withText(expected, version, (text, given) => text.toLowerCase() === given.toLowerCase());

const bool: Family = (expected, version) =>
  withText(expected, version, (text, given) => {
    const wanted = parseBoolean(text);
    return wanted !== undefined && wanted === parseBoolean(given);
  });

const stringLike: Family = (expected, version) => {
  const template = parseTemplate(expected, version);
  if (template.constant) {
    const glob = makeGlob(fillPattern(template, NO_KEYS) ?? []);
    return (given) => glob.test(given);
  }
  return (given, keys) => {
    const pieces = fillPattern(template, keys);
    return pieces !== undefined && makeGlob(pieces).test(given);
  };
};

const arn: Family = (expected, version) => {
  const pattern = parseArnPattern(expected, version);
  return (given, keys) => pattern.test(arnFields(given), keys);
};

const binary: Family = (expected) => {
  const bytes = parseBinary(expected);
  return (given) => bytes !== undefined && parseBinary(given)?.equals(bytes) === true;
};

const address: Family = (expected) => {
  const range = parseRange(expected);
  return (given) => {
    const at = parseAddress(given);
    return range !== undefined && at !== undefined && contains(range, at);
  };
};

const ordered =
  (parse: (text: string) => number | undefined, holds: (given: number, expected: number) => boolean): Family =>
  (expectedText) => {
    const expected = parse(expectedText);
    return (givenText) => {
      const given = expected === undefined ? undefined : parse(givenText);
      return expected !== undefined && given !== undefined && holds(given, expected);
    };
  };

const equal = (given: number, expected: number): boolean => given === expected;
const less = (given: number, expected: number): boolean => given < expected;
const lessOrEqual = (given: number, expected: number): boolean => given <= expected;
const greater = (given: number, expected: number): boolean => given > expected;
const greaterOrEqual = (given: number, expected: number): boolean => given >= expected;

/**
 * The comparison of each operator; those with `Not` are the negation of theirs.
 * Differs: `Bool` takes policy variables, as AWS's page of operators says and its page of variables denies.
 */
const FAMILIES: Readonly<Record<Exclude<OperatorName, "Null">, Family>> = {
  StringEquals: stringEquals,
  StringNotEquals: stringEquals,
  StringEqualsIgnoreCase: stringEqualsIgnoreCase,
  StringNotEqualsIgnoreCase: stringEqualsIgnoreCase,
  StringLike: stringLike,
  StringNotLike: stringLike,
  NumericEquals: ordered(parseDecimal, equal),
  NumericNotEquals: ordered(parseDecimal, equal),
  NumericLessThan: ordered(parseDecimal, less),
  NumericLessThanEquals: ordered(parseDecimal, lessOrEqual),
  NumericGreaterThan: ordered(parseDecimal, greater),
  NumericGreaterThanEquals: ordered(parseDecimal, greaterOrEqual),
  DateEquals: ordered(parseDate, equal),
  DateNotEquals: ordered(parseDate, equal),
  DateLessThan: ordered(parseDate, less),
  DateLessThanEquals: ordered(parseDate, lessOrEqual),
  DateGreaterThan: ordered(parseDate, greater),
  DateGreaterThanEquals: ordered(parseDate, greaterOrEqual),
  Bool: bool,
  BinaryEquals: binary,
  IpAddress: address,
  NotIpAddress: address,
  ArnEquals: arn,
  ArnLike: arn,
  ArnNotEquals: arn,
  ArnNotLike: arn,
};

export function makeMatcher(
  operator: Exclude<OperatorName, "Null">,
  expected: string,
  version: LanguageVersion,
): Matcher {
  return FAMILIES[operator](expected, version);
}

const TAKING_VARIABLES = /^(?:String|Arn|Bool)/;

/** The condition keys that a value asks for as variables, as written, where its operator takes any. */
export function variablesIn(operator: OperatorName, expected: string, version: LanguageVersion): readonly string[] {
  return TAKING_VARIABLES.test(operator) ? variablesOf(parseTemplate(expected, version)) : [];
}

function withText(
  expected: string,
  version: LanguageVersion,
  met: (expected: string, given: string) => boolean,
): Matcher {
  const template: Template = parseTemplate(expected, version);
  const constant = template.constant ? fill(template, NO_KEYS) : undefined;
  if (constant !== undefined) return (given) => met(constant, given);
  return (given, keys) => {
    const text = fill(template, keys);
    return text !== undefined && met(text, given);
  };
}
