import { expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { formatCbor, parseCbor } from "./cbor.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";
import { operationOf, REQUEST_ID, requestOf } from "../../test/wire-request.ts";

const getItem = operationOf("dynamodb", "GetItem");
const decode = (value: unknown) => rpcV2Cbor.decodeInput(getItem, requestOf({ body: formatCbor(value) }), {});

const asBytes = (body: unknown): Uint8Array => (body instanceof Uint8Array ? body : new Uint8Array());

test("an input has its members' types, and bytes as they are", () => {
  const input = { TableName: "t", Key: { id: { B: Buffer.from([1, 2]) } }, ConsistentRead: true };
  expect(decode({ ...input, Unknown: 1 })).toEqual(input);
});

test("no body is an empty input", () => {
  expect(rpcV2Cbor.decodeInput(getItem, requestOf({}), {})).toEqual({});
});

test.each([
  [{ TableName: 5 }],
  [{ Key: [] }],
  [{ Key: { a: "x" } }],
  [{ ConsistentRead: "yes" }],
  [[]],
  ["x"],
  [new Date(0)],
])("%j has a value of another type", (value) => {
  expect(() => decode(value)).toThrow(expect.objectContaining({ code: "SerializationException" }));
});

test("an answer says its protocol", () => {
  const { headers, body } = rpcV2Cbor.encodeOutput(getItem, { Item: { id: { S: "a" } }, Other: 1 }, REQUEST_ID);
  expect(headers).toEqual({
    "content-type": "application/cbor",
    "smithy-protocol": "rpc-v2-cbor",
    "x-amzn-requestid": REQUEST_ID,
  });
  expect(parseCbor(asBytes(body))).toEqual({ Item: { id: { S: "a" } } });
});

test("an error says its type with its namespace", () => {
  const failure = { code: "ResourceNotFoundException", message: "no", fields: {} };
  const { status, body } = rpcV2Cbor.encodeError(failure, loadModel("dynamodb"), REQUEST_ID);
  expect(status).toBe(400);
  expect(parseCbor(asBytes(body))).toEqual({
    __type: "com.amazonaws.dynamodb#ResourceNotFoundException",
    message: "no",
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_delete_alarm)
test("doubles stay so where they are whole", () => {
  const output = { MetricAlarms: [{ Threshold: 30, Period: 60 }] };
  const { body } = rpcV2Cbor.encodeOutput(operationOf("cloudwatch", "DescribeAlarms"), output, REQUEST_ID);
  const thirty = Buffer.from("fb403e000000000000", "hex");
  expect(Buffer.from(asBytes(body)).includes(Buffer.concat([Buffer.from("Threshold"), thirty]))).toBe(true);
  expect(parseCbor(asBytes(body))).toEqual(output);
});

// Source: the same, test_exception_serializing_with_no_shape_in_spec
test("an error that has no message has no member for it", () => {
  const failure = { code: "ResourceNotFound", message: "", fields: {} };
  const { body } = rpcV2Cbor.encodeError(failure, loadModel("cloudwatch"), REQUEST_ID);
  expect(parseCbor(asBytes(body))).toEqual({ __type: "com.amazonaws.cloudwatch#ResourceNotFound" });
});

// Source: the same, test_basic_operations_multiple_protocols in test_cloudwatch.py, run against AWS
test("lists and maps end where they end, and times are doubles", () => {
  const output = { MetricDataResults: [{ Id: "m", Timestamps: [new Date(1_765_977_780_000)] }] };
  const { body } = rpcV2Cbor.encodeOutput(operationOf("cloudwatch", "GetMetricData"), output, REQUEST_ID);
  const text = Buffer.from(asBytes(body)).toString("latin1");
  expect(text.startsWith("\xbfqMetricDataResults\x9f\xbf")).toBe(true);
  expect(text).toContain("Timestamps\x9f\xc1\xfbA");
  expect(parseCbor(asBytes(body))).toEqual(output);
});
