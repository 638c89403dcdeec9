import { expect, test } from "vitest";
import { toMetadata } from "./metadata.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
test("user metadata holds two kilobytes of names and values", () => {
  expect(() => toMetadata({ Metadata: { a: "x".repeat(2047) } })).not.toThrow();
  expect(() => toMetadata({ Metadata: { a: "x".repeat(2048) } })).toThrow(
    expect.objectContaining({ code: "MetadataTooLarge", fields: { Size: "2049", MaxSizeAllowed: "2048" } }),
  );
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
test("the encoding of the upload is not that of the object", () => {
  expect(toMetadata({ ContentEncoding: "aws-chunked" }).headers.contentEncoding).toBeUndefined();
  expect(toMetadata({ ContentEncoding: "gzip,aws-chunked" }).headers.contentEncoding).toBe("gzip");
});
