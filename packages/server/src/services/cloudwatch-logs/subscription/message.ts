/**
 * What subscribers get.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
 */
import { gzipSync } from "node:zlib";
import { eventId, type StoredEvent } from "../event/walk.ts";
import type { Pattern } from "../pattern/pattern.ts";

export interface Origin {
  readonly owner: string;
  readonly group: string;
  readonly stream: string;
  readonly filter: string;
}

/** Gzipped, as base64. */
function packed(content: object): string {
  return gzipSync(JSON.stringify(content)).toString("base64");
}

/** What an event says, and what the pattern picks out of it. */
function shown(event: StoredEvent, pattern: Pattern | undefined) {
  const { atMs, message } = event;
  const fields = pattern?.match(message) ?? {};
  const extractedFields = Object.fromEntries(Object.entries(fields).map(([name, text]) => [name.slice(1), text]));
  return { id: eventId(event), timestamp: atMs, message, ...(pattern && { extractedFields }) };
}

/** `pattern` is given where it names fields. */
export const packedEvents = (origin: Origin, events: readonly StoredEvent[], pattern: Pattern | undefined): string =>
  packed({
    messageType: "DATA_MESSAGE",
    owner: origin.owner,
    logGroup: origin.group,
    logStream: origin.stream,
    subscriptionFilters: [origin.filter],
    logEvents: events.map((event) => shown(event, pattern)),
  });

/** Asks whether the way to the subscriber is free. */
export const packedControl = (atMs: number): string =>
  packed({
    messageType: "CONTROL_MESSAGE",
    owner: "CloudwatchLogs",
    logGroup: "",
    logStream: "",
    subscriptionFilters: [],
    logEvents: [
      { id: "", timestamp: atMs, message: "CWL CONTROL MESSAGE: Checking health of destination Kinesis stream." },
    ],
  });
