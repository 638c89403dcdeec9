/**
 * Processors that make fields of texts. One that finds no such text ends the transformation.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Configurable.html
 */
import type { CSV, Grok as GrokConfig, ParseJSON, ParseKeyValue } from "@aws-sdk/client-cloudwatch-logs";
import { parseBounded } from "../../../kernel/bounded-json.ts";
import type { Validated } from "../../../service/sdk.ts";
import type { CompileRegex } from "../regex.ts";
import { compileGrok } from "./grok.ts";
import { fieldAt, isFields, setField, setOwn, type Fields } from "./path.ts";

/**
 * Where an event is from, by the names that processors have for it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-JSONMutate.html (copyValue)
 */
export type Metadata = Readonly<
  Partial<Record<"@logGroupName" | "@logGroupStream" | "@accountId" | "@regionName", string>> & Record<string, string>
>;

/** What an event is while it is transformed. */
export interface Draft {
  readonly message: string;
  readonly fields: Fields;
  readonly metadata: Metadata;
  /** Characters that may still be added to it: fields that are copied into each other grow without end. */
  room: number;
}

/** `false`: the event cannot be transformed. */
export type Step = (draft: Draft) => boolean;

const MESSAGE = "@message";

function textAt({ message, fields }: Draft, source = MESSAGE): string | undefined {
  const value = source === MESSAGE ? message : fieldAt(fields, source);
  return typeof value === "string" ? value : undefined;
}

/** At the root, or in a field of its own. */
function put({ fields }: Draft, destination: string | undefined, found: Fields): void {
  if (destination !== undefined && destination !== MESSAGE) setField(fields, destination, found);
  else for (const [name, value] of Object.entries(found)) setOwn(fields, name, value);
}

export const parseJson =
  ({ source, destination }: Validated<ParseJSON>): Step =>
  (draft) => {
    const found = read(textAt(draft, source));
    if (!isFields(found)) return false;
    put(draft, destination, found);
    return true;
  };

function read(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return parseBounded(text);
  } catch {
    return undefined;
  }
}

export function grok({ source, match }: Validated<GrokConfig>, compile: CompileRegex): Step {
  const pattern = compileGrok(match, compile);
  return (draft) => {
    const text = textAt(draft, source);
    const found = text === undefined ? undefined : pattern.read(text);
    for (const [path, value] of found ?? []) setField(draft.fields, path, value);
    return found !== undefined;
  };
}

export function csv({
  source,
  quoteCharacter: quote = '"',
  delimiter = ",",
  columns,
  destination,
}: Validated<CSV>): Step {
  const separator = delimiter === "\\t" ? "\t" : delimiter;
  return (draft) => {
    const text = textAt(draft, source);
    if (text === undefined) return false;
    const found: Fields = {};
    for (const [at, cell] of cellsOf(text, { quote, separator }).entries()) {
      setOwn(found, columns?.[at] ?? `column_${at + 1}`, cell);
    }
    put(draft, destination, found);
    return true;
  };
}

interface Marks {
  readonly quote: string;
  readonly separator: string;
}

/** A quote within quotes is written twice. */
function cellsOf(text: string, { quote, separator }: Marks): string[] {
  const cells: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let at = 0; at < text.length; at++) {
    if (text.startsWith(quote, at)) {
      const isTwice = isQuoted && text.startsWith(quote, at + quote.length);
      if (isTwice) cell += quote;
      else isQuoted = !isQuoted;
      at += (isTwice ? 2 : 1) * quote.length - 1;
    } else if (!isQuoted && text.startsWith(separator, at)) {
      cells.push(cell);
      cell = "";
      at += separator.length - 1;
    } else cell += text[at];
  }
  return [...cells, cell];
}

export function parseKeyValue(config: Validated<ParseKeyValue>): Step {
  const { source, destination, keyPrefix = "", nonMatchValue } = config;
  const { fieldDelimiter = "&", keyValueDelimiter = "=", overwriteIfExists = false } = config;
  return (draft) => {
    const text = textAt(draft, source);
    if (text === undefined) return false;
    const found: Fields = {};
    for (const pair of text.split(fieldDelimiter)) {
      const at = pair.indexOf(keyValueDelimiter);
      const name = keyPrefix + (at === -1 ? pair : pair.slice(0, at));
      const value = at === -1 ? nonMatchValue : pair.slice(at + keyValueDelimiter.length);
      const isThere = destination === undefined && Object.hasOwn(draft.fields, name);
      if (value !== undefined && (overwriteIfExists || !isThere)) setOwn(found, name, value);
    }
    put(draft, destination, found);
    return true;
  };
}
