/**
 * Messages of Protocol Buffers, in which ORC's footers are written.
 * Source: https://protobuf.dev/programming-guides/encoding/
 */
import { ByteSink } from "./byte-sink.ts";

/** A list of numbers is packed. */
type FieldValue = number | string | Uint8Array | readonly number[];

export type Field = readonly [number: number, value: FieldValue];

const VARINT = 0;
const SIZED = 2;

export function encodeMessage(fields: readonly Field[]): Uint8Array {
  const sink = new ByteSink();
  for (const [number, value] of fields) {
    sink.varint(number * 8 + (typeof value === "number" ? VARINT : SIZED));
    if (typeof value === "number") sink.varint(value);
    else writeSized(value, sink);
  }
  return sink.take();
}

function writeSized(value: Exclude<FieldValue, number>, sink: ByteSink): void {
  const bytes = bytesOf(value);
  sink.varint(bytes.byteLength);
  sink.bytes(bytes);
}

function bytesOf(value: Exclude<FieldValue, number>): Uint8Array {
  if (typeof value === "string") return Buffer.from(value, "utf8");
  if (value instanceof Uint8Array) return value;
  const packed = new ByteSink();
  for (const each of value) packed.varint(each);
  return packed.take();
}
