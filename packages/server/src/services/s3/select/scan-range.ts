/**
 * A part of a file: the records that begin in it, each of them whole.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ScanRange.html
 */
import type { CSVInput, InputSerialization, ScanRange } from "@aws-sdk/client-s3";
import { notImplemented } from "../errors.ts";
import { scanRangeInvalid, scanRangeUnsupported } from "./errors.ts";
import type { SelectSource } from "./run.ts";

/** The places of the first byte and of the last. */
interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * The bytes of the records that begin in the range, behind the file's header where it has one.
 *
 * @throws {AwsError} `InvalidRequestParameter`, `UnsupportedScanRangeInput`
 */
export function readRange(asked: ScanRange, form: InputSerialization, source: SelectSource): AsyncIterable<Uint8Array> {
  const delimiter = Buffer.from(delimiterOf(form), "utf8");
  const range = rangeOf(asked, source.size);
  return hasHeader(form.CSV) && range.start > 0
    ? inTurn(recordsIn({ start: 0, end: 0 }, delimiter, source), recordsIn(range, delimiter, source))
    : recordsIn(range, delimiter, source);
}

/** Assumed: columns have their names in every part of a file. */
const hasHeader = (csv: CSVInput | undefined): boolean => (csv?.FileHeaderInfo ?? "NONE").toUpperCase() !== "NONE";

function rangeOf({ Start, End }: ScanRange, size: number): Range {
  const start = Start ?? 0;
  const end = End ?? size;
  if ((Start ?? End) === undefined || start < 0 || end < 0) throw scanRangeInvalid();
  // an end alone counts from the end of the file
  if (Start === undefined) return { start: Math.max(0, size - end), end: size - 1 };
  if (End !== undefined && start > end) throw scanRangeInvalid();
  return { start, end: Math.min(end, size) };
}

/** Records have to be told apart wherever one begins to read. */
function delimiterOf({ CSV, JSON, Parquet, CompressionType = "NONE" }: InputSerialization): string {
  if (Parquet) throw notImplemented("ScanRange");
  const isSplit = CSV?.AllowQuotedRecordDelimiter !== true && JSON?.Type !== "DOCUMENT";
  if (CompressionType !== "NONE" || !isSplit) throw scanRangeUnsupported();
  return CSV?.RecordDelimiter ?? "\n";
}

async function* inTurn(...all: readonly AsyncIterable<Uint8Array>[]): AsyncGenerator<Uint8Array> {
  for (const each of all) yield* each;
}

async function* recordsIn({ start, end }: Range, delimiter: Buffer, source: SelectSource): AsyncGenerator<Uint8Array> {
  if (start >= source.size) return;
  // with the delimiter before it, a record that begins right there is seen to begin
  let place = Math.max(0, start - delimiter.length);
  let isWithin = start === 0;
  let waiting: Buffer = Buffer.alloc(0);
  for await (const piece of source.read({ start: place, end: source.size - 1 })) {
    waiting = Buffer.concat([waiting, piece]);
    if (!isWithin) {
      const at = waiting.indexOf(delimiter);
      const passed = at < 0 ? Math.max(0, waiting.length - delimiter.length + 1) : at + delimiter.length;
      waiting = waiting.subarray(passed);
      place += passed;
      isWithin = at >= 0;
      if (place > end) return;
      if (!isWithin) continue;
    }
    // the record at the end of the range is the last
    const at = waiting.indexOf(delimiter, Math.max(0, end - place - delimiter.length + 1));
    if (at >= 0) return yield waiting.subarray(0, at + delimiter.length);
    const sure = Math.max(0, waiting.length - delimiter.length + 1);
    yield waiting.subarray(0, sure);
    waiting = waiting.subarray(sure);
    place += sure;
  }
  if (isWithin) yield waiting;
}
