/**
 * Batch jobs: one operation done to all objects of a list.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/batch-ops-managing-jobs.html
 */
import type {
  JobManifest,
  JobManifestGenerator,
  JobOperation,
  OperationName as JobOperationName,
  JobReport,
  JobStatus,
  S3GeneratedManifestDescriptor,
} from "@aws-sdk/client-s3-control";
import { parseArn, type AccountId, type Region } from "../../../../kernel/arn.ts";
import { table } from "../../../../kernel/table.ts";
import type { Tags } from "../../../../kernel/tags.ts";
import type { Context } from "../../../../service/context.ts";
import type { Validated } from "../../../../service/sdk.ts";
import type { AccountInput } from "../access.ts";
import { noSuchJob } from "../errors.ts";

/** What a job was made with. */
export interface Order {
  readonly operation: JobOperation;
  readonly manifest?: JobManifest | undefined;
  readonly generator?: JobManifestGenerator | undefined;
  readonly report: JobReport;
}

export interface Job {
  readonly id: string;
  readonly account: AccountId;
  readonly region: Region;
  readonly createdAtMs: number;
  readonly status: JobStatus;
  readonly priority: number;
  readonly confirmationRequired: boolean;
  readonly description: string | undefined;
  /** As `keepOrder` made it. */
  readonly order: string;
  readonly generated?: S3GeneratedManifestDescriptor;
  readonly roleArn: string;
  /** The token that it was made with. Absent where there was none, and in jobs of earlier versions. */
  readonly token?: string | undefined;
  readonly tags: Tags;
  readonly total: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly startedAtMs?: number;
  readonly suspendedAtMs?: number;
  readonly endedAtMs?: number;
  readonly failure?: { readonly code: string; readonly reason: string };
  readonly statusReason?: string;
  /** The tasks that a function is invoked for now, by their number. */
  readonly invoking?: number | undefined;
}

const MARK = "$time";

/** An order as rows have it: JSON, with marks for times. */
export const keepOrder = (order: Validated<Order>): string => JSON.stringify(marked(order));

export function orderOf({ order: kept }: Pick<Job, "order">): Order {
  const order: Order = JSON.parse(kept, (_key, value: unknown) => {
    const isMark = typeof value === "object" && value !== null && MARK in value && typeof value[MARK] === "number";
    return isMark ? new Date(Number(value[MARK])) : value;
  });
  return order;
}

function marked(value: unknown): unknown {
  if (value instanceof Date) return { [MARK]: value.getTime() };
  if (Array.isArray(value)) return value.map(marked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, marked(member)]));
}

export const jobs = table<Job>("s3.batch-job", "region", ({ id }) => [id]);

/** A request that comes again with the same token makes no second job, as long as the first is kept. */
interface JobToken {
  readonly token: string;
  readonly id: string;
  /** What was asked for with it. */
  readonly asked: string;
}

export const jobTokens = table<JobToken>("s3.batch-job-token", "region", ({ token }) => [token]);

/** One object of a job's list. */
export interface Task {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
}

/** What came of it. */
export interface Outcome extends Task {
  readonly status: number;
  readonly error?: string;
  readonly message: string;
}

/** Some of the tasks that are still to be done, in the order of the list. */
export interface TaskBatch {
  readonly job: string;
  readonly number: number;
  readonly tasks: readonly Task[];
}

export const taskBatches = table<TaskBatch>("s3.batch-job-task", "region", ({ job, number }) => [job, number]);

interface OutcomeBatch {
  readonly job: string;
  readonly number: number;
  readonly outcomes: readonly Outcome[];
}

export const outcomeBatches = table<OutcomeBatch>("s3.batch-job-outcome", "region", ({ job, number }) => [job, number]);

export interface JobInput extends AccountInput {
  readonly JobId: string;
}

/** @throws {AwsError} `NoSuchJob` */
export async function requireJob({ JobId }: JobInput, { tx }: Pick<Context, "tx">): Promise<Job> {
  const job = await tx.get(jobs, JobId);
  if (job === undefined) throw noSuchJob();
  return job;
}

const NAMES: readonly JobOperationName[] = [
  "LambdaInvoke",
  "S3PutObjectCopy",
  "S3PutObjectAcl",
  "S3PutObjectTagging",
  "S3DeleteObjectTagging",
  "S3InitiateRestoreObject",
  "S3PutObjectLegalHold",
  "S3PutObjectRetention",
  "S3ReplicateObject",
  "S3ComputeObjectChecksum",
  "S3UpdateObjectEncryption",
];

/** What a job does: the members that its operation has, of which there is to be one. */
export const namesOf = (operation: Validated<JobOperation> | JobOperation): readonly JobOperationName[] =>
  NAMES.filter((name) => operation[name] !== undefined);

export const nameOf = (job: Pick<Job, "order">): JobOperationName | undefined => namesOf(orderOf(job).operation)[0];

/** What an ARN is of, as S3 takes it for a bucket: an access point is named by the ARN itself. */
export function bucketOf(arn: string | undefined): string {
  const { region, resource } = parseArn(arn ?? "") ?? {};
  return region === "" ? (resource ?? "") : (arn ?? "");
}

/** Whether nothing more comes of it. */
export const isOver = ({ status }: Job): boolean =>
  status === "Complete" || status === "Cancelled" || status === "Failed";
