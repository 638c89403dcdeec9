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
