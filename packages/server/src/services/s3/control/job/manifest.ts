/**
 * The lists of objects that jobs go through.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-create-job.html#specify-batchjob-manifest
 */
import { gunzipSync } from "node:zlib";
import type { JobManifest, JobManifestLocation, S3GeneratedManifestDescriptor } from "@aws-sdk/client-s3-control";
import { parseArn } from "../../../../kernel/arn.ts";
import { collectAtMost } from "../../../../kernel/bytes.ts";
import type { S3Sdk } from "../../kit.ts";
import { badManifest, manifestChanged } from "../errors.ts";
import { LIST_BYTES_MAX } from "../limits.ts";
import { parseCsv } from "./csv.ts";
import { generateTasks } from "./generator.ts";
import type { Hand } from "./queue.ts";
import { orderOf, type Job, type Task } from "./row.ts";

interface Listed {
  readonly tasks: readonly Task[];
  readonly generated?: S3GeneratedManifestDescriptor;
}

/** @throws {AwsError} where the list cannot be read by the job's role, is another than was meant, or is none. */
export async function readManifest(job: Job, hand: Hand): Promise<Listed> {
  const { manifest, generator } = orderOf(job);
  if (generator !== undefined) return generateTasks(job, hand);
  if (manifest === undefined) throw badManifest("a manifest or a generator is required");
  return { tasks: await readListed(manifest, hand) };
}

async function readListed({ Location = NOWHERE, Spec }: JobManifest, hand: Hand): Promise<readonly Task[]> {
  const { ObjectArn = "", ObjectVersionId: VersionId, ETag = "" } = Location;
  const place = placeOf(ObjectArn);
  const { bytes, etag } = await readObject({ ...place, VersionId }, hand);
  if (unquoted(etag) !== unquoted(ETag)) throw manifestChanged();
  if (Spec?.Format === "S3InventoryReport_CSV_20161130") return readInventory(bytes, place.Bucket, hand);
  return toTasks(bytes, Spec?.Fields ?? []);
}

const NOWHERE: JobManifestLocation = { ObjectArn: undefined, ETag: undefined };

const unquoted = (etag: string): string => etag.replaceAll('"', "");

function placeOf(objectArn: string): { readonly Bucket: string; readonly Key: string } {
  const [, Bucket = "", Key = ""] = /^([^/]+)\/(.+)$/s.exec(parseArn(objectArn)?.resource ?? "") ?? [];
  if (Bucket === "") throw badManifest("the manifest is named by an object's ARN");
  return { Bucket, Key };
}

interface ObjectPlace {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string | undefined;
}

async function readObject({ Bucket, Key, VersionId }: ObjectPlace, { context, session }: Hand) {
  const { Body, ETag = "" } = await context.call<S3Sdk, "GetObject">({
    service: "s3",
    operation: "GetObject",
    input: { Bucket, Key, ...(VersionId !== undefined && { VersionId }) },
    as: session,
  });
  const bytes = Body ? await collectAtMost(Body, LIST_BYTES_MAX) : new Uint8Array();
  if (bytes === undefined) throw listTooLong();
  return { bytes, etag: ETag };
}

/** The columns that say which object is meant; others are ignored. */
function toTasks(bytes: Uint8Array, columns: readonly string[]): readonly Task[] {
  const at = { bucket: columns.indexOf("Bucket"), key: columns.indexOf("Key"), version: columns.indexOf("VersionId") };
  if (at.bucket < 0 || at.key < 0) throw badManifest("the manifest has no columns for bucket and key");
  return parseCsv(Buffer.from(bytes).toString("utf8")).map((fields) => {
    const bucket = fields[at.bucket] ?? "";
    const key = fields[at.key] ?? "";
    const versionId = at.version < 0 ? "" : (fields[at.version] ?? "");
    if (bucket === "" || key === "") throw badManifest("a line of the manifest has no bucket or no key");
    return { bucket, key: decodeKey(key), ...(versionId !== "" && { versionId }) };
  });
}

function decodeKey(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw badManifest("a key of the manifest is not URL-encoded");
  }
}

/** An inventory's own manifest names the files that the list is in. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory-location.html */
async function readInventory(bytes: Uint8Array, bucket: string, hand: Hand): Promise<readonly Task[]> {
  const { files, fileSchema } = parseInventory(bytes);
  const columns = fileSchema.split(",").map((column) => column.trim());
  const tasks: Task[] = [];
  for (const Key of files) {
    const { bytes: packed } = await readObject({ Bucket: bucket, Key }, hand);
    for (const task of toTasks(unpacked(packed), columns)) tasks.push(task);
  }
  return tasks;
}

function unpacked(packed: Uint8Array): Uint8Array {
  try {
    return gunzipSync(packed, { maxOutputLength: LIST_BYTES_MAX });
  } catch (error) {
    throw isTooLong(error) ? listTooLong() : badManifest("a file of the inventory is not packed with gzip");
  }
}

const isTooLong = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE";

function parseInventory(bytes: Uint8Array): { readonly files: readonly string[]; readonly fileSchema: string } {
  const read: unknown = parseJson(Buffer.from(bytes).toString("utf8"));
  if (typeof read !== "object" || read === null) throw noInventory();
  const files: unknown = "files" in read ? read.files : undefined;
  const fileSchema: unknown = "fileSchema" in read ? read.fileSchema : undefined;
  if (!Array.isArray(files) || typeof fileSchema !== "string") throw noInventory();
  const keys = files.flatMap((file: unknown) =>
    typeof file === "object" && file !== null && "key" in file && typeof file.key === "string" ? [file.key] : [],
  );
  return { files: keys, fileSchema };
}

const listTooLong = () => badManifest("the manifest, or a file that it names, is too long");
const noInventory = () => badManifest("the manifest is no inventory's");

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw noInventory();
  }
}
