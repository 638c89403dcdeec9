/** Asks a query of a text and gives the events that answer it. */
import type { SelectObjectContentEventStream, SelectObjectContentRequest } from "@aws-sdk/client-s3";
import { collect, type ByteStream } from "../../../kernel/bytes.ts";
import type { ByteRange } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { aggregatesOf } from "./aggregate.ts";
import { evaluate, truthOf, type Around } from "./evaluate.ts";
import { EVENT_BYTES } from "./limits.ts";
import { writerOf, type Row } from "./output.ts";
import { isAggregate, parseQuery } from "./parser.ts";
import { parquetRecords } from "./parquet-input.ts";
import type { Column, Query } from "./query.ts";
import { recordsOf, type InputRecord } from "./records.ts";
import { readRange } from "./scan-range.ts";
import { textOf, type Meter } from "./text-input.ts";

type SelectInput = Validated<SelectObjectContentRequest>;

/** @throws {AwsError} where the query or what it is asked of is wrong */
export async function* answers(
  input: SelectInput,
  source: SelectSource,
  now: Date,
): AsyncGenerator<SelectObjectContentEventStream> {
  const query = parseQuery(input.Expression);
  const write = writerOf(input.OutputSerialization);
  const meter: Meter = { scanned: 0, processed: 0 };
  const records = inputRecords(input, { source, query, meter });
  let [waiting, returned] = ["", 0];
  const flush = (): SelectObjectContentEventStream => {
    const Payload = Buffer.from(waiting, "utf8");
    returned += Payload.byteLength;
    waiting = "";
    return { Records: { Payload } };
  };
  for await (const row of limited(rowsOf(query, records, now), query.limit)) {
    waiting += write(row);
    if (waiting.length >= EVENT_BYTES) yield flush();
  }
  if (waiting !== "") yield flush();
  const Details = { BytesScanned: meter.scanned, BytesProcessed: meter.processed, BytesReturned: returned };
  if (input.RequestProgress?.Enabled) yield { Progress: { Details } };
  yield { Stats: { Details } };
  yield { End: {} };
}

/** The object that is asked. */
export interface SelectSource {
  readonly size: number;
  /** Its bytes, from the first to the last that are wanted; all where none are named. */
  readonly read: (range?: ByteRange) => ByteStream;
}

interface Reading {
  readonly source: SelectSource;
  readonly query: Query;
  readonly meter: Meter;
}

function inputRecords(
  { InputSerialization: form, ScanRange }: SelectInput,
  { source, query, meter }: Reading,
): AsyncIterable<InputRecord> {
  const bytes = ScanRange && readRange(ScanRange, form, source);
  if (form.Parquet) return parquetRecords(measured(source, meter));
  return recordsOf(textOf(bytes ?? source.read(), form.CompressionType ?? "NONE", meter), form, query.source);
}

/** As the reader of Parquet files wants them: to be read anywhere. */
const measured = ({ size, read }: SelectSource, meter: Meter) => ({
  byteLength: size,
  async slice(start: number, end = size): Promise<ArrayBuffer> {
    if (end <= start) return new ArrayBuffer(0);
    const bytes = Uint8Array.from(await collect(read({ start, end: end - 1 })));
    meter.scanned += bytes.byteLength;
    meter.processed += bytes.byteLength;
    return bytes.buffer;
  },
});

async function* limited(rows: AsyncIterable<Row>, limit = Infinity): AsyncGenerator<Row> {
  let count = 0;
  if (limit === 0) return;
  for await (const row of rows) {
    yield row;
    if (++count >= limit) return;
  }
}

async function* rowsOf(query: Query, records: AsyncIterable<InputRecord>, now: Date): AsyncGenerator<Row> {
  const { columns } = query;
  const found = chosen(query, records, now);
  if (columns?.some((column) => isAggregate(column))) {
    yield await summed(columns, found);
    return;
  }
  for await (const { all, around } of found) {
    yield columns === undefined
      ? all()
      : columns.map((column, at) => [nameOf(column, at), evaluate(column.expression, around)] as const);
  }
}

interface Chosen {
  readonly all: InputRecord["all"];
  readonly around: Around;
}

/** The records for which the condition holds. */
async function* chosen({ where, root }: Query, records: AsyncIterable<InputRecord>, now: Date): AsyncGenerator<Chosen> {
  for await (const { value: record, all } of records) {
    const around = { record, root, now };
    if (where === undefined || truthOf(where, around) === true) yield { all, around };
  }
}

async function summed(columns: readonly Column[], found: AsyncIterable<Chosen>): Promise<Row> {
  const aggregates = aggregatesOf(columns);
  for await (const { around } of found) for (const aggregate of aggregates) aggregate.add(around);
  return columns.map((column, at) => [nameOf(column, at), aggregates[at]?.value] as const);
}

/** A path's last name, or the column's number. */
function nameOf({ alias, expression }: Column, at: number): string {
  if (alias !== undefined) return alias;
  const last = expression.kind === "path" ? expression.steps.at(-1) : undefined;
  return last?.kind === "member" ? last.name : `_${at + 1}`;
}
