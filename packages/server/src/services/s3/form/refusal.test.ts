import { expect, test } from "vitest";
import { multipart, uploads } from "../../../../test/browser-forms.ts";

// Source of all answers, unless told: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (TestS3PresignedPost, run against AWS, and its snapshot)

test("a policy ends", async () => {
  const { cloud, signed, sendForm } = await uploads();
  const form = multipart(signed({ fields: { key: "cat" } }), "meow", "cat.txt");
  await cloud.clock.advance(3590);
  expect(await sendForm(form)).toMatchObject({ statusCode: 204 });
  await cloud.clock.advance(20);
  expect(await sendForm(form)).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Message>Invalid according to Policy: Policy expired.</Message>"),
  });
});

const future = "2999-01-01T00:00:00Z";

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (PostObject_invalid_policy_document), https://github.com/ceph/s3-tests/blob/master/s3tests/functional/test_s3.py (a range below zero)
test.each([
  ["Expecting '{' but found End-of-Input", ""],
  ["Invalid JSON.", "{"],
  ["Policy missing expiration.", JSON.stringify({ EXPIRATION: future, conditions: [] })],
  ["Invalid JSON.", JSON.stringify({ expiration: true, conditions: [] })],
  ["Invalid 'expiration' value: '2999-01-01'", JSON.stringify({ expiration: "2999-01-01", conditions: [] })],
  ["Policy missing conditions.", JSON.stringify({ expiration: future, CONDITIONS: [] })],
  ["Invalid 'conditions' value: must be a List.", JSON.stringify({ expiration: future, conditions: true })],
  ['Unexpected: "extra"', JSON.stringify({ expiration: future, conditions: [], extra: 1 })],
  ["Invalid condition test: must be a List or Object.", JSON.stringify({ expiration: future, conditions: [true] })],
  ["Invalid Condition: missing operation identifier.", JSON.stringify({ expiration: future, conditions: [[]] })],
  [
    "Invalid Condition: unknown operation 'ends-with'.",
    JSON.stringify({ expiration: future, conditions: [["ends-with", "$key", "a"]] }),
  ],
  [
    "Invalid eq: wrong number of arguments.",
    JSON.stringify({ expiration: future, conditions: [["eq", "$key", "a", "b"]] }),
  ],
  [
    "Invalid content-length-range: wrong number of arguments.",
    JSON.stringify({ expiration: future, conditions: [["content-length-range", 0]] }),
  ],
  ["Invalid JSON.", JSON.stringify({ expiration: future, conditions: [["eq", "$key", true]] })],
  ["Invalid JSON.", JSON.stringify({ expiration: future, conditions: [["content-length-range", -1, 0]] })],
  [
    "Invalid Simple-Condition: value must be a string.",
    JSON.stringify({ expiration: future, conditions: [{ key: true }] }),
  ],
  [
    "Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
    JSON.stringify({ expiration: future, conditions: [{}] }),
  ],
])("%s", async (why, policy) => {
  const { post } = await uploads();
  const message = `<Code>InvalidPolicyDocument</Code><Message>Invalid Policy: ${why.replaceAll('"', "&quot;")}</Message>`;
  expect(await post({ policy })).toMatchObject({ statusCode: 400, text: expect.stringContaining(message) });
});

test("a policy that was changed is not the one that was signed", async () => {
  const { post } = await uploads();
  expect(await post({}, (fields) => ({ ...fields, policy: `${fields["policy"]}x` }))).toMatchObject({
    statusCode: 403,
    text: expect.stringContaining("<Code>SignatureDoesNotMatch</Code>"),
  });
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (PostObject_invalid_algorithm …)
test.each([
  ["x-amz-algorithm", "invalid", "X-Amz-Algorithm", "Only AWS4-HMAC-SHA256 is supported"],
  ["x-amz-date", "invalid_date", "X-Amz-Date", "X-Amz-Date must be formated via ISO8601 Long format"],
  [
    "x-amz-credential",
    "no-slashes",
    "x-amz-credential",
    'the Credential is mal-formed; expecting "&lt;YOUR-AKID&gt;/YYYYMMDD/REGION/SERVICE/aws4_request".',
  ],
  [
    "x-amz-credential",
    "test/20260101/us-east-1/ec2/aws4_request",
    "x-amz-credential",
    'incorrect service "ec2". This endpoint belongs to "s3".',
  ],
])("a form whose %s is %s is refused", async (field, value, name, message) => {
  const { post } = await uploads();
  const refusal = `<Code>InvalidArgument</Code><Message>${message.replaceAll('"', "&quot;")}</Message><ArgumentName>${name}</ArgumentName><ArgumentValue>${value}</ArgumentValue>`;
  expect(await post({}, (fields) => ({ ...fields, [field]: value }))).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(refusal),
  });
});

