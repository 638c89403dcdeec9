import { HttpRequest } from "@smithy/core/protocols";
import { SignatureV4 } from "@smithy/signature-v4";
import { expect, test } from "vitest";
import { queueWorld, type QueueWorld } from "../../../test/queues.ts";
import { Sha256 } from "../../../test/sha256.ts";

const signer = new SignatureV4({
  service: "sqs",
  region: "us-east-1",
  credentials: { accessKeyId: "test", secretAccessKey: "test" },
  sha256: Sha256,
});

/** What a signed `GET` gives, as a browser or `curl` would send it. */
async function get(
  { cloud }: QueueWorld,
  url: string,
  query: Readonly<Record<string, string>> = {},
  headers: Readonly<Record<string, string>> = {},
): Promise<{ status: number; type: string | undefined; text: string }> {
  const { protocol, host, hostname, pathname: path } = new URL(url);
  const place = { method: "GET", protocol, hostname, path };
  const request = new HttpRequest({ ...place, query, headers: { ...headers, host } });
  const { statusCode, headers: answered, body } = await cloud.send(await signer.presign(request));
  return { status: statusCode, type: answered["content-type"], text: Buffer.from(body).toString("utf8") };
}

const ROOT = "http://localhost:4566/";

// Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-xml.html
test("a queue's URL is an endpoint: what is asked there is asked of the queue", async () => {
  const world = await queueWorld();
  const [one, two] = [await world.create("one"), await world.create("two")];
  expect(await get(world, one, { Action: "SendMessage", MessageBody: "hello" })).toMatchObject({ status: 200 });
  const empty = await get(world, two, { Action: "ReceiveMessage" });
  expect(empty.text).toContain("<ReceiveMessageResult/>");
  const full = await get(world, one, { Action: "ReceiveMessage" });
  expect(full.text).toContain("<Body>hello</Body>");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_overwrite_queue_url_in_params, run against AWS)
  const other = await get(world, one, { Action: "GetQueueAttributes", QueueUrl: two, "AttributeName.1": "QueueArn" });
  expect(other.text).toContain("<Name>QueueArn</Name><Value>arn:aws:sqs:us-east-1:000000000000:two</Value>");
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (TestSqsQueryApi, run against AWS)
test("what is not asked of a queue is not to be found at its URL", async () => {
  const world = await queueWorld();
  const [one, two] = [await world.create("one"), await world.create("two")];
  for (const Action of ["CreateQueue", "ListQueues", "FooBar"]) {
    const { status, text } = await get(world, one, { Action, QueueName: "three" });
    expect(status).toBe(400);
    expect(text).toContain("<Code>InvalidAction</Code>");
    expect(text).toContain(`<Message>The action ${Action} is not valid for this endpoint.</Message>`);
  }
  const url = await get(world, one, { Action: "GetQueueUrl", QueueName: "two" });
  expect(url.text).toContain(`<QueueUrl>${two}</QueueUrl>`);
  expect(await get(world, ROOT, { Action: "ListQueues" })).toMatchObject({ status: 200 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_get_without_query_returns_unknown_operation, test_get_without_query_json_format_returns_returns_xml, run against AWS)
test("a request that names no action is answered in XML, whatever it accepts", async () => {
  const world = await queueWorld();
  const queue = await world.create("one");
  for (const headers of [{}, { accept: "application/json" }]) {
    const { status, text } = await get(world, queue, {}, headers);
    expect(status).toBe(404);
    expect(text).toContain("<UnknownOperationException");
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_non_existent_queue, test_send_empty_message)
test("errors of Query have a detail, and words of their own for a queue that is not there", async () => {
  const world = await queueWorld();
  const queue = await world.create("one");
  const gone = await get(world, `${ROOT}000000000000/gone`, { Action: "GetQueueAttributes" });
  expect(gone).toMatchObject({ status: 400, type: "text/xml" });
  expect(gone.text).toContain(
    "<Code>AWS.SimpleQueueService.NonExistentQueue</Code>" +
      "<Message>The specified queue does not exist for this wsdl version.</Message><Detail/></Error>",
  );
  const missing = await get(world, queue, { Action: "SendMessage" });
  expect(missing.text).toContain(
    "<Code>MissingParameter</Code><Message>The request must contain the parameter MessageBody.</Message><Detail/>",
  );
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_send_message_batch_with_empty_list, run against AWS)
  const none = await get(world, queue, { Action: "SendMessageBatch", Entries: "" });
  expect(none.text).toContain("<Code>AWS.SimpleQueueService.EmptyBatchRequest</Code>");
});

// Source: https://github.com/JuliaCloud/AWS.jl/pull/127 (recorded answers), https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.py (test_marker_serialization_json_protocol, test_get_queue_attributes_json_format, test_get_list_queues_fails_json_format, run against AWS)
test("answers of Query come as JSON where they are asked for so", async () => {
  const world = await queueWorld();
  const queue = await world.create("one");
  await world.send(queue, '{"a": "b\r"}');
  const json = { accept: "application/json" };
  const received = await get(world, queue, { Action: "ReceiveMessage", VisibilityTimeout: "0" }, json);
  expect(received).toMatchObject({ status: 200, type: "application/json" });
  const { ReceiveMessageResponse: response } = JSON.parse(received.text);
  expect(response).toMatchObject({
    ReceiveMessageResult: { messages: [{ Body: '{"a": "b\r"}', Attributes: null }] },
    ResponseMetadata: { RequestId: expect.any(String) },
  });
  const listed = await get(world, ROOT, { Action: "ListQueues", ContentType: "JSON" });
  expect(JSON.parse(listed.text).ListQueuesResponse.ListQueuesResult).toEqual({ NextToken: null, queueUrls: [queue] });
  const attributes = await get(world, queue, { Action: "GetQueueAttributes", "AttributeName.1": "DelaySeconds" }, json);
  expect(JSON.parse(attributes.text).GetQueueAttributesResponse.GetQueueAttributesResult).toEqual({
    Attributes: [{ Name: "DelaySeconds", Value: "0" }],
  });
  const refused = await get(world, queue, { Action: "ListQueues" }, json);
  expect(JSON.parse(refused.text)).toMatchObject({
    Error: { Code: "InvalidAction", Message: "The action ListQueues is not valid for this endpoint.", Type: "Sender" },
  });
});
