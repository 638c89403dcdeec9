/**
 * What was asked for and answered, in the words that events have for it: members begin with a small letter, and times are
 * written out.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html (requestParameters, responseElements)
 */
import type { NamedOperations } from "../../../service/named-operation.ts";
import type { RecordedCall } from "../../../service/recorded-calls.ts";
import type { Json } from "./identity.ts";

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

const two = (part: number): string => String(part).padStart(2, "0");

/** `Nov 22, 2026, 3:28:02 PM`. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/cloudtrail-integration.html#cloudtrail-integration_examples-iam-api */
function formatTime(time: Date): string {
  const hours = time.getUTCHours();
  const clock = `${hours % 12 || 12}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())} ${hours < 12 ? "AM" : "PM"}`;
  return `${MONTHS[time.getUTCMonth()]} ${time.getUTCDate()}, ${time.getUTCFullYear()}, ${clock}`;
}

/** As records keep times. */
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const smallName = (name: string): string => name.slice(0, 1).toLowerCase() + name.slice(1);

/** With names as they are. */
export function rendered(value: unknown): Json {
  if (value === null || value === undefined) return null;
  if (typeof value === "string" && TIME.test(value)) return formatTime(new Date(value));
  if (Array.isArray(value)) return value.map((one) => rendered(one));
  if (typeof value === "object") return renderedObject(value);
  return typeof value === "number" || typeof value === "boolean" || typeof value === "string" ? value : null;
}

function renderedObject(value: object): Json {
  const told = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(told.map(([name, member]) => [name, rendered(member)]));
}

/** How members of the model are called. */
export type MemberNames = Pick<NamedOperations, "renamed">;

/** What was asked for, or answered: `null` where there is nothing to tell. */
export function members(
  { service, operation, parameters, response }: RecordedCall,
  part: "input" | "output",
  names: MemberNames,
): Json {
  const value = part === "input" ? parameters : response;
  if (value === undefined || Object.keys(value).length === 0) return null;
  return rendered(names.renamed({ service, operation, part, value }, smallName));
}
