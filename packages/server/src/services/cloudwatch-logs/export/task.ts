/**
 * Groups are exported to S3.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateExportTask.html
 */
import type { ExportTask as ShownTask } from "@aws-sdk/client-cloudwatch-logs";
import { page } from "../../../kernel/page.ts";
import { onAccount } from "../account-access.ts";
import { onGroup } from "../access.ts";
import { exportNotFound, exportOver, exportTimes, exportUnderWay, invalidToken } from "../errors.ts";
import { requireOwnGroup } from "../group-row.ts";
import { operation } from "../kit.ts";
import { PAGE_MAX } from "../limits.ts";
import { requireBucket } from "./bucket.ts";
import { exportTasks, openTasks, type ExportTask } from "./task-row.ts";

export const EXPORT = "export";
const USUAL_PREFIX = "exportedlogs";

export const createExportTask = operation("CreateExportTask", {
  authorize: (input, context) => onGroup("CreateExportTask", input, context),

  async handle(input, context) {
    const { tx } = context;
    const { taskName, logGroupName, logStreamNamePrefix, destination: bucket, destinationPrefix } = input;
    if (input.to <= input.from) throw exportTimes();
    const group = await requireOwnGroup(logGroupName, context);
    if ((await tx.scan(openTasks, { limit: 1 })).length > 0) throw exportUnderWay();
    await requireBucket({ bucket, prefix: destinationPrefix }, group, context);
    const task: ExportTask = {
      id: context.newId(),
      ...(taskName !== undefined && { name: taskName }),
      groupId: group.id,
      groupName: group.name,
      ...(logStreamNamePrefix !== undefined && { streamPrefix: logStreamNamePrefix }),
      fromMs: input.from,
      toMs: input.to,
      bucket,
      prefix: destinationPrefix ?? USUAL_PREFIX,
      status: "PENDING",
      createdAtMs: context.now().getTime(),
    };
    tx.put(exportTasks, task);
    tx.put(openTasks, { id: task.id });
    context.at(context.now().getTime(), EXPORT, task.id);
    return { taskId: task.id };
  },
});

export const cancelExportTask = operation("CancelExportTask", {
  authorize: () => onAccount("CancelExportTask"),

  async handle({ taskId }, context) {
    const { tx } = context;
    const task = await tx.get(exportTasks, taskId);
    if (task === undefined) throw exportNotFound();
    if (task.endedAtMs !== undefined) throw exportOver();
    tx.put(exportTasks, { ...task, status: "CANCELLED", endedAtMs: context.now().getTime() });
    tx.delete(openTasks, taskId);
    return {};
  },
});

export const describeExportTasks = operation("DescribeExportTasks", {
  authorize: () => onAccount("DescribeExportTasks"),

  async handle({ taskId, statusCode, nextToken: token, limit }, { tx }) {
    if (taskId !== undefined) {
      const task = await tx.get(exportTasks, taskId);
      return { exportTasks: task === undefined ? [] : [show(task)] };
    }
    const { rows, next } = await page(tx, exportTasks, { token, limit, max: PAGE_MAX, invalidToken });
    const shown = rows.filter(({ status }) => statusCode === undefined || status === statusCode).map(show);
    return { exportTasks: shown, ...(next !== undefined && { nextToken: next }) };
  },
});

/** Source: https://github.com/localstack/localstack/tree/main/tests/aws/services/logs (recorded answers) */
const show = (task: ExportTask): ShownTask => ({
  taskId: task.id,
  ...(task.name !== undefined && { taskName: task.name }),
  logGroupName: task.groupName,
  from: task.fromMs,
  to: task.toMs,
  destination: task.bucket,
  destinationPrefix: task.prefix,
  status: { code: task.status, ...(task.message !== undefined && { message: task.message }) },
  executionInfo: {
    creationTime: task.createdAtMs,
    ...(task.endedAtMs !== undefined && { completionTime: task.endedAtMs }),
  },
});
