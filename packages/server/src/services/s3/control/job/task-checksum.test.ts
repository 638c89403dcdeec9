import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  UploadPartCommand,
  type CompletedPart,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { jobWorld, reportTo } from "../../../../../test/batch-jobs.ts";

const lineOf = (text: string | undefined) => {
  const [, quoted = ""] = /,succeeded,200,,"(.*)"$/.exec(text?.trim() ?? "") ?? [];
  const said: unknown = JSON.parse(quoted.replaceAll('""', '"'));
  return said;
};

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html
test("objects are measured, whole and by their parts, for the report", async () => {
  const { s3, cloud, bucket: Bucket, put, create, describe: shown } = await jobWorld();
  const sums = async (Key: string, asked: object) => {
    const Operation = { S3ComputeObjectChecksum: asked };
    const JobId = await create(`${Bucket},${Key}\n`, { Operation, ...reportTo(Bucket) });
    await cloud.clock.advance(1);
    expect((await shown(JobId))?.ProgressSummary).toMatchObject({ NumberOfTasksSucceeded: 1 });
    const Prefix = `reports/job-${JobId}/results/`;
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
    const report = await s3.send(new GetObjectCommand({ Bucket, Key: Contents[0]?.Key }));
    return lineOf(await report.Body?.transformToString());
  };
  // the check value of CRC-32, and one of RFC 1321
  await put("k", "123456789");
  await put("abc", "abc");
  expect(await sums("k", { ChecksumAlgorithm: "CRC32" })).toEqual({
    checksum_base64: Buffer.from("cbf43926", "hex").toString("base64"),
    etag: expect.stringMatching(/^[0-9a-f]{32}$/),
    checksumAlgorithm: "CRC32",
    checksumType: "FULL_OBJECT",
    checksum_hex: "CBF43926",
  });
  expect(await sums("abc", { ChecksumAlgorithm: "MD5" })).toMatchObject({
    checksum_hex: "900150983CD24FB0D6963F7D28E17F72",
  });
  // worked out with xxhsum
  expect(await sums("abc", { ChecksumAlgorithm: "XXHASH64" })).toMatchObject({ checksum_hex: "44BC2CF5AD770999" });
  const { UploadId } = await s3.send(
    new CreateMultipartUploadCommand({ Bucket, Key: "parts", ChecksumAlgorithm: "SHA256" }),
  );
  const Parts: CompletedPart[] = [];
  for (const [at, Body] of [Buffer.alloc(5 * 1024 * 1024, "a"), Buffer.from("end")].entries()) {
    const part = { Bucket, Key: "parts", UploadId, PartNumber: at + 1 };
    const { ETag, ChecksumSHA256 } = await s3.send(
      new UploadPartCommand({ ...part, Body, ChecksumAlgorithm: "SHA256" }),
    );
    Parts.push({ PartNumber: part.PartNumber, ETag, ChecksumSHA256 });
  }
  const completed = await s3.send(
    new CompleteMultipartUploadCommand({ Bucket, Key: "parts", UploadId, MultipartUpload: { Parts } }),
  );
  expect(await sums("parts", { ChecksumAlgorithm: "SHA256", ChecksumType: "COMPOSITE" })).toMatchObject({
    checksum_base64: completed.ChecksumSHA256,
    checksumType: "COMPOSITE",
  });
});

test("objects are not measured by CRC64NVME by parts", async () => {
  const { bucket, create } = await jobWorld();
  const S3ComputeObjectChecksum = { ChecksumAlgorithm: "CRC64NVME", ChecksumType: "COMPOSITE" } as const;
  await expect(create(`${bucket},k\n`, { Operation: { S3ComputeObjectChecksum } })).rejects.toMatchObject({
    name: "BadRequestException",
  });
});
