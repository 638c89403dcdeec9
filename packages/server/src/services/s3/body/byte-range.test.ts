import { expect, test } from "vitest";
import { parseCopyRange, parseRange } from "./byte-range.ts";

// Source: https://www.rfc-editor.org/rfc/rfc9110#name-byte-ranges
test.each([
  ["bytes=0-9", { start: 0, end: 9 }],
  ["bytes=90-", { start: 90, end: 99 }],
  ["bytes=-10", { start: 90, end: 99 }],
  ["bytes=-200", { start: 0, end: 99 }],
  ["bytes=50-200", { start: 50, end: 99 }],
  ["bytes=99-99", { start: 99, end: 99 }],
])("%s of 100 bytes is a range", (header, range) => expect(parseRange(header, 100)).toEqual(range));

// Source: https://www.rfc-editor.org/rfc/rfc9110#name-range (a recipient may ignore it); several ranges: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
test.each([undefined, "bytes=", "bytes=-", "bytes=5-4", "bytes=0-1,3-4", "lines=0-1", "bytes=a-b"])(
  "%s means the whole body",
  (header) => expect(parseRange(header, 100)).toBeUndefined(),
);

test.each([
  ["bytes=100-", 100],
  ["bytes=-0", 100],
  ["bytes=0-", 0],
])("%s of %i bytes cannot be satisfied", (header, size) =>
  expect(() => parseRange(header, size)).toThrow(expect.objectContaining({ code: "InvalidRange" })),
);

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html
test("a part is copied from a range inside its source", () => {
  expect(parseCopyRange("bytes=0-99", 100)).toEqual({ start: 0, end: 99 });
  for (const header of ["bytes=0-100", "bytes=0-", "bytes=-5", "0-5"]) {
    expect(() => parseCopyRange(header, 100)).toThrow(expect.objectContaining({ code: "InvalidArgument" }));
  }
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_api.snapshot.json (test_upload_part_copy_range)
  expect(() => parseCopyRange("bytes=100-200", 100)).toThrow(
    expect.objectContaining({
      code: "InvalidRequest",
      message: "The specified copy range is invalid for the source object size",
    }),
  );
});
