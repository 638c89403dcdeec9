import { HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { HttpRequest } from "@smithy/core/protocols";
import { expect, test } from "vitest";
import { s3World } from "../../../../test/s3-world.ts";
import { decodeWords, encodeWords } from "./encoded-word.ts";

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json (test_user_metadata_rfc2047_encoded, recorded)
test.each([
  ["test_—_file%E2%80%94_é_2?.pdf", "=?UTF-8?Q?test=5F=E2=80=94=5Ffile%E2%80%94=5F=C3=A9=5F2=3F.pdf?="],
  ["ÄMÄZÕÑ S3", "=?UTF-8?Q?=C3=84M=C3=84Z=C3=95=C3=91_S3?="],
  ["\u0000\u0001\u0002\u0003", "=?UTF-8?B?AAECAw==?="],
  ["\uFFFD\uFFFD", "=?UTF-8?B?77+977+9?="],
  ["actually-ascii", "actually-ascii"],
])("%j is written as %s", (value, written) => {
  expect(encodeWords(value)).toBe(written);
  expect(decodeWords(written)).toBe(value);
});

test.each([
  ["=?UTF-8?Q?actually-ascii?=", "actually-ascii"],
  ["=?UTF-8?B?YWJj?=", "abc"],
  ["=?utf-8?Q?=E9=9B=B2=E7=AE=B1?=", "雲箱"],
  ["=?iso-8859-1?q?=E4_b?=", "ä b"],
  // Source: https://www.rfc-editor.org/rfc/rfc2047#section-8
  ["=?ISO-8859-1?Q?a?= b", "a b"],
  ["=?ISO-8859-1?Q?a?=  =?ISO-8859-1?Q?b?=", "ab"],
  ["=?ISO-8859-1?Q?a_b?=", "a b"],
  // Source: https://www.rfc-editor.org/rfc/rfc2047#section-5 (a word begins where its line or a blank ends)
  ["x=?UTF-8?B?YWJj?=", "x=?UTF-8?B?YWJj?="],
])("%s says %j", (written, value) => expect(decodeWords(written)).toBe(value));

// Source: https://www.rfc-editor.org/rfc/rfc2047#section-2 (a word has 75 characters at most)
test("what is too long for one word comes in several", () => {
  for (const value of [
    "“You” just completed it, and that is what this long text is about.",
    "雲箱".repeat(40),
    "😀".repeat(33),
  ]) {
    const words = encodeWords(value).split(" ");
    expect(words.length).toBeGreaterThan(1);
    expect(words.filter((word) => word.length > 75)).toEqual([]);
    expect(decodeWords(words.join(" "))).toBe(value);
  }
});

/** What comes back of a header in whose bytes `value` is written in UTF-8, as clients write and sign it. */
async function sentBack(value: string): Promise<string | undefined> {
  const { s3, bucket: Bucket } = await s3World();
  s3.middlewareStack.add(
    (next) => (call) => {
      if (HttpRequest.isInstance(call.request) && call.request.method === "PUT")
        call.request.headers["x-amz-meta-name"] = Buffer.from(value).toString("latin1");
      return next(call);
    },
    { step: "deserialize" },
  );
  await s3.send(new PutObjectCommand({ Bucket, Key: "k", Metadata: { name: value } }));
  return (await s3.send(new HeadObjectCommand({ Bucket, Key: "k" }))).Metadata?.["name"];
}

test.each([
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata (the example)
  ["ÄMÄZÕÑ S3", "=?UTF-8?B?w4PChE3Dg8KEWsODwpXDg8KRIFMz?="],
  // Source: https://github.com/minio/minio/pull/21282 (seen on S3)
  ["Miniö", "=?UTF-8?Q?Mini=C3=83=C2=B6?="],
  ["ö", "=?UTF-8?B?w4PCtg==?="],
])("of a header that says %s in UTF-8 each byte is taken for a letter", async (value, back) => {
  expect(await sentBack(value)).toBe(back);
});
