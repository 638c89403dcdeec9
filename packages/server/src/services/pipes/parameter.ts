/**
 * Parameters whose values come from events.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-event-target.html#pipes-targets-dynamic-parms
 */
import { exactJson } from "./filter.ts";
import { followed } from "./input-template.ts";

export const textOf = (input: unknown): string => (typeof input === "string" ? input : JSON.stringify(input));

/** A parameter is a text, or a path into the event. */
export function parameter(text: string | undefined, event: unknown): string | undefined {
  if (text?.startsWith("$.") !== true) return text;
  const value = followed(openBody(event), text);
  return value === undefined ? undefined : textOf(value);
}

function openBody(event: unknown): unknown {
  if (typeof event !== "object" || event === null || !("body" in event) || typeof event.body !== "string") return event;
  const body = exactJson(event.body);
  return body === undefined ? event : { ...event, body };
}
