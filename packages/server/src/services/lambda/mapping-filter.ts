/**
 * Which messages a mapping hands on.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
 */
import { valuesOf } from "../../kernel/event-pattern/event-values.ts";
import { matches } from "../../kernel/event-pattern/match.ts";
import { parsePattern } from "../../kernel/event-pattern/pattern.ts";
import { PatternError } from "../../kernel/event-pattern/pattern-error.ts";
import { parseEvent } from "./mapping-record.ts";
import type { QueueRecord } from "./mapping-record.ts";

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
  return filters.some((filter) => matches(parsePattern(filter), valuesOf(comparable(record, filter))));
}

/** A body that a filter looks into is JSON; otherwise it is text. */
function comparable(record: QueueRecord, filter: string): object {
  const wanted: { readonly body?: unknown } = JSON.parse(filter);
  const looksInside = typeof wanted.body === "object" && !Array.isArray(wanted.body);
  return looksInside ? { ...record, body: parseEvent(record.body) } : record;
}
