/**
 * Event streams: each event a frame of its own, with headers, a payload and two checksums.
 * Source: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
import { crc32 } from "node:zlib";
import { assert } from "../kernel/assert.ts";
import { AwsError } from "../kernel/aws-error.ts";
import type { ByteStream } from "../kernel/bytes.ts";
import type { Member, Shape, StructureShape } from "../model/shape.ts";
import { bytesOf, dateOf, fieldsOf, isFields, numberOf, textOf, type Fields } from "./value.ts";

export const EVENT_STREAM_TYPE = "application/vnd.amazon.eventstream";

export interface EventFormat {
  /** Of a payload that is a structure. */
  readonly contentType: string;
  payload(shape: StructureShape, value: Fields): Uint8Array;
  /** The output's other members, where the protocol sends them as the first event. */
  readonly initial?: { readonly contentType: string; readonly payload: Uint8Array };
}

/** A header's type byte and its value. */
type Header = readonly [name: string, type: number, value: Uint8Array];

const TRUE = 0;
const FALSE = 1;
const INTEGER = 4;
const BYTES = 6;
const TEXT = 7;
const TIMESTAMP = 8;

/** The frames of `events`, an async iterable of unions as `shape` has them. */
export async function* encodeEventStream(shape: Shape, events: unknown, format: EventFormat): ByteStream {
  assert(shape.kind === "union", "an event stream is a union");
  const { initial } = format;
  if (initial !== undefined) {
    const headers = [text(":event-type", "initial-response"), text(":message-type", "event")];
    yield encodeFrame([...headers, text(":content-type", initial.contentType)], initial.payload);
  }
  assert(isEvents(events), "an event stream is given as an async iterable");
  try {
    for await (const event of events) {
      const [name, value] = Object.entries(fieldsOf(event)).find(([, one]) => one !== undefined) ?? [];
      const member = shape.byName.get(name ?? "");
      assert(member !== undefined && member.shape.kind === "structure", `the stream has an event ${name}`);
      yield encodeEvent(member, member.shape, fieldsOf(value), format);
    }
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    yield encodeError(error);
  }
}

const isEvents = (value: unknown): value is AsyncIterable<unknown> => isFields(value) && Symbol.asyncIterator in value;

/** The end of a stream that has begun and fails for a reason that its model has no event for. */
const encodeError = ({ code, message }: AwsError): Uint8Array =>
  encodeFrame([text(":error-code", code), text(":error-message", message), text(":message-type", "error")], NOTHING);

function encodeEvent(member: Member, shape: StructureShape, value: Fields, format: EventFormat): Uint8Array {
  if (shape.traits.error !== undefined) {
    const headers = [text(":message-type", "exception"), text(":exception-type", member.name)];
    return encodeFrame([...headers, text(":content-type", format.contentType)], format.payload(shape, value));
  }
  const headers = [text(":event-type", member.name), text(":message-type", "event")];
  const rest: Member[] = [];
  for (const field of shape.members) {
    const one = value[field.name];
    if (field.traits.eventHeader === undefined) rest.push(field);
    else if (one !== undefined && one !== null) headers.push(header(field, one));
  }
  const [contentType, payload] = encodePayload(shape, rest, value, format);
  if (contentType !== undefined) headers.push(text(":content-type", contentType));
  return encodeFrame(headers, payload);
}

function encodePayload(
  shape: StructureShape,
  rest: readonly Member[],
  value: Fields,
  format: EventFormat,
): [contentType: string | undefined, payload: Uint8Array] {
  const whole = rest.find((member) => member.traits.eventPayload !== undefined);
  if (whole === undefined)
    return rest.length === 0 ? [undefined, NOTHING] : [format.contentType, format.payload(shape, value)];
  const payload = value[whole.name];
  if (whole.shape.kind === "blob") return ["application/octet-stream", bytesOf(payload ?? NOTHING)];
  if (whole.shape.kind === "string") return ["text/plain", bytesOf(payload ?? "")];
  assert(whole.shape.kind === "structure", "an event's payload is a blob, a string or a structure");
  return [format.contentType, format.payload(whole.shape, fieldsOf(payload ?? {}))];
}

const NOTHING = new Uint8Array();

const text = (name: string, value: string): Header => [name, TEXT, prefixed(Buffer.from(value))];

function header({ name, shape }: Member, value: unknown): Header {
  if (shape.kind === "string") return text(name, textOf(value));
  if (shape.kind === "boolean") return [name, value === true ? TRUE : FALSE, NOTHING];
  if (shape.kind === "blob") return [name, BYTES, prefixed(bytesOf(value))];
  if (shape.kind === "timestamp") return [name, TIMESTAMP, eightBytes(dateOf(value).getTime())];
  return [name, INTEGER, fourBytes(numberOf(value))];
}

function prefixed(bytes: Uint8Array): Uint8Array {
  const whole = Buffer.allocUnsafe(2 + bytes.byteLength);
  whole.writeUInt16BE(bytes.byteLength, 0);
  whole.set(bytes, 2);
  return whole;
}

function fourBytes(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value, 0);
  return bytes;
}

function eightBytes(value: number): Uint8Array {
  const bytes = Buffer.allocUnsafe(8);
  bytes.writeBigInt64BE(BigInt(value), 0);
  return bytes;
}

/** The two lengths and their checksum, the headers, the payload, and a checksum over all. */
export function encodeFrame(headers: readonly Header[], payload: Uint8Array): Uint8Array {
  const written = headers.flatMap(([name, type, value]) => {
    const bytes = Buffer.from(name);
    return [Uint8Array.of(bytes.byteLength), bytes, Uint8Array.of(type), value];
  });
  const headersSize = written.reduce((size, piece) => size + piece.byteLength, 0);
  const size = 16 + headersSize + payload.byteLength;
  const frame = Buffer.allocUnsafe(size);
  frame.writeUInt32BE(size, 0);
  frame.writeUInt32BE(headersSize, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8);
  let at = 12;
  for (const piece of written) {
    frame.set(piece, at);
    at += piece.byteLength;
  }
  frame.set(payload, at);
  frame.writeUInt32BE(crc32(frame.subarray(0, size - 4)), size - 4);
  return frame;
}
