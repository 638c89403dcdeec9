/**
 * Measuring an object anew, for the job's report alone.
 * Differs: what is in an archive has to be restored first; S3 measures it where it lies.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html
 */
import type { S3ComputeObjectChecksumOperation } from "@aws-sdk/client-s3-control";
import { assert } from "../../../../kernel/assert.ts";
import { parseChecksumAlgorithm, startChecksum, type Checksum } from "../../../../kernel/checksum.ts";
import type { Validated } from "../../../../service/sdk.ts";
import { USUAL_ALGORITHM } from "../../body/checksum.ts";
import type { S3Sdk } from "../../kit.ts";
import { badJob } from "../errors.ts";
import type { Hand } from "./queue.ts";
import type { Task } from "./row.ts";

type Asked = S3ComputeObjectChecksumOperation;

/** @throws {AwsError} `BadRequestException` */
export function requireMeasurable({ ChecksumAlgorithm = USUAL_ALGORITHM, ChecksumType }: Validated<Asked>): void {
  if (ChecksumAlgorithm === "CRC64NVME" && ChecksumType === "COMPOSITE") {
    throw badJob("The COMPOSITE checksum type is not supported with CRC64NVME.");
  }
}

/** What the report says of the object. */
export async function measure(
  task: Task,
  { ChecksumAlgorithm: algorithm = USUAL_ALGORITHM, ChecksumType: type = "FULL_OBJECT" }: Asked,
  hand: Hand,
): Promise<string> {
  const { etag, sum, suffix } =
    type === "COMPOSITE" ? await measureParts(task, algorithm, hand) : await measureWhole(task, algorithm, hand);
  return JSON.stringify({
    checksum_base64: `${sum}${suffix}`,
    etag: etag.replaceAll('"', ""),
    checksumAlgorithm: algorithm,
    checksumType: type,
    checksum_hex: Buffer.from(sum, "base64").toString("hex").toUpperCase(),
  });
}

async function measureWhole(task: Task, algorithm: string, hand: Hand) {
  const { sum, etag } = await read({ task, algorithm }, hand);
  return { sum, etag, suffix: "" };
}

/** The sum over the parts' sums; an object that was put at once is its only part. */
async function measureParts(task: Task, algorithm: string, hand: Hand) {
  const whole = await start(algorithm);
  const first = await read({ task, algorithm, part: 1 }, hand);
  whole.update(Buffer.from(first.sum, "base64"));
  for (let part = 2; part <= first.parts; part++) {
    const { sum } = await read({ task, algorithm, part }, hand);
    whole.update(Buffer.from(sum, "base64"));
  }
  return { sum: whole.digest(), etag: first.etag, suffix: `-${first.parts}` };
}

interface Reading {
  readonly task: Task;
  readonly algorithm: string;
  /** Everything, where it is missing. */
  readonly part?: number;
}

async function read({ task: { bucket, key, versionId }, algorithm, part }: Reading, { context, session }: Hand) {
  const {
    Body,
    ETag = "",
    PartsCount = 1,
  } = await context.call<S3Sdk, "GetObject">({
    service: "s3",
    operation: "GetObject",
    input: {
      Bucket: bucket,
      Key: key,
      ...(versionId !== undefined && { VersionId: versionId }),
      ...(part !== undefined && { PartNumber: part }),
    },
    as: session,
  });
  const sum = await start(algorithm);
  for await (const bytes of Body ?? []) sum.update(bytes);
  return { sum: sum.digest(), etag: ETag, parts: PartsCount };
}

async function start(name: string): Promise<Checksum> {
  const algorithm = parseChecksumAlgorithm(name);
  assert(algorithm, "the model knows no other algorithms");
  return startChecksum(algorithm);
}
