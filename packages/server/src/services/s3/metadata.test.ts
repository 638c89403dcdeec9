import { expect, test } from "vitest";
import { formatMetadata, toMetadata } from "./metadata.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html
test("user metadata holds two kilobytes of names and values", () => {
  expect(() => toMetadata({ Metadata: { a: "x".repeat(2047) } })).not.toThrow();
  expect(() => toMetadata({ Metadata: { a: "x".repeat(2048) } })).toThrow(
    expect.objectContaining({ code: "MetadataTooLarge", fields: { Size: "2049", MaxSizeAllowed: "2048" } }),
  );
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata (RFC 2047)
test("what is not ASCII comes back as an encoded word, however it was sent", () => {
  for (const sent of ["雲箱", "=?UTF-8?B?6Zuy566x?=", "=?utf-8?Q?=E9=9B=B2=E7=AE=B1?="]) {
    const stored = toMetadata({ Metadata: { Name: sent } });
    expect(stored.userMetadata).toEqual({ name: "雲箱" });
    expect(formatMetadata(stored).Metadata).toEqual({ name: "=?UTF-8?B?6Zuy566x?=" });
  }
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_user_metadata_rfc2047_encoded, recorded)
test.each([
  ["test_—_file%E2%80%94_é_2?.pdf", "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?="],
  ["ÄMÄZÕÑ S3", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="],
  ["\u0000\u0001\u0002\u0003", "=?UTF-8?B?AAECAw==?="],
  ["\uFFFD\uFFFD", "=?UTF-8?B?77+977+9?="],
  ["=?UTF-8?Q?actually-ascii?=", "actually-ascii"],
  ["=?UTF-8?B?YWJj?=", "abc"],
  ["=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?=", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="],
])("%j comes back as %s", (sent, back) => {
  expect(formatMetadata(toMetadata({ Metadata: { a: sent } })).Metadata).toEqual({ a: back });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
test("the encoding of the upload is not that of the object", () => {
  expect(toMetadata({ ContentEncoding: "aws-chunked" }).headers.contentEncoding).toBeUndefined();
  expect(toMetadata({ ContentEncoding: "gzip,aws-chunked" }).headers.contentEncoding).toBe("gzip");
});
