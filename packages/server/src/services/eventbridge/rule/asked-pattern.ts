/** Patterns as users give them. */
import { PatternError } from "../../../kernel/event-pattern/pattern-error.ts";
import { parsePattern, type Pattern } from "../../../kernel/event-pattern/pattern.ts";
import type { ConditionKeys } from "../../../service/access.ts";
import { patternInvalid } from "../errors.ts";

/** @throws {AwsError} `InvalidEventPatternException` */
export function requirePattern(text: string): Pattern {
  try {
    return parsePattern(text);
  } catch (error) {
    if (error instanceof PatternError) throw patternInvalid(error.message);
    throw error;
  }
}

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html */
const KEYS = {
  source: "events:source",
  "detail-type": "events:detail-type",
  "detail.service": "events:detail.service",
  "detail.eventTypeCode": "events:detail.eventTypeCode",
  "detail.userIdentity.principalId": "events:detail.userIdentity.principalId",
} as const;

/** What a rule's pattern asks for, as policies see it. */
export function patternKeys(text: string | undefined): ConditionKeys {
  if (text === undefined || text === "") return {};
  const pattern = readable(text);
  return Object.fromEntries(
    Object.entries(KEYS).flatMap(([path, key]) => {
      const literals = literalsAt(path, pattern);
      return literals.length === 0 ? [] : [[key, literals]];
    }),
  );
}

const literalsAt = (path: string, pattern: Pattern): readonly string[] => [
  ...new Set(pattern.flat().flatMap((field) => (field.path === path ? (field.literals ?? []) : []))),
];

/** One that is not valid is refused by the operation itself. */
function readable(text: string): Pattern {
  try {
    return parsePattern(text);
  } catch {
    return [];
  }
}
