import { describe, expect, test } from "vitest";
import { loadModel } from "../model/models.ts";
import { awsJson10, awsJson11 } from "./aws-json.ts";
import { rpcV2Cbor } from "./rpc-v2-cbor.ts";
import { operationOf, REQUEST_ID, requestOf } from "../../test/wire-request.ts";

const decode = (service: string, operation: string, body: string) =>
  awsJson11.decodeInput(operationOf(service, operation), requestOf({ body }), {});

describe("an input", () => {
  test("has its members' types, and nothing the model does not know", () => {
    const body = '{"KeyId":"k","Plaintext":"AQL6","EncryptionContext":{"a":"b"},"Unknown":1,"GrantTokens":null}';
    expect(decode("kms", "Encrypt", body)).toEqual({
      KeyId: "k",
      Plaintext: Buffer.from([1, 2, 250]),
      EncryptionContext: { a: "b" },
    });
  });

  test("has times as seconds", () => {
    const body = '{"StartTime":1715000889.5}';
    expect(decode("cloudtrail", "LookupEvents", body)).toEqual({ StartTime: new Date("2024-05-06T13:08:09.500Z") });
  });

  test("may be missing only where the operation takes none", () => {
    expect(decode("ssm", "GetParameter", "{}")).toEqual({});
    expect(() => decode("ssm", "GetParameter", "")).toThrow("not valid JSON");
    expect(awsJson11.decodeInput(operationOf("organizations", "DescribeOrganization"), requestOf({}), {})).toEqual({});
  });

  // Source: https://github.com/async-aws/aws/issues/1667, https://github.com/aarondfrancis/sidecar/issues/148
  test.each([
    [
      "a text for a number",
      "ssm",
      "DescribeParameters",
      '{"MaxResults":"5"}',
      "STRING_VALUE can not be converted to an Integer",
    ],
    ["a number for a text", "ssm", "GetParameter", '{"Name":5}', "NUMBER_VALUE can not be converted to a String"],
    ["true for a text", "ssm", "GetParameter", '{"Name":true}', "TRUE_VALUE can not be converted to a String"],
    [
      "an object for a text",
      "ssm",
      "GetParameter",
      '{"Name":{}}',
      "Start of structure or map found where not expected.",
    ],
    ["a list for a text", "ssm", "GetParameter", '{"Name":[]}', "Start of list found where not expected"],
    ["a text for a list", "ssm", "GetParameters", '{"Names":"a"}', "Expected list or null"],
    ["a list for an input", "ssm", "GetParameters", "[]", "Start of list found where not expected"],
    ["no JSON", "ssm", "GetParameters", '{"Names"', "The request body is not valid JSON."],
  ])("with %s is a SerializationException", (_, service, operation, body, message) => {
    expect(() => decode(service, operation, body)).toThrow(
      expect.objectContaining({ code: "SerializationException", message }),
    );
  });

  test("that nests too deeply is refused", () => {
    const body = `{"Item":{"a":${'{"M":{"a":'.repeat(5000)}{"S":"x"}${"}}".repeat(5000)}}}`;
    expect(() => decode("dynamodb", "PutItem", body)).toThrow("nested too deeply");
  });

  test("cannot change what objects are", () => {
    const { Attributes } = awsJson10.decodeInput(
      operationOf("sqs", "SetQueueAttributes"),
      requestOf({ body: '{"QueueUrl":"u","Attributes":{"__proto__":"x"}}' }),
      {},
    );
    expect(Object.keys(Object(Attributes))).toEqual(["__proto__"]);
    expect(decode("ssm", "GetParameter", '{"constructor":1,"toString":2}')).toEqual({});
  });
});

test("an output has its members and no others", () => {
  const output = { QueueUrl: "http://localhost/q", Secret: "x" };
  expect(awsJson10.encodeOutput(operationOf("sqs", "CreateQueue"), output, REQUEST_ID)).toEqual({
    status: 200,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": REQUEST_ID },
    body: '{"QueueUrl":"http://localhost/q"}',
  });
});

