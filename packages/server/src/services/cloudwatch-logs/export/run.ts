/** The errand of an export task: a folder for each stream, in it files of gzipped lines. */
import { gzipSync } from "node:zlib";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Key } from "../../../kernel/table.ts";
import type { ErrandContext } from "../../../service/errand.ts";
import { ChunkReader } from "../event/chunk-reader.ts";
import { walk } from "../event/walk.ts";
import { findGroup, type LogGroup } from "../group-row.ts";
import { streams, type LogStream } from "../stream-row.ts";
import { upload } from "./bucket.ts";
import { exportTasks, openTasks, type ExportTask } from "./task-row.ts";

const STREAMS_AT_ONCE = 50;
/** Of a file, before it is gzipped. */
const FILE_BYTES_MAX = 10_000_000;

export async function runExport(context: ErrandContext, id: string): Promise<void> {
  const task = await context.tx.get(exportTasks, id);
  const group = task && (await findGroup({ ...placeOf(context), name: task.groupName }, context));
  if (task === undefined || task.endedAtMs !== undefined) return;
  await change(id, { status: "RUNNING" }, context);
  const failure = group?.id === task.groupId ? await tryAll(task, group, context) : "The log group was deleted.";
  const ended = { endedAtMs: context.now().getTime() };
  if (failure === undefined) {
    await change(id, { status: "COMPLETED", message: "Completed successfully", ...ended }, context);
  } else await change(id, { status: "FAILED", message: failure, ...ended }, context);
}

const placeOf = ({ account, region, partition }: ErrandContext) => ({ account, region, partition });

/** A task that was cancelled stays so. */
const change = (id: string, changed: Partial<ExportTask>, context: ErrandContext): Promise<void> =>
  context.transact(async ({ tx }) => {
    const task = await tx.get(exportTasks, id);
    if (task === undefined || task.endedAtMs !== undefined) return;
    tx.put(exportTasks, { ...task, ...changed });
    if (changed.endedAtMs !== undefined) tx.delete(openTasks, id);
  });

/** Why it failed, if it did. */
async function tryAll(task: ExportTask, group: LogGroup, context: ErrandContext): Promise<string | undefined> {
  try {
    for await (const stream of streamsOf(task, context)) {
      if ((await context.tx.get(exportTasks, task.id))?.status === "CANCELLED") return undefined;
      await exportStream(stream, { task, group }, context);
    }
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function* streamsOf({ groupId, streamPrefix }: ExportTask, { tx }: ErrandContext): AsyncGenerator<LogStream> {
  for (let after: Key | undefined; ;) {
    const rows = await tx.scan(streams, { prefix: [groupId], startsWith: streamPrefix, after, limit: STREAMS_AT_ONCE });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = streams.keyOf(last);
  }
}

interface Exporting {
  readonly task: ExportTask;
  readonly group: LogGroup;
}

async function exportStream(stream: LogStream, { task, group }: Exporting, context: ErrandContext): Promise<void> {
  const folder = `${task.prefix}/${task.id}/${stream.name.replaceAll("/", "-")}`;
  const asked = { group, line: stream.id, direction: "forward", fromMs: task.fromMs, beforeMs: task.toMs } as const;
  let lines: string[] = [];
  let [bytes, files] = [0, 0];
  const flush = async (): Promise<void> => {
    const key = `${folder}/${String(files).padStart(FILE_DIGITS, "0")}.gz`;
    await upload({ bucket: task.bucket, key, bytes: gzipSync(lines.join("")) }, group, context);
    [lines, bytes] = [[], 0];
    files += 1;
  };
  for await (const { atMs, message } of walk(asked, new ChunkReader(group, context), context)) {
    const line = `${new Date(atMs).toISOString()} ${message}\n`;
    lines.push(line);
    bytes += line.length;
    if (bytes > FILE_BYTES_MAX) await flush();
  }
  if (lines.length > 0) await flush();
}

const FILE_DIGITS = 6;
