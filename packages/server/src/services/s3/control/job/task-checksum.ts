/**
 * Measuring an object anew, for the job's report alone.
 * Differs: what is in an archive has to be restored first; S3 measures it where it lies.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-compute-checksums.html
 */
import { createHash } from "node:crypto";
import type { S3ComputeObjectChecksumOperation } from "@aws-sdk/client-s3-control";
import { parseChecksumAlgorithm, startChecksum, type Checksum } from "../../../../kernel/checksum.ts";
import type { Validated } from "../../../../service/sdk.ts";
import { USUAL_ALGORITHM } from "../../checksum.ts";
import type { S3Sdk } from "../../kit.ts";
import { badJob, operationNotBuilt } from "../errors.ts";
import type { Hand } from "./queue.ts";
import type { Task } from "./row.ts";

type Asked = S3ComputeObjectChecksumOperation;

/** These objects have no such checksum, but may be measured by it. */
const DIGESTS = ["MD5", "SHA512"];

/** @throws {AwsError} `BadRequestException`; `NotImplemented` for an algorithm that there is not here. */
export function requireMeasurable({ ChecksumAlgorithm = USUAL_ALGORITHM, ChecksumType }: Validated<Asked>): void {
  if (parseChecksumAlgorithm(ChecksumAlgorithm) === undefined && !DIGESTS.includes(ChecksumAlgorithm)) {
    throw operationNotBuilt(ChecksumAlgorithm);
  }
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

async function start(algorithm: string): Promise<Checksum> {
  const known = parseChecksumAlgorithm(algorithm);
  if (known !== undefined) return startChecksum(known);
  const sum = createHash(algorithm);
  return { update: (bytes) => void sum.update(bytes), digest: () => sum.digest("base64") };
}
