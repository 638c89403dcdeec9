/**
 * What an enrichment or a target gets of an event.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-input-transformation.html
 */
import { parsePath, valueAt } from "../../kernel/json-path.ts";
import { exactJson, opened } from "./filter.ts";
import { arnOf, type Pipe } from "./pipe-row.ts";

export interface Rendering {
  readonly pipe: Pipe;
  readonly nowMs: number;
}

const VARIABLE = /<(\$[^<>]*|aws\.pipes\.[a-z.-]+)>/g;

/** `value` where there is no template; else what that says, as a text where it is no JSON. */
export function rendered(template: string | undefined, value: unknown, rendering: Rendering): unknown {
  if (template === undefined) return value;
  const text = filledIn(template, value, rendering);
  const parsed = exactJson(text);
  return parsed === undefined ? text : parsed;
}

function filledIn(template: string, value: unknown, rendering: Rendering): string {
  const isJson = /^\s*["[{]/.test(template);
  const inner = isObject(value) ? opened(value, exactJson) : value;
  return template.replaceAll(VARIABLE, (_, name: string, place: number) => {
    const found = name.startsWith("$") ? followed(inner, name) : reserved(name, { value, inner }, rendering);
    if (isInText(template, place)) return escaped(asText(found));
    return isJson ? (JSON.stringify(found) ?? "null") : asText(found);
  });
}

/** What a path leads to; `undefined` where it is no path, too. */
export function followed(value: unknown, path: string): unknown {
  const steps = parsePath(path);
  return steps && valueAt(value, steps);
}

/** Whether a text of the template's JSON is still open at `place`. */
function isInText(template: string, place: number): boolean {
  const before = template.slice(0, place).replaceAll(/\\./g, "");
  return before.split('"').length % 2 === 0;
}

/** What is not there is an empty text. */
const asText = (value: unknown): string =>
  value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

interface Event {
  readonly value: unknown;
  readonly inner: unknown;
}

function reserved(name: string, { value, inner }: Event, { pipe, nowMs }: Rendering): unknown {
  switch (name) {
    case "aws.pipes.pipe-arn":
      return arnOf(pipe);
    case "aws.pipes.pipe-name":
      return pipe.name;
    case "aws.pipes.source-arn":
      return pipe.source;
    case "aws.pipes.enrichment-arn":
      return pipe.enrichment;
    case "aws.pipes.target-arn":
      return pipe.target;
    case "aws.pipes.event.ingestion-time":
      return new Date(nowMs).toISOString();
    case "aws.pipes.event":
      return value;
    case "aws.pipes.event.json":
      return inner;
    default:
      return undefined;
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
