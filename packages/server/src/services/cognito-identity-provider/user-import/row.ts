/** Jobs that import users from a file, as they are kept. */
import type { PasswordHashingAlgorithmType, UserImportJobType } from "@aws-sdk/client-cognito-identity-provider";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { BlobRef, Context } from "../../../service/context.ts";
import { importInProgress } from "../errors.ts";
import type { Pool } from "../pool/pool-row.ts";

export interface ImportCounts {
  readonly imported: number;
  readonly skipped: number;
  readonly failed: number;
}

/** How far a job has read. */
export interface ImportProgress {
  /** The first byte that was not read yet. */
  readonly offset: number;
  /** What the columns are called; `undefined` until the first line was read. */
  readonly header: readonly string[] | undefined;
  /** How many lines were read, with the header. */
  readonly line: number;
}

export type ImportState =
  | { readonly status: "Created"; readonly file?: BlobRef | undefined }
  | {
      readonly status: "Pending" | "InProgress";
      readonly startedMs: number;
      readonly file: BlobRef;
      readonly progress: ImportProgress;
    }
  | {
      readonly status: "Stopped" | "Failed" | "Succeeded";
      readonly startedMs: number;
      readonly endedMs: number;
      readonly message: string;
    }
  | { readonly status: "Expired" };

export interface ImportJob {
  readonly poolId: string;
  readonly id: string;
  readonly name: string;
  readonly roleArn: string;
  /** What the passwords in the file are hashed with; `undefined`: there are none. */
  readonly algorithm?: PasswordHashingAlgorithmType | undefined;
  readonly createdMs: number;
  readonly counts: ImportCounts;
  readonly state: ImportState;
}

export type RunningImport = ImportJob & { readonly state: Extract<ImportState, { status: "Pending" | "InProgress" }> };

export const importJobs = table<ImportJob>("cognito-idp.import-job", "global", ({ poolId, id }) => [poolId, id]);

/** The one job of an account in a region that runs. */
export const activeImport = table<Pick<ImportJob, "poolId" | "id">>("cognito-idp.active-import", "region", () => []);

export function isRunning(job: ImportJob): job is RunningImport {
  return job.state.status === "Pending" || job.state.status === "InProgress";
}

/** The job that imports the next users, and the one that ends a job nobody has started. */
export const RUN_IMPORT = "run-import";
export const EXPIRE_IMPORT = "expire-import";

export const keyOfImport = ({ poolId, id }: Pick<ImportJob, "poolId" | "id">): string => `${poolId}/${id}`;

/** The one that `keyOfImport` has named, if it is still there. */
export function findImport(key: string, tx: Transaction): Promise<ImportJob | undefined> {
  const [poolId = "", id = ""] = key.split("/");
  return tx.get(importJobs, poolId, id);
}

/** Jobs of a pool that is deleted, and what was uploaded for them. */
export async function clearImports(poolId: string, { tx, blobs }: Pick<Context, "tx" | "blobs">): Promise<void> {
  const all = { prefix: [poolId], limit: Infinity };
  for (const { state } of await tx.scan(importJobs, all)) {
    if ("file" in state && state.file !== undefined) blobs.drop(state.file);
  }
  await tx.clear(importJobs, all);
}

/** @throws {AwsError} `UserImportInProgressException` */
export async function requireNoImport({ id, account, region }: Pool, tx: Transaction): Promise<void> {
  const active = await tx.in({ account, region }).get(activeImport);
  if (active?.poolId === id) throw importInProgress();
}

/** @param preSignedUrl where its file is uploaded to */
export function formatImport(job: ImportJob, preSignedUrl: string): UserImportJobType {
  const { state } = job;
  return {
    JobName: job.name,
    JobId: job.id,
    UserPoolId: job.poolId,
    PreSignedUrl: preSignedUrl,
    CloudWatchLogsRoleArn: job.roleArn,
    CreationDate: new Date(job.createdMs),
    ...(job.algorithm && { PasswordHashingAlgorithm: job.algorithm }),
    Status: state.status,
    ImportedUsers: job.counts.imported,
    SkippedUsers: job.counts.skipped,
    FailedUsers: job.counts.failed,
    ...("startedMs" in state && { StartDate: new Date(state.startedMs) }),
    ...("endedMs" in state && { CompletionDate: new Date(state.endedMs), CompletionMessage: state.message }),
  };
}
