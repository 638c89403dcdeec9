import { expect, test } from "vitest";
import { parseFormPolicy } from "./form-policy.ts";

const textsOf = (document: string): readonly string[] =>
  parseFormPolicy(Buffer.from(document).toString("base64")).conditions.map(({ text }) => text);

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (recorded with blanks, as botocore writes them), https://github.com/versity/versitygw/blob/main/tests/integration/PostObject.go (without)
test.each([
  ['{"expiration":"2999-01-01T00:00:00Z","conditions":[["eq","$key","a"]]}', ['["eq","$key","a"]']],
  [
    '{ "conditions" : [ ["eq", "$key", "],["], {"acl":"private"} , ["starts-with", "$a", "\\"[" ] ], "expiration": "2999-01-01T00:00:00.000Z" }',
    ['["eq", "$key", "],["]', '["eq", "$acl", "private"]', '["starts-with", "$a", "\\"[" ]'],
  ],
  [
    '{"expiration": "2999-01-01T00:00:00Z", "conditions": [["content-length-range", 1, 2]]}',
    ['["content-length-range", 1, 2]'],
  ],
  ['{"expiration": "2999-01-01T00:00:00Z", "conditions": []}', []],
])("the conditions of %s are shown as they are written", (document, texts) => {
  expect(textsOf(document)).toEqual(texts);
});
