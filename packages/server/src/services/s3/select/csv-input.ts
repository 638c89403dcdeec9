/**
 * The records of a CSV file.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CSVInput.html
 */
import type { CSVInput } from "@aws-sdk/client-s3";
import { csvParsing, invalidFileHeaderInfo, parameterInvalid, recordTooLong } from "./errors.ts";
import { RECORD_CHARACTERS_MAX } from "./limits.ts";
import type { Members, Value } from "./value.ts";

/** With what its columns are called; each goes by its number, too: `_1`. */
export interface CsvRecord {
  readonly names: readonly string[] | undefined;
  readonly values: readonly string[];
}

export async function* csvRecords(text: AsyncIterable<string>, input: CSVInput): AsyncGenerator<CsvRecord> {
  const { Comments = "#" } = input;
  const header = headerOf(input);
  let names: readonly string[] | undefined;
  let isFirst = header !== "NONE";
  for await (const values of rows(text, input)) {
    if (Comments !== "" && values[0]?.startsWith(Comments)) continue;
    if (isFirst) {
      isFirst = false;
      if (header === "USE") names = values;
    } else {
      yield { names, values };
    }
  }
}

/**
 * Differs: it is taken in any case of letters, as some clients write it; AWS documents capitals alone.
 *
 * @throws {AwsError} `InvalidFileHeaderInfo`
 */
function headerOf({ FileHeaderInfo = "NONE" }: CSVInput): string {
  const header = FileHeaderInfo.toUpperCase();
  if (header === "NONE" || header === "USE" || header === "IGNORE") return header;
  throw invalidFileHeaderInfo();
}

/** As the members of an object: under their names where they have some, and found by number all the same. */
export function membersOf({ names, values }: CsvRecord): Members {
  const members: Record<string, Value> = {};
  for (const [at, value] of values.entries()) members[`_${at + 1}`] = value;
  for (const [at, name] of names?.entries() ?? []) members[name] ??= values[at] ?? "";
  return members;
}

interface Signs {
  readonly field: string;
  readonly record: string;
  readonly quote: string;
  readonly escape: string;
}

/** @throws {AwsError} `InvalidRequestParameter` where nothing would part the fields, or the records */
async function* rows(text: AsyncIterable<string>, input: CSVInput): AsyncGenerator<readonly string[]> {
  const signs = {
    field: input.FieldDelimiter ?? ",",
    record: input.RecordDelimiter ?? "\n",
    quote: input.QuoteCharacter ?? '"',
    escape: input.QuoteEscapeCharacter ?? input.QuoteCharacter ?? '"',
  };
  if (signs.field === "" || signs.record === "") throw parameterInvalid();
  const reader = new RowReader(signs);
  for await (const piece of text) yield* reader.read(piece);
  yield* reader.end();
}

/** Takes text as it comes and gives the rows that are whole. */
class RowReader {
  readonly #signs: Signs;
  /** What was not yet looked at: its end may be the beginning of a sign. */
  #rest = "";
  #row: string[] = [];
  #value = "";
  #isQuoted = false;
  #hasText = false;
  #size = 0;

  constructor(signs: Signs) {
    this.#signs = signs;
  }

  *read(piece: string): Generator<readonly string[]> {
    this.#rest += piece;
    yield* this.#take(Math.max(1, this.#signs.record.length, this.#signs.field.length));
  }

  /** @throws {AwsError} `CSVParsingError` where a quote is still open */
  *end(): Generator<readonly string[]> {
    yield* this.#take(0);
    if (this.#isQuoted) throw csvParsing();
    if (this.#hasText || this.#row.length > 0) yield this.#endRow();
  }

  /** Looks at all but the last `kept` characters. */
  *#take(kept: number): Generator<readonly string[]> {
    let at = 0;
    while (at < this.#rest.length - kept) {
      const taken = this.#step(at);
      at += taken.length;
      this.#size += taken.length;
      if (this.#size > RECORD_CHARACTERS_MAX) throw recordTooLong();
      if (taken.endsRow) yield this.#endRow();
    }
    this.#rest = this.#rest.slice(at);
  }

  #step(at: number): { readonly length: number; readonly endsRow?: true } {
    const { field, record, quote, escape } = this.#signs;
    const text = this.#rest;
    const character = text.charAt(at);
    if (this.#isQuoted) {
      if (character === escape && text.charAt(at + 1) === quote) return this.#add(quote, 2);
      if (character !== quote) return this.#add(character, 1);
      this.#isQuoted = false;
      return { length: 1 };
    }
    if (character === quote && this.#value === "") {
      this.#isQuoted = true;
      this.#hasText = true;
      return { length: 1 };
    }
    if (text.startsWith(record, at)) return { length: record.length, endsRow: true };
    // files from elsewhere end their lines with two characters
    if (record === "\n" && text.startsWith("\r\n", at)) return { length: 2, endsRow: true };
    if (!text.startsWith(field, at)) return this.#add(character, 1);
    this.#row.push(this.#value);
    this.#value = "";
    this.#hasText = true;
    return { length: field.length };
  }

  #add(text: string, length: number): { readonly length: number } {
    this.#value += text;
    this.#hasText = true;
    return { length };
  }

  #endRow(): readonly string[] {
    const row = [...this.#row, this.#value];
    this.#row = [];
    this.#value = "";
    this.#hasText = false;
    this.#size = 0;
    return row;
  }
}
