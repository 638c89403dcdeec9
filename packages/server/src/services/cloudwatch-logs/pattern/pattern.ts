/**
 * Filter patterns, in their three forms.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html
 */
import { loadRegexes, type CompileRegex } from "../regex.ts";
import { parseFields } from "./fields.ts";
import { parseProperties } from "./properties.ts";
import { parseTerms } from "./terms.ts";

export interface Pattern {
  /** What the pattern picks out of the message, by the names that it has for it; `undefined`: it does not match. */
  match(message: string): Readonly<Record<string, string>> | undefined;
  /** What a metric filter takes its value from: `$.latency`, `$bytes`. */
  valueOf(selector: string, message: string): string | undefined;
}

const EVERYTHING: Pattern = { match: () => ({}), valueOf: () => undefined };

/** @throws {AwsError} `InvalidParameterException` */
export async function parsePattern(text: string): Promise<Pattern> {
  const trimmed = text.trim();
  if (trimmed === "") return EVERYTHING;
  const compile = trimmed.includes("%")
    ? limited(await loadRegexes(), /^[{[]/.test(trimmed) ? REGEXES_MAX : Infinity)
    : NO_REGEXES;
  if (trimmed.startsWith("{")) return parseProperties(trimmed, compile);
  if (trimmed.startsWith("[")) return parseFields(trimmed, compile);
  return parseTerms(trimmed, compile);
}

/**
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions (which
 * characters; two in a pattern of properties or fields)
 */
const REGEX = /^[\w:#=@/;,\-^$?[\]{}|\\*+.]+$/;
const REGEXES_MAX = 2;

function limited(compile: CompileRegex, max: number): CompileRegex {
  let count = 0;
  return (source, rules) => {
    count += 1;
    if (count > max || !REGEX.test(source)) throw rules.invalid();
    return compile(source, rules);
  };
}

const NO_REGEXES: CompileRegex = (_source, { invalid }) => {
  throw invalid();
};

/** Whether the message matches. */
export const matches = (pattern: Pattern, message: string): boolean => pattern.match(message) !== undefined;
