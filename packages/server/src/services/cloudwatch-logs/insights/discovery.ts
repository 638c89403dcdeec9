/**
 * The fields of events: those that all have, and those that are found in what they say.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
import { pointerOf } from "../event/pointer.ts";
import type { StoredEvent } from "../event/walk.ts";
import type { LogGroup } from "../group-row.ts";
import type { Plain } from "./syntax.ts";

const SYSTEM_FIELDS = ["@ingestionTime", "@log", "@logStream", "@message", "@ptr", "@timestamp"] as const;

/** Of one event. */
const FIELDS_MAX = 200;
const DEPTH_MAX = 20;

export function systemField(name: string, event: StoredEvent, group: LogGroup): Plain {
  switch (name) {
    case "@timestamp":
      return event.atMs;
    case "@ingestionTime":
      return event.ingestedMs;
    case "@message":
      return event.message;
    case "@logStream":
      return event.streamName;
    case "@log":
      return `${group.account}:${group.name}`;
    case "@ptr":
      return pointerOf(group, event);
    default:
      return undefined;
  }
}

/** What is found in the message: properties of JSON, and what Lambda reports. */
export function discovered(message: string, group: LogGroup): ReadonlyMap<string, Plain> {
  const fields = new Map<string, Plain>();
  const start = message.indexOf("{");
  if (start !== -1) flatten(parseJson(message.slice(start)), "", fields, 0);
  if (group.name.startsWith("/aws/lambda/")) reported(message, fields);
  return fields;
}

function parseJson(text: string): unknown {
  const end = text.lastIndexOf("}");
  if (end === -1) return undefined;
  try {
    return JSON.parse(text.slice(0, end + 1));
  } catch {
    return undefined;
  }
}

function flatten(value: unknown, path: string, into: Map<string, Plain>, depth: number): void {
  if (into.size >= FIELDS_MAX || depth > DEPTH_MAX) return;
  if (typeof value === "object" && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      flatten(member, path === "" ? name : `${path}.${name}`, into, depth + 1);
    }
  } else if (path !== "" && (typeof value === "number" || typeof value === "string")) into.set(path, value);
  else if (path !== "" && typeof value === "boolean") into.set(path, String(value));
}

const REPORTS: readonly (readonly [string, RegExp, number])[] = [
  ["@duration", /\tDuration: ([\d.]+) ms/, 1],
  ["@billedDuration", /\tBilled Duration: ([\d.]+) ms/, 1],
  ["@initDuration", /\tInit Duration: ([\d.]+) ms/, 1],
  ["@memorySize", /\tMemory Size: ([\d.]+) MB/, 1_000_000],
  ["@maxMemoryUsed", /\tMax Memory Used: ([\d.]+) MB/, 1_000_000],
];

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
function reported(message: string, into: Map<string, Plain>): void {
  const [, type, id] = /^(START|END|REPORT) RequestId: ([\da-f-]+)/.exec(message) ?? [];
  const [, plain] = /^[^\t]*\t([\da-f]{8}-[\da-f-]{27})\t/.exec(message) ?? [];
  const request = id ?? plain;
  if (request !== undefined) into.set("@requestId", request);
  if (type !== undefined) into.set("@type", type);
  if (type !== "REPORT") return;
  for (const [name, form, factor] of REPORTS) {
    const [, found] = form.exec(message) ?? [];
    if (found !== undefined) into.set(name, Number(found) * factor);
  }
}

/** All fields of an event, as texts. */
export function fieldsOf(event: StoredEvent, group: LogGroup): readonly (readonly [string, string])[] {
  const own = SYSTEM_FIELDS.map((name) => [name, systemField(name, event, group)] as const);
  return [...own, ...discovered(event.message, group)].map(([name, value]) => [name, String(value)]);
}
