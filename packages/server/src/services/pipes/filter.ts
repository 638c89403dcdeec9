/**
 * Which events a pipe lets through.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-filtering.html
 */
import { matches } from "../../kernel/event-pattern/match.ts";
import { parseBounded } from "../../kernel/bounded-json.ts";
import { parseExactly } from "../../kernel/json-double.ts";
import { parsePattern } from "../../kernel/event-pattern/pattern.ts";
import { valuesOf } from "../../kernel/event-pattern/event-values.ts";
import type { Pipe } from "./pipe-row.ts";
import type { PipeEvent, SourceEvent } from "./source.ts";

/** Those that some filter of the pipe wants, all where it has none. */
export function filtered(events: readonly SourceEvent[], pipe: Pipe): readonly SourceEvent[] {
  const filters = pipe.sourceParameters.FilterCriteria?.Filters ?? [];
  if (filters.length === 0) return events;
  const patterns = filters.map(({ Pattern = "{}" }) => parsePattern(Pattern));
  return events.filter(({ event }) => {
    const values = valuesOf(opened(event));
    return patterns.some((pattern) => matches(pattern, values));
  });
}

/**
 * A body that is JSON is looked into: an object or a list.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html#input-transform-implicit
 */
export function opened(event: PipeEvent, read: (text: string) => unknown = parsedJson): PipeEvent {
  const { body } = event;
  if (typeof body !== "string" || !/^\s*[[{]/.test(body)) return event;
  const value = read(body);
  return value === undefined ? event : { ...event, body: value };
}

/** `undefined` where `text` is no JSON. */
export function parsedJson(text: string, parse?: (text: string) => unknown): unknown {
  try {
    return parseBounded(text, parse);
  } catch {
    return undefined;
  }
}

/** The same for what is handed on: numbers that are too long for ours stay as they are written. */
export const exactJson = (text: string): unknown => parsedJson(text, parseExactly);
