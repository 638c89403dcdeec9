/** Events as they are sent to targets. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
import type { AccountId, Region } from "../../../kernel/arn.ts";
import { hasLongNumber, parseExactly } from "../../../kernel/json-double.ts";

export interface BusEvent {
  readonly version: "0";
  readonly id: string;
  readonly "detail-type": string;
  readonly source: string;
  readonly account: AccountId;
  /** Whole seconds, in ISO's form. */
  readonly time: string;
  readonly region: Region;
  readonly resources: readonly string[];
  readonly "replay-name"?: string;
  readonly detail: object;
}

/** An event, and its text: numbers that are too long for a number of ours are in the text alone. */
export interface SentEvent {
  readonly event: BusEvent;
  readonly text: string;
  /** The header that follows it (`x-amzn-trace-id`). Source: https://docs.aws.amazon.com/xray/latest/devguide/xray-services-eventbridge.html */
  readonly trace?: string | undefined;
  /** It came from another bus of the same account and region, and goes to no third one. */
  readonly isRelayed?: true;
}

/** The event with its detail as it was written, without the blanks. */
export function sentEvent(event: BusEvent, detail: string, trace?: string): SentEvent {
  const { detail: _read, ...rest } = event;
  const compact = detail.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  return { event, trace, text: `${JSON.stringify(rest).slice(0, -1)},"detail":${compact}}` };
}

/** The event for paths into it: what they find is written as it came. */
export const exactEvent = ({ event, text }: SentEvent): unknown => (hasLongNumber(text) ? parseExactly(text) : event);

/** The same event under another id. */
export const renamed = ({ event, text, ...sent }: SentEvent, id: string): SentEvent => ({
  ...sent,
  event: { ...event, id },
  text: text.replace(JSON.stringify(event.id), JSON.stringify(id)),
});

/** An event from its text. */
export function readEvent(text: string, trace?: string): SentEvent {
  const event: BusEvent = JSON.parse(text);
  return { event, text, trace };
}