describe("an error", () => {
  test("of the model has its status, its name with the namespace in 1.0, and its old Query code", () => {
    const failure = { code: "QueueDoesNotExist", message: "no", fields: {} };
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-json-faqs.html
    expect(awsJson10.encodeError(failure, loadModel("sqs"), REQUEST_ID)).toEqual({
      status: 400,
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amzn-requestid": REQUEST_ID,
        "x-amzn-query-error": "AWS.SimpleQueueService.NonExistentQueue;Sender",
      },
      body: '{"__type":"com.amazonaws.sqs#QueueDoesNotExist","message":"no"}',
    });
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.py (test_exception_serializing_with_no_shape_in_spec)
  test("has the status that Query has for it where the client asks for that", () => {
    const failure = { code: "ResourceNotFound", message: "", fields: {} };
    const model = loadModel("cloudwatch");
    expect(awsJson10.encodeError(failure, model, REQUEST_ID).status).toBe(400);
    expect(awsJson10.encodeError({ ...failure, asQuery: true }, model, REQUEST_ID).status).toBe(404);
    expect(rpcV2Cbor.encodeError(failure, model, REQUEST_ID).status).toBe(400);
    expect(rpcV2Cbor.encodeError({ ...failure, asQuery: true }, model, REQUEST_ID).status).toBe(404);
  });

  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/kms/test_kms.snapshot.json (test_invalid_verify_mac)
  test("that has no message has no member for it", () => {
    const failure = { code: "KMSInvalidMacException", message: "", fields: {} };
    expect(awsJson11.encodeError(failure, loadModel("kms"), REQUEST_ID).body).toBe(
      '{"__type":"KMSInvalidMacException"}',
    );
  });

  test("has its further members", () => {
    const fields = { CancellationReasons: [{ Code: "None" }] };
    const failure = { code: "TransactionCanceledException", message: "why", fields };
    const { body } = awsJson10.encodeError(failure, loadModel("dynamodb"), REQUEST_ID);
    expect(body).toBe(
      '{"__type":"com.amazonaws.dynamodb#TransactionCanceledException","CancellationReasons":[{"Code":"None"}],"Message":"why"}',
    );
  });

  test("that no model has takes the status it came with", () => {
    const failure = { code: "AccessDeniedException", message: "no", fields: {}, status: 400 };
    expect(awsJson11.encodeError(failure, loadModel("kms"), REQUEST_ID)).toMatchObject({
      status: 400,
      body: '{"__type":"AccessDeniedException","Message":"no"}',
    });
    expect(awsJson10.encodeError({ ...failure, status: 501 }, undefined, REQUEST_ID)).toMatchObject({
      status: 501,
      body: '{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"no"}',
    });
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_delete_alarm)
test("doubles stay so where they are whole, whole numbers are none", () => {
  const alarms = operationOf("cloudwatch", "DescribeAlarms");
  const MetricAlarms = [{ AlarmName: "a", Threshold: 30, Period: 60 }, { Threshold: 0.5 }];
  const { body } = awsJson10.encodeOutput(alarms, { MetricAlarms }, REQUEST_ID);
  expect(body).toBe('{"MetricAlarms":[{"AlarmName":"a","Period":60,"Threshold":30.0},{"Threshold":0.5}]}');
  const results = operationOf("cloudwatch", "GetMetricData");
  const answer = awsJson10.encodeOutput(results, { MetricDataResults: [{ Values: [1, 2.5] }] }, REQUEST_ID);
  expect(answer.body).toBe('{"MetricDataResults":[{"Values":[1.0,2.5]}]}');
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (QueryErrorCode of test_send_receive_max_number_of_messages, test_send_empty_message)
test.each([
  ["InvalidParameterValue", "InvalidParameterValueException"],
  ["MissingParameter", "MissingRequiredParameterException"],
])("an error that Query calls %s is in full %s, where a service once spoke Query", (code, name) => {
  const { headers, body } = awsJson10.encodeError({ code, message: "no", fields: {} }, loadModel("sqs"), REQUEST_ID);
  expect(headers).toMatchObject({ "x-amzn-query-error": `${code};Sender` });
  expect(body).toContain(`"__type":"com.amazon.coral.service#${name}"`);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.py (test_basic_operations_multiple_protocols, run against AWS)
test("times are doubles, whole seconds too", () => {
  const keys = operationOf("kms", "DescribeKey");
  const CreationDate = new Date(1_765_977_780_000);
  const { body } = awsJson11.encodeOutput(keys, { KeyMetadata: { KeyId: "k", CreationDate } }, REQUEST_ID);
  expect(body).toContain('"CreationDate":1765977780.0');
});