test("a condition of two properties is told apart", async () => {
  const { post } = await uploads();
  expect(await post({ conditions: [{ a: "b", c: "d" }] })).toMatchObject({
    text: expect.stringContaining(
      "Invalid Policy: Invalid Simple-Condition: Simple-Conditions must have exactly one property specified.",
    ),
  });
});

test.each([
  [4, ["x-amz-signature"], "X-Amz-Signature"],
  [4, ["x-amz-algorithm", "x-amz-credential"], "X-Amz-Algorithm"],
  [4, ["policy"], "Policy"],
  [2, ["signature"], "Signature"],
  [2, ["AWSAccessKeyId"], "AWSAccessKeyId"],
] as const)("a form of version %i without %j lacks %s", async (version, gone, name) => {
  const { post } = await uploads();
  const without = (fields: Record<string, string>) =>
    Object.fromEntries(Object.entries(fields).filter(([field]) => !gone.some((one) => one === field)));
  expect(await post({ version }, without)).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining(
      `<Code>InvalidArgument</Code><Message>Bucket POST must contain a field named '${name}'.  If it is specified, please check the order of the fields.</Message><ArgumentName>${name}</ArgumentName>`,
    ),
  });
});

const refused = (statusCode: number, text: string) => ({ statusCode, text: expect.stringContaining(text) });

test("a form without a key, without a file, or that is no form is refused", async () => {
  const { sendForm } = await uploads();
  expect(await sendForm(multipart({}, "meow", "cat"))).toMatchObject(refused(400, "<ArgumentName>key</ArgumentName>"));
  // Source: https://github.com/jamhall/s3rver/blob/master/test/controllers/object.spec.js (rejects requests with zero-length key)
  expect(await sendForm(multipart({ key: "" }, "meow", "cat"))).toMatchObject(
    refused(400, "<Message>User key must have a length greater than 0.</Message><ArgumentName>key</ArgumentName>"),
  );
  expect(await sendForm(multipart({ key: "cat" }))).toMatchObject(
    refused(400, "<Message>POST requires exactly one file upload per request.</Message>"),
  );
  expect(await sendForm("meow")).toMatchObject(refused(400, "<Code>MalformedPOSTRequest</Code>"));
  // Source: https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (seen on S3)
  for (const type of ["multipart/form-data", "multipart/form-data; charset=utf-8"]) {
    expect(await sendForm("meow", { "content-type": type })).toMatchObject(
      refused(400, "<Code>MalformedPOSTRequest</Code>"),
    );
  }
  expect(await sendForm("meow", { "content-type": "text/html" })).toMatchObject(
    refused(
      412,
      "<Code>PreconditionFailed</Code><Message>At least one of the pre-conditions you specified did not hold</Message><Condition>Bucket POST must be of the enclosure-type multipart/form-data</Condition>",
    ),
  );
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html (20 KB before the file)
  expect(await sendForm(multipart({ key: "cat", "x-amz-meta-a": "b".repeat(21_000) }, "meow"))).toMatchObject(
    refused(400, "<Code>MaxPostPreDataLengthExceeded</Code>"),
  );
});

test("tags that are no XML are refused", async () => {
  const { post } = await uploads();
  expect(await post({ fields: { key: "cat", tagging: "not-xml" } })).toMatchObject({
    statusCode: 400,
    text: expect.stringContaining("<Code>MalformedXML</Code>"),
  });
});
