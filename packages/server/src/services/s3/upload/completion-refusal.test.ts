import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
  type CreateMultipartUploadCommandInput,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { pathStyle, refusal, s3World, withHeaders } from "../../../../test/s3-world.ts";

/** An upload with one part, and how it is completed. */
async function uploading(chosen: Partial<CreateMultipartUploadCommandInput> = {}) {
  const world = await s3World();
  const s3 = pathStyle(world.cloud, undefined, { requestChecksumCalculation: "WHEN_REQUIRED" });
  const at = { Bucket: world.bucket, Key: "big" };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ ...at, ...chosen }));
  const upload = { ...at, UploadId };
  const { ChecksumAlgorithm } = chosen;
  const part = new UploadPartCommand({ ...upload, PartNumber: 1, Body: "all of it", ChecksumAlgorithm });
  const { ETag, ChecksumCRC32 } = await s3.send(part);
  const entry = { PartNumber: 1, ETag, ChecksumCRC32 };
  const complete = (changed: object = {}, more: object = {}, client = s3) =>
    client.send(
      new CompleteMultipartUploadCommand({
        ...upload,
        MultipartUpload: { Parts: [{ ...entry, ...changed }] },
        ...more,
      }),
    );
  return { ...world, s3, upload, complete };
}

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3)
test("a part is named with its number, and with one checksum that can be one", async () => {
  const { complete } = await uploading({ ChecksumAlgorithm: "CRC32" });
  expect(await refusal(complete({ PartNumber: undefined }))).toMatchObject({ code: "MalformedXML", status: 400 });
  const words = "Invalid Base64 or multiple checksums present in request";
  expect(await refusal(complete({ ChecksumCRC32: "no sum" }))).toMatchObject({
    code: "InvalidArgument",
    message: words,
    error: { ArgumentName: "Checksum", ArgumentValue: "no sum" },
  });
  const both = { ChecksumCRC32: "sGc9Hg==", ChecksumSHA1: "Kq5sNclPz7QV2+lfQIuc6R7oRu0=" };
  expect(await refusal(complete(both))).toMatchObject({
    message: words,
    error: { ArgumentValue: `CRC32:${both.ChecksumCRC32};SHA1:${both.ChecksumSHA1};` },
  });
  await complete();
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3)
test("the whole has one checksum, with nothing behind it but the number of parts", async () => {
  const { complete } = await uploading({ ChecksumAlgorithm: "CRC32" });
  const several = { ChecksumCRC32: "sGc9Hg==", ChecksumCRC32C: "/2NsFg==" };
  expect(await refusal(complete({}, several))).toMatchObject({
    code: "InvalidRequest",
    message: "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
  });
  for (const ChecksumCRC32 of ["ImIEBA==-some", "ImIEBA==-1-2", "ImIEBA==--1"]) {
    expect(await refusal(complete({}, { ChecksumCRC32 }))).toMatchObject({
      code: "InvalidRequest",
      message: "Value for x-amz-checksum-crc32 header is invalid.",
    });
  }
  expect(await refusal(complete({}, { ChecksumCRC32: "ImIEBA==-1" }))).toMatchObject({ code: "BadDigest" });
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/CreateMultipartUpload.go (seen on S3)
test("types of checksums are words in any case, and no others", async () => {
  const invalid = { code: "InvalidRequest", message: "Value for x-amz-checksum-type header is invalid." };
  const { s3, upload, cloud, complete } = await uploading({ ChecksumAlgorithm: "CRC32" });
  const typed = withHeaders(cloud, { "x-amz-checksum-type": "full_Object", "x-amz-checksum-algorithm": "crc32" });
  const { Bucket, Key } = upload;
  const begun = await typed.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  expect(begun).toMatchObject({ ChecksumType: "FULL_OBJECT", ChecksumAlgorithm: "CRC32" });
  const wrong = withHeaders(cloud, { "x-amz-checksum-type": "half" });
  expect(await refusal(wrong.send(new CreateMultipartUploadCommand({ Bucket, Key })))).toMatchObject(invalid);
  expect(await refusal(complete({}, {}, wrong))).toMatchObject(invalid);
  await complete({}, {}, withHeaders(cloud, { "x-amz-checksum-type": "composite" }));
  await s3.send(new HeadObjectCommand({ Bucket, Key }));
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/CompleteMultipartUpload.go (seen on S3)
test("a size below zero is told from one that is no number", async () => {
  const { cloud, complete } = await uploading();
  const sized = (size: string) => complete({}, {}, withHeaders(cloud, { "x-amz-mp-object-size": size }));
  expect(await refusal(sized("-1"))).toMatchObject({
    message: "Value for x-amz-mp-object-size header is less than zero: '-1'",
  });
  expect(await refusal(sized("-x"))).toMatchObject({
    message: "Value for x-amz-mp-object-size header is invalid: '-x'",
  });
});

// Source: https://github.com/adobe/S3Mock/blob/main/integration-tests/src/test/kotlin/com/adobe/testing/s3mock/its/MultipartIT.kt (seen on S3)
test("an upload that is completed again is told without the type of its checksum", async () => {
  const { complete } = await uploading();
  const { ETag, ChecksumType } = await complete();
  expect(ChecksumType).toBe("FULL_OBJECT");
  const again = await complete();
  expect(again).toMatchObject({ ETag });
  expect(again.ChecksumType).toBeUndefined();
});

// Source: https://github.com/versity/versitygw/blob/main/tests/integration/UploadPartCopy.go (seen on S3)
test("a number that no part can have is refused before anything is looked for", async () => {
  const { s3, upload } = await uploading();
  const impossible = {
    code: "InvalidArgument",
    message: "Part number must be an integer between 1 and 10000, inclusive",
  };
  const { Bucket } = upload;
  const copy = new UploadPartCopyCommand({ ...upload, PartNumber: -10, CopySource: "nobodys-bucket/key" });
  expect(await refusal(s3.send(copy))).toMatchObject(impossible);
  expect(await refusal(s3.send(new GetObjectCommand({ Bucket, Key: "none", PartNumber: -3 })))).toMatchObject(
    impossible,
  );
  expect(await refusal(s3.send(new HeadObjectCommand({ Bucket, Key: "none", PartNumber: -3 })))).toMatchObject({
    status: 400,
  });
});
