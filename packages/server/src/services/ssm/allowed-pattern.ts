/** Patterns that values have to match; in time linear in the value, whatever they say. */
import { patternInvalid, patternUnmatched } from "./errors.ts";

/** @throws {AwsError} `InvalidAllowedPatternException`, `ParameterPatternMismatchException` */
export async function allowedBy(pattern: string, value: string): Promise<void> {
  const { RE2JS } = await import("re2js");
  const compiled = compile(() => RE2JS.compile(pattern));
  if (!compiled.matcher(value).find()) throw patternUnmatched(pattern);
}

function compile<Compiled>(work: () => Compiled): Compiled {
  try {
    return work();
  } catch {
    throw patternInvalid();
  }
}
