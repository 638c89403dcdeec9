/**
 * Columns of ORC: which streams their values are.
 * Source: https://orc.apache.org/specification/ORCv1/ (Column Encodings)
 */
import { assert } from "../../../../kernel/assert.ts";
import { encodeBits, encodeIntegers } from "./run-length.ts";

type Value = string | number | boolean | Date;

/** A column as it is to be written. `undefined`: nothing is said of that row. */
export interface OrcColumn {
  readonly name: string;
  readonly type: OrcType;
  readonly values: readonly (Value | undefined)[];
}

export type OrcType = "string" | "bigint" | "boolean" | "timestamp";

/** As footers name them. */
export const TYPE_KINDS = { boolean: 0, bigint: 4, string: 7, timestamp: 9, struct: 12 } as const;

const STREAM_KINDS = { present: 0, values: 1, length: 2, secondary: 5 } as const;

export interface OrcStream {
  readonly kind: number;
  readonly bytes: Uint8Array;
}

export function streamsOf({ type, values }: OrcColumn): readonly OrcStream[] {
  const there = values.filter((value) => value !== undefined);
  const streams = ENCODERS[type](there);
  if (there.length === values.length) return streams;
  const present = encodeBits(values.map((value) => value !== undefined));
  return [{ kind: STREAM_KINDS.present, bytes: present }, ...streams];
}

const ENCODERS: Readonly<Record<OrcType, (values: readonly Value[]) => readonly OrcStream[]>> = {
  string(values) {
    const texts = values.map((value) => Buffer.from(String(value), "utf8"));
    const lengths = texts.map(({ byteLength }) => byteLength);
    return [
      { kind: STREAM_KINDS.values, bytes: Buffer.concat(texts) },
      { kind: STREAM_KINDS.length, bytes: encodeIntegers(lengths, "unsigned") },
    ];
  },
  bigint: (values) => [{ kind: STREAM_KINDS.values, bytes: encodeIntegers(values.map(Number), "signed") }],
  boolean: (values) => [{ kind: STREAM_KINDS.values, bytes: encodeBits(values.map(Boolean)) }],
  timestamp(values) {
    const times = values.map((value) => timeOf(value));
    return [
      {
        kind: STREAM_KINDS.values,
        bytes: encodeIntegers(
          times.map(({ seconds }) => seconds),
          "signed",
        ),
      },
      {
        kind: STREAM_KINDS.secondary,
        bytes: encodeIntegers(
          times.map(({ nanos }) => nanos),
          "unsigned",
        ),
      },
    ];
  },
};

/** What seconds are counted from. */
const EPOCH_MS = Date.UTC(2015, 0, 1);

/** The zeros that the nanoseconds end in are counted instead of written: from two on, in the lowest three bits. */
function timeOf(value: Value): { readonly seconds: number; readonly nanos: number } {
  assert(value instanceof Date, "a timestamp is a date");
  const ms = value.getTime();
  const seconds = Math.floor((ms - EPOCH_MS) / 1000);
  return { seconds, nanos: packNanos((ms - EPOCH_MS - seconds * 1000) * 1_000_000) };
}

function packNanos(nanos: number): number {
  if (nanos === 0) return 0;
  let [digits, zeros] = [nanos, 0];
  for (; digits % 10 === 0 && zeros < 8; zeros++) digits /= 10;
  return zeros < 2 ? nanos * 8 : digits * 8 + zeros - 1;
}
