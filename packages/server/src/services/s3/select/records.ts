/** The records that a query is asked of. */
import type { InputSerialization } from "@aws-sdk/client-s3";
import { malformedXml } from "../errors.ts";
import { csvRecords, membersOf } from "./csv-input.ts";
import { missingFormat } from "./errors.ts";
import { jsonValues } from "./json-input.ts";
import { rowOfAll, type Row } from "./output.ts";
import type { Step } from "./query.ts";
import { follow, type Value } from "./value.ts";

export interface InputRecord {
  readonly value: Value;
  /** All of it, as `*` gives it. */
  readonly all: () => Row;
}

/** @throws {AwsError} `MissingRequiredParameter`, `MalformedXML` */
export function recordsOf(
  text: AsyncIterable<string>,
  { CSV, JSON: json }: InputSerialization,
  source: readonly Step[],
): AsyncIterable<InputRecord> {
  if (CSV && json) throw malformedXml();
  if (CSV) return ofCsv(text, CSV);
  if (json) return ofJson(text, source);
  throw missingFormat();
}

async function* ofCsv(
  text: AsyncIterable<string>,
  input: NonNullable<InputSerialization["CSV"]>,
): AsyncGenerator<InputRecord> {
  for await (const record of csvRecords(text, input)) {
    const { names, values } = record;
    yield {
      value: membersOf(record),
      all: () => values.map((value, at) => [names?.[at] ?? `_${at + 1}`, value] as const),
    };
  }
}

async function* ofJson(text: AsyncIterable<string>, source: readonly Step[]): AsyncGenerator<InputRecord> {
  // the first `[*]` stands for the values of the file themselves
  const [first, ...rest] = source;
  const steps = first?.kind === "all" ? rest : source;
  for await (const document of jsonValues(text)) {
    for (const value of expand(document, steps)) yield { value, all: () => rowOfAll(value) };
  }
}

/** What lies at the end of the steps: `[*]` gives each element; a step that leads nowhere gives nothing, once. */
function expand(value: Value, steps: readonly Step[]): readonly Value[] {
  const at = steps.findIndex(({ kind }) => kind === "all");
  if (at < 0) return [follow(value, steps)];
  const list = follow(value, steps.slice(0, at));
  const elements: readonly Value[] = Array.isArray(list) ? list : [list];
  return elements.flatMap((element) => expand(element, steps.slice(at + 1)));
}
