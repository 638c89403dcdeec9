/**
 * How a query's rows are written.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_OutputSerialization.html
 */
import type { CSVOutput, OutputSerialization } from "@aws-sdk/client-s3";
import { malformedXml } from "../errors.ts";
import { missingFormat } from "./errors.ts";
import { isMembers, textOf, type Value } from "./value.ts";

/** A row's values under their names, in order. */
export type Row = readonly (readonly [name: string, value: Value])[];

export type Writer = (row: Row) => string;

/** @throws {AwsError} `MissingRequiredParameter`, `MalformedXML` */
export function writerOf({ CSV, JSON: json }: OutputSerialization): Writer {
  if (CSV && json) throw malformedXml();
  if (json) return (row) => formatJson(row) + (json.RecordDelimiter ?? "\n");
  if (CSV) return csvWriter(CSV);
  throw missingFormat();
}

/** What is missing is left out. */
const formatJson = (row: Row): string => JSON.stringify(Object.fromEntries(row));

function csvWriter(output: CSVOutput): Writer {
  const { FieldDelimiter = ",", RecordDelimiter = "\n", QuoteCharacter: quote = '"', QuoteFields } = output;
  const escape = output.QuoteEscapeCharacter ?? quote;
  const needsQuotes = (text: string): boolean =>
    QuoteFields === "ALWAYS" || [FieldDelimiter, RecordDelimiter, quote].some((sign) => sign && text.includes(sign));
  const field = (value: Value): string => {
    const text = value === null || value === undefined ? "" : textOf(value);
    return needsQuotes(text) ? quote + text.replaceAll(quote, escape + quote) + quote : text;
  };
  return (row) => row.map(([, value]) => field(value)).join(FieldDelimiter) + RecordDelimiter;
}

/** All of a record: what is no object is its first column. */
export function rowOfAll(record: Value): Row {
  if (record === undefined) return [];
  return isMembers(record) ? Object.entries(record) : [["_1", record]];
}
