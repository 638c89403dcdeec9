/**
 * Which messages a mapping hands on.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
import { valuesOf } from "../../../kernel/event-pattern/event-values.ts";
import { matches } from "../../../kernel/event-pattern/match.ts";
import { parsePattern } from "../../../kernel/event-pattern/pattern.ts";
import { PatternError } from "../../../kernel/event-pattern/pattern-error.ts";
import { parseEvent } from "./record.ts";
import type { QueueRecord } from "./record.ts";

export function isFilter(text: string): boolean {
  try {
    parsePattern(text);
    return true;
  } catch (error) {
    if (error instanceof PatternError) return false;
    throw error;
  }
}

/** No filter lets everything through. */
export function isWanted(record: QueueRecord, filters: readonly string[]): boolean {
  if (filters.length === 0) return true;
  const inside = parseEvent(record.body);
  return filters.some((filter) => {
    const comparable = comparableTo(filter, { record, inside });
    return comparable !== undefined && matches(parsePattern(filter), valuesOf(comparable));
  });
}

interface Opened {
  readonly record: QueueRecord;
  /** The body, where it is JSON; else its text. */
  readonly inside: unknown;
}

/**
 * A body that is JSON is wanted by filters that look into it, a text by those that name texts, and never the other way.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
function comparableTo(filter: string, { record, inside }: Opened): object | undefined {
  const { body }: { readonly body?: unknown } = JSON.parse(filter);
  if (body === undefined) return record;
  const isObject = typeof inside === "object" && inside !== null;
  if (Array.isArray(body)) return isObject ? undefined : record;
  return isObject ? { ...record, body: inside } : undefined;
}
