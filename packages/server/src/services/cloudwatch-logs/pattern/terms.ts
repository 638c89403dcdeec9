/** Patterns of terms: `ERROR -EXIT "two words" %4[0-9]{2}%`. */
import { findOwn } from "../../../kernel/lookup.ts";
import type { CompileRegex } from "../regex.ts";
import { patternInvalid, termInvalid } from "./errors.ts";
import type { Pattern } from "./pattern.ts";

interface Term {
  readonly kind: "all" | "any" | "none";
  readonly isIn: (message: string) => boolean;
}

/**
 * Terms with a question mark say nothing beside others.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html#matching-terms-unstructured-logs
 */
export function parseTerms(text: string, compile: CompileRegex): Pattern {
  const terms = [...termsOf(text, compile)];
  const [all, any, none] = [of("all", terms), of("any", terms), of("none", terms)];
  const isMatch = (message: string): boolean => {
    if (none.some(({ isIn }) => isIn(message)) || !all.every(({ isIn }) => isIn(message))) return false;
    return all.length + none.length > 0 || any.some(({ isIn }) => isIn(message));
  };
  return { match: (message) => (isMatch(message) ? {} : undefined), valueOf: () => undefined };
}

const of = (kind: Term["kind"], terms: readonly Term[]): readonly Term[] => terms.filter((term) => term.kind === kind);

const KINDS: Readonly<Record<string, Term["kind"]>> = { "?": "any", "-": "none" };
/** A mark, and a text in quotes, or between percent signs, or up to the next space. */
const TERM = /\s*([?-]?)\s*(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s"%]+))/sy;

function* termsOf(text: string, compile: CompileRegex): Generator<Term> {
  for (let at = 0; at < text.length;) {
    const scanner = new RegExp(TERM);
    scanner.lastIndex = at;
    const match = scanner.exec(text);
    if (match === null) throw patternInvalid();
    at = scanner.lastIndex;
    const [, mark = "", quoted, regex, bare] = match;
    yield { kind: findOwn(KINDS, mark) ?? "all", isIn: testOf({ quoted, regex, bare }, compile) };
  }
}

interface Written {
  readonly quoted: string | undefined;
  readonly regex: string | undefined;
  readonly bare: string | undefined;
}

function testOf({ quoted, regex, bare }: Written, compile: CompileRegex): Term["isIn"] {
  if (regex !== undefined) {
    const compiled = compile(regex, { invalid: patternInvalid });
    return (message) => compiled.test(message);
  }
  if (bare !== undefined && !/^[\p{L}\p{N}_*]+$/u.test(bare)) throw termInvalid(bare);
  const text = bare ?? (quoted ?? "").replaceAll(/\\(.)/gs, "$1");
  return (message) => message.includes(text);
}
