/** The rows of export tasks. */
import type { ExportTaskStatusCode } from "@aws-sdk/client-cloudwatch-logs";
import { table } from "../../../kernel/table.ts";

export interface ExportTask {
  readonly id: string;
  readonly name?: string;
  readonly groupId: string;
  readonly groupName: string;
  readonly streamPrefix?: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly bucket: string;
  readonly prefix: string;
  readonly status: ExportTaskStatusCode;
  readonly message?: string;
  readonly createdAtMs: number;
  readonly endedAtMs?: number;
}

export const exportTasks = table<ExportTask>("cloudwatch-logs.export-task", "region", ({ id }) => [id]);

/** The tasks that are not over: one of an account and region. */
export const openTasks = table<Pick<ExportTask, "id">>("cloudwatch-logs.open-export", "region", ({ id }) => [id]);
