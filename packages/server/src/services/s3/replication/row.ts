/** How a bucket is replicated, and what is still to be done of it. */
import type { ReplicationRule } from "@aws-sdk/client-s3";
import { table } from "../../../kernel/table.ts";

export interface Replication {
  readonly bucket: string;
  /** Of the role that S3 assumes. */
  readonly role: string;
  readonly rules: readonly ReplicationRule[];
}

export const replications = table<Replication>("s3.replication", "global", ({ bucket }) => [bucket]);

/** A version, or what is said of one, that is on its way to where rules want it. */
export interface ReplicationTask {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** `said`: tags, lists and locks of an object that may be there already. */
  readonly what: "object" | "said" | "marker";
  /** When the change was made; epoch milliseconds. */
  readonly requestedAtMs: number;
}

export const replicationTasks = table<ReplicationTask>("s3.replication-task", "global", ({ id }) => [id]);
