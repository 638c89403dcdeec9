/** The rows of scheduled queries, and of what became of each run. */
import type { ExecutionStatus, ScheduledQueryState } from "@aws-sdk/client-cloudwatch-logs";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Tags } from "../../../kernel/tags.ts";

export interface ScheduledQuery {
  readonly id: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly text: string;
  /** As they were given: names or ARNs. */
  readonly groups: readonly string[];
  readonly expression: string;
  readonly timeZone?: string | undefined;
  /** How far back the query looks. */
  readonly offsetSeconds: number;
  /** How far back from its run what it looks at ends; up to the run where left out. */
  readonly endOffsetSeconds?: number | undefined;
  readonly destination?: QueryDestination | undefined;
  readonly startMs?: number | undefined;
  readonly endMs?: number | undefined;
  readonly role: string;
  readonly state: ScheduledQueryState;
  readonly createdAtMs: number;
  readonly changedAtMs: number;
  readonly tags: Tags;
  readonly last?: Pick<Run, "atMs" | "status">;
}

/** A folder of a bucket. */
export interface QueryDestination {
  /** `s3://bucket/prefix` */
  readonly uri: string;
  readonly role: string;
  readonly owner?: string | undefined;
  readonly kmsKeyId?: string | undefined;
}

export interface Run {
  /** Of the scheduled query. */
  readonly of: string;
  readonly atMs: number;
  readonly queryId?: string | undefined;
  readonly status: ExecutionStatus;
  readonly error?: string | undefined;
  readonly delivered?: Delivered | undefined;
}

/** Where the results went; why they did not, where there is an error. */
export interface Delivered {
  readonly uri: string;
  readonly at?: string | undefined;
  readonly error?: string | undefined;
}

export const scheduledQueries = table<ScheduledQuery>("cloudwatch-logs.scheduled-query", "region", ({ id }) => [id]);
export const scheduledNames = table<Pick<ScheduledQuery, "id" | "name">>(
  "cloudwatch-logs.scheduled-query-name",
  "region",
  ({ name }) => [name],
);
export const runs = table<Run>("cloudwatch-logs.scheduled-query-run", "region", ({ of, atMs }) => [of, atMs]);

/** By its name, or its ARN. */
export async function findScheduled(identifier: string, tx: Transaction): Promise<ScheduledQuery | undefined> {
  const [, ofArn] = /^arn:[^:]+:logs:[^:]*:\d*:scheduled-query:(.+)$/.exec(identifier) ?? [];
  const id = ofArn ?? (await tx.get(scheduledNames, identifier))?.id;
  return id === undefined ? undefined : tx.get(scheduledQueries, id);
}
