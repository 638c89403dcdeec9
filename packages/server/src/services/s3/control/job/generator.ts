/**
 * Lists that S3 makes itself of what a bucket has.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_S3JobManifestGenerator.html
 */
import { formatCsvLine } from "../../../../kernel/csv.ts";
import { createHash } from "node:crypto";
import type { _Object as ListedObject } from "@aws-sdk/client-s3";
import type { S3GeneratedManifestDescriptor, S3ManifestOutputLocation } from "@aws-sdk/client-s3-control";
import type { S3Sdk } from "../../kit.ts";
import { badManifest } from "../errors.ts";
import { chooseEncrypted } from "./encryption-filter.ts";
import type { Hand } from "./queue.ts";
import { isAboutReplication, listForReplication } from "./replication-list.ts";
import { bucketOf, orderOf, type Job, type Order, type Task } from "./row.ts";

type Generator = NonNullable<NonNullable<Order["generator"]>["S3JobManifestGenerator"]>;
type Filter = NonNullable<Generator["Filter"]>;

export async function generateTasks(job: Job, hand: Hand) {
  const generator = orderOf(job).generator?.S3JobManifestGenerator;
  if (generator === undefined) throw badManifest("the generator of the manifest is missing");
  const { Filter: filter = {}, SourceBucket } = generator;
  const listed = isAboutReplication(filter)
    ? await listForReplication(bucketOf(SourceBucket), { filter, fits: (object) => fits(object, filter) }, hand)
    : await listTasks(bucketOf(SourceBucket), generator, hand);
  const { MatchAnyObjectEncryption: encryptions } = filter;
  const tasks = encryptions?.length ? await chooseEncrypted(listed, encryptions, hand) : listed;
  const { EnableManifestOutput, ManifestOutputLocation: output } = generator;
  return EnableManifestOutput && output
    ? { tasks, generated: await keepList(tasks, { output, job }, hand) }
    : { tasks };
}

/** Writes the list to where its readers find it. */
async function keepList(
  tasks: readonly Task[],
  { output, job }: { readonly output: S3ManifestOutputLocation; readonly job: Job },
  { context, session }: Hand,
): Promise<S3GeneratedManifestDescriptor> {
  const text = tasks
    .map(({ bucket, key, versionId }) =>
      formatCsvLine([bucket, encodeURIComponent(key), ...(versionId === undefined ? [] : [versionId])]),
    )
    .join("");
  const name = createHash("sha1").update(text).digest("hex");
  const prefix = output.ManifestPrefix === undefined ? "" : `${output.ManifestPrefix}/`;
  const Key = `${prefix}job-${job.id}/manifest/${name}.csv`;
  const { ExpectedManifestBucketOwner: owner } = output;
  const { ETag = "" } = await context.call<S3Sdk, "PutObject">({
    service: "s3",
    operation: "PutObject",
    input: {
      Bucket: bucketOf(output.Bucket),
      Key,
      ...(owner !== undefined && { ExpectedBucketOwner: owner }),
      ...encryptionOf(output),
    },
    body: Buffer.from(text),
    as: session,
  });
  const Location = { ObjectArn: `${output.Bucket}/${Key}`, ETag: ETag.replaceAll('"', "") };
  return { Format: "S3InventoryReport_CSV_20211130", Location };
}

/** What the list is encrypted with; as the bucket says where nothing is asked for. */
function encryptionOf({ ManifestEncryption: { SSEKMS, SSES3 } = {} }: S3ManifestOutputLocation) {
  if (SSEKMS?.KeyId !== undefined) return { ServerSideEncryption: "aws:kms" as const, SSEKMSKeyId: SSEKMS.KeyId };
  return SSES3 === undefined ? {} : { ServerSideEncryption: "AES256" as const };
}

async function listTasks(
  bucket: string,
  { Filter: filter = {}, ExpectedBucketOwner }: Generator,
  { context, session }: Hand,
): Promise<readonly Task[]> {
  const tasks: Task[] = [];
  for (let token: string | undefined; ;) {
    const { Contents = [], NextContinuationToken } = await context.call<S3Sdk, "ListObjectsV2">({
      service: "s3",
      operation: "ListObjectsV2",
      input: {
        Bucket: bucket,
        ...(token !== undefined && { ContinuationToken: token }),
        ...(ExpectedBucketOwner !== undefined && { ExpectedBucketOwner }),
      },
      as: session,
    });
    const fitting = Contents.filter((object) => fits(object, filter));
    tasks.push(...fitting.map(({ Key = "" }) => ({ bucket, key: Key })));
    if (NextContinuationToken === undefined) return tasks;
    token = NextContinuationToken;
  }
}

type Test = (object: ListedObject, filter: Filter) => boolean;

const modifiedAtMs = ({ LastModified }: ListedObject): number => LastModified?.getTime() ?? 0;

/** What the filter does not say leaves everything. */
const TESTS: readonly Test[] = [
  (object, { CreatedAfter }) => CreatedAfter === undefined || modifiedAtMs(object) > CreatedAfter.getTime(),
  (object, { CreatedBefore }) => CreatedBefore === undefined || modifiedAtMs(object) < CreatedBefore.getTime(),
  ({ Size = 0 }, { ObjectSizeGreaterThanBytes: min }) => min === undefined || Size > min,
  ({ Size = 0 }, { ObjectSizeLessThanBytes: max }) => max === undefined || Size < max,
  ({ StorageClass }, { MatchAnyStorageClass: any }) => !any?.length || any.some((each) => each === StorageClass),
  ({ Key = "" }, { KeyNameConstraint: names }) => hasAny(names?.MatchAnyPrefix, (prefix) => Key.startsWith(prefix)),
  ({ Key = "" }, { KeyNameConstraint: names }) => hasAny(names?.MatchAnySuffix, (suffix) => Key.endsWith(suffix)),
  ({ Key = "" }, { KeyNameConstraint: names }) => hasAny(names?.MatchAnySubstring, (part) => Key.includes(part)),
];

const hasAny = (parts: readonly string[] | undefined, test: (part: string) => boolean): boolean =>
  !parts?.length || parts.some(test);

const fits: Test = (object, filter) => TESTS.every((test) => test(object, filter));
