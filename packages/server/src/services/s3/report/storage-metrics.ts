/**
 * How much a bucket holds, as CloudWatch is told once a day.
 * Differs: measured when somebody looks for the first time on a day, and not of buckets of more than 200,000 versions.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html (storage metrics)
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { FindGauge } from "../../../service/measure.ts";
import { buckets } from "../bucket/row.ts";
import { objects } from "../object/object.ts";
import { storageClassOf, type StorageClass } from "../storage-class/storage-class.ts";
import { isMarker, versions, type StoredVersion } from "../version/row.ts";

const VERSIONS_MAX = 200_000;

/** What CloudWatch calls storage classes. */
const STORAGE_TYPES: Readonly<Record<string, StorageClass>> = {
  StandardStorage: "STANDARD",
  ReducedRedundancyStorage: "REDUCED_REDUNDANCY",
  StandardIAStorage: "STANDARD_IA",
  IntelligentTieringFAStorage: "INTELLIGENT_TIERING",
  OneZoneIAStorage: "ONEZONE_IA",
  GlacierInstantRetrievalStorage: "GLACIER_IR",
  GlacierStorage: "GLACIER",
  DeepArchiveStorage: "DEEP_ARCHIVE",
};

export const gauge: FindGauge = ({ name, dimensions }, context) => {
  const { BucketName = "", StorageType = "", ...others } = dimensions;
  if (Object.keys(others).length > 0) return undefined;
  const storageClass = findOwn(STORAGE_TYPES, StorageType);
  if (name === "NumberOfObjects" && StorageType === "AllStorageTypes") {
    return { unit: "Count", everyMs: DAY_MS, read: () => sumOf(BucketName, () => 1, context) };
  }
  if (name !== "BucketSizeBytes" || storageClass === undefined) return undefined;
  const sizeOf = (version: StoredVersion): number =>
    !isMarker(version) && storageClassOf(version) === storageClass ? version.size : 0;
  return { unit: "Bytes", everyMs: DAY_MS, read: () => sumOf(BucketName, sizeOf, context) };
};

/** Over all versions of all objects, delete markers included. */
async function sumOf(
  bucket: string,
  measure: (version: StoredVersion) => number,
  { tx, account, region }: Context,
): Promise<number | undefined> {
  const row = await tx.get(buckets, bucket);
  if (row?.owner !== account || row.region !== region) return undefined;
  let [sum, seen] = [0, 0];
  for await (const version of versionsOf(bucket, tx)) {
    if (++seen > VERSIONS_MAX) return undefined;
    sum += measure(version);
  }
  return sum;
}

async function* versionsOf(bucket: string, tx: Transaction): AsyncGenerator<StoredVersion> {
  yield* everyRow(tx, objects, { prefix: [bucket] });
  yield* everyRow(tx, versions, { prefix: [bucket] });
}
