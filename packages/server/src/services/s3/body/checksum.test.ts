import { expect, test } from "vitest";
import { claimedChecksum } from "./checksum.ts";

// Source: https://github.com/versity/versitygw/issues/1161 (AWS's answer)
test("a trailer that is no checksum of S3's is refused", () => {
  expect(() => claimedChecksum({}, { "x-amz-trailer": "x-amz-checksum-sha10" })).toThrow(
    expect.objectContaining({
      code: "InvalidRequest",
      message: "The value specified in the x-amz-trailer header is not supported",
    }),
  );
  expect(claimedChecksum({}, { "x-amz-trailer": "x-amz-checksum-sha1" })).toEqual({
    algorithm: "SHA1",
    value: undefined,
  });
});

const refused = (message: string) => expect.objectContaining({ code: "InvalidRequest", message });

// Source: https://github.com/openstack/swift/blob/master/test/s3api/test_input_errors.py (run against S3)
test("a checksum is claimed once: in a header or as one trailer", () => {
  const stated = { ChecksumCRC32: "NhCmhg==" };
  expect(() => claimedChecksum(stated, { "x-amz-trailer": "x-amz-checksum-crc32" })).toThrow(
    refused("Expecting a single x-amz-checksum- header"),
  );
  expect(() => claimedChecksum(stated, { "x-amz-trailer": "x-amz-checksum-crc32, x-amz-checksum-crc32c" })).toThrow(
    refused("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."),
  );
});
