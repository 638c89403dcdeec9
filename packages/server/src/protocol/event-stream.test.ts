import { crc32 } from "node:zlib";
import { expect, test } from "vitest";
import { awsJson11 } from "./aws-json.ts";
import { encodeFrame } from "./event-stream.ts";
import { operationOf, REQUEST_ID } from "../../test/wire-request.ts";

test("a frame has its lengths, their checksum, its payload and a checksum over all", () => {
  const frame = Buffer.from(encodeFrame([["a", 0, new Uint8Array()]], Buffer.from("{}")));
  // Source: https://smithy.io/2.0/aws/amazon-eventstream.html#message-wire-format
  expect(frame.readUInt32BE(0)).toBe(frame.byteLength);
  expect(frame.readUInt32BE(4)).toBe(3);
  expect(frame.readUInt32BE(8)).toBe(crc32(frame.subarray(0, 8)));
  expect(frame.subarray(12, 17).toString("latin1")).toBe("\u0001a\u0000{}");
  expect(frame.readUInt32BE(17)).toBe(crc32(frame.subarray(0, 17)));
});

async function framesOf(events: readonly object[]): Promise<string[]> {
  async function* stream() {
    yield* events;
  }
  const operation = operationOf("kinesis", "SubscribeToShard");
  const { body } = awsJson11.encodeOutput(operation, { EventStream: stream() }, REQUEST_ID);
  const frames: string[] = [];
  if (typeof body !== "object" || !(Symbol.asyncIterator in body)) return frames;
  for await (const frame of body) frames.push(Buffer.from(frame).toString("latin1"));
  return frames;
}

test("the JSON protocols begin with the output's other members", async () => {
  const [initial] = await framesOf([]);
  expect(initial).toContain("initial-response");
});

test("an event says its type, and an error in the stream that it is one", async () => {
  const record = { ContinuationSequenceNumber: "1", MillisBehindLatest: 0, Records: [] };
  const [, event, exception] = await framesOf([
    { SubscribeToShardEvent: record },
    { ResourceNotFoundException: { message: "gone" } },
  ]);
  expect(event).toContain("SubscribeToShardEvent");
  expect(event).toContain('{"Records":[],"ContinuationSequenceNumber":"1","MillisBehindLatest":0}');
  expect(exception).toContain(":exception-type");
  expect(exception).toContain('{"message":"gone"}');
});

test("an event that the model does not know is our own mistake", async () => {
  await expect(framesOf([{ NoSuchEvent: {} }])).rejects.toThrow("the stream has an event NoSuchEvent");
});
