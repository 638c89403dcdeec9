/** Regular expressions of users: in time linear in the text, whatever they say. */
import type { AwsError } from "../../kernel/aws-error.ts";

export interface RegexMatch {
  readonly start: number;
  readonly end: number;
  readonly groups: readonly (string | undefined)[];
}

export interface Regex {
  readonly names: readonly string[];
  test(text: string): boolean;
  /** The first place that matches. */
  find(text: string): RegexMatch | undefined;
  replaceAll(text: string, replacement: string): string;
}

export interface RegexRules {
  readonly ignoreCase?: boolean;
  readonly invalid: () => AwsError;
}

export type CompileRegex = (source: string, rules: RegexRules) => Regex;

/** The compiler is large, and most filters and queries have no use for it. */
export async function loadRegexes(): Promise<CompileRegex> {
  const { RE2JS } = await import("re2js");
  return (source, { ignoreCase = false, invalid }) => {
    const compiled = tryCompile(() => RE2JS.compile(source, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0), invalid);
    const names: Readonly<Record<string, number>> = compiled.namedGroups();
    return {
      names: Object.keys(names).toSorted((one, other) => (names[one] ?? 0) - (names[other] ?? 0)),
      test: (text) => compiled.test(text),
      find(text) {
        const matcher = compiled.matcher(text);
        if (!matcher.find()) return undefined;
        const groups = Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1) ?? undefined);
        return { start: matcher.start(), end: matcher.end(), groups };
      },
      replaceAll: (text, replacement) => compiled.matcher(text).replaceAll(replacement),
    };
  };
}

function tryCompile<Compiled>(compile: () => Compiled, invalid: () => AwsError): Compiled {
  try {
    return compile();
  } catch {
    throw invalid();
  }
}
