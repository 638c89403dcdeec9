/**
 * Maps and lists, as `jsonParse` makes them of a text.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html#CWL_QuerySyntax-structure-types
 */
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Structure, Value } from "./syntax.ts";

/** `undefined` for what is neither a map nor a list. */
export function parseStructure(text: string): Structure | undefined {
  try {
    const json: unknown = parseBounded(text);
    return typeof json === "object" && json !== null ? { json } : undefined;
  } catch {
    return undefined;
  }
}

/** What a list holds; of anything else there is one. */
export const itemsOf = (value: Value): readonly Value[] =>
  typeof value === "object" && Array.isArray(value.json) ? value.json.map(valueOf) : [value];

function valueOf(json: unknown): Value {
  if (typeof json === "boolean") return String(json);
  if (typeof json === "string" || typeof json === "number") return json;
  return typeof json === "object" && json !== null ? { json } : undefined;
}

/** What is found at the end of a way such as `user.roles[0].name`; the first step is a field of the row. */
export function valueAt(name: string, fieldOf: (name: string) => Value): Value {
  const steps = name.replaceAll(/\[(\d+)\]/g, ".$1").split(".");
  for (let length = steps.length - 1; length > 0; length--) {
    const value = fieldOf(steps.slice(0, length).join("."));
    if (typeof value === "object") return valueOf(within(value.json, steps.slice(length)));
  }
  return undefined;
}

/** Names may have dots of their own: the longest goes first. */
function within(json: unknown, steps: readonly string[]): unknown {
  if (steps.length === 0) return json;
  if (typeof json !== "object" || json === null) return undefined;
  const members = new Map<string, unknown>(Object.entries(json));
  for (let length = steps.length; length > 0; length--) {
    const name = steps.slice(0, length).join(".");
    const found = members.has(name) ? within(members.get(name), steps.slice(length)) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
