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
  const compile = trimmed.includes("%") ? await loadRegexes() : NO_REGEXES;
  if (trimmed.startsWith("{")) return parseProperties(trimmed, compile);
  if (trimmed.startsWith("[")) return parseFields(trimmed, compile);
  return parseTerms(trimmed, compile);
}

const NO_REGEXES: CompileRegex = (_source, { invalid }) => {
  throw invalid();
};

/** Whether the message matches. */
export const matches = (pattern: Pattern, message: string): boolean => pattern.match(message) !== undefined;
