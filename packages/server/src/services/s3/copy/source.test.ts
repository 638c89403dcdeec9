import { expect, test } from "vitest";
import { parseCopySource } from "./source.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)
test.each([
  ["b/k", { Bucket: "b", Key: "k" }],
  ["/b/a/b c", { Bucket: "b", Key: "a/b c" }],
  ["b/a%2Fb%20c%3F", { Bucket: "b", Key: "a/b c?" }],
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (seen on AWS: test_copy_object_special_character_plus_for_space)
  ["b%2Fa+b%2B", { Bucket: "b", Key: "a b+" }],
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.py (test_response_structure, run against AWS)
  ["https://s3.amazonaws.com/b/k", { Bucket: "b", Key: "k" }],
  ["b/%E3%81%82//..", { Bucket: "b", Key: "あ//.." }],
  ["b/k?versionId=null", { Bucket: "b", Key: "k", VersionId: "null" }],
])("%s names an object", (header, source) => expect(parseCopySource(header)).toEqual(source));

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_s3_copy_object_wrong_format, recorded)
test.each(["b", "/b", "b/", ""])("`%s` names none", (header) =>
  expect(() => parseCopySource(header)).toThrow(
    expect.objectContaining({
      code: "InvalidArgument",
      fields: { ArgumentName: "x-amz-copy-source", ArgumentValue: "x-amz-copy-source" },
    }),
  ),
);
