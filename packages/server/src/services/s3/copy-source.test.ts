import { expect, test } from "vitest";
import { parseCopySource } from "./copy-source.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html (x-amz-copy-source)
test.each([
  ["b/k", { Bucket: "b", Key: "k" }],
  ["/b/a/b c", { Bucket: "b", Key: "a/b c" }],
  ["b/a%2Fb%20c%3F", { Bucket: "b", Key: "a/b c?" }],
  ["b/a+b", { Bucket: "b", Key: "a+b" }],
  ["b/%E3%81%82//..", { Bucket: "b", Key: "あ//.." }],
  ["b/k?versionId=null", { Bucket: "b", Key: "k", VersionId: "null" }],
])("%s names an object", (header, source) => expect(parseCopySource(header)).toEqual(source));

test.each(["b", "/b", "b/", "b/%zz", ""])("`%s` names none", (header) =>
  expect(() => parseCopySource(header)).toThrow(expect.objectContaining({ code: "InvalidArgument" })),
);
