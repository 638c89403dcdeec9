/** Imports users, some at a time, until the file ends. */
import { assert } from "../../../kernel/assert.ts";
import { collectAtMost } from "../../../kernel/bytes.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import { findPool, type Pool } from "../pool/pool-row.ts";
import { endImport } from "./end.ts";
import { LINES_MAX, linesIn, valuesIn, type Piece } from "./file.ts";
import { openImportLog, writeImportLog, type NumberedOutcome } from "./log.ts";
import {
  findImport,
  importJobs,
  isRunning,
  keyOfImport,
  RUN_IMPORT,
  type ImportCounts,
  type RunningImport,
} from "./row.ts";
import { columnsFor, importLine } from "./user.ts";

/** Read at once, and imported at once: what one transaction takes. */
const PIECE_BYTES = 256 * 1024;
const LINES_AT_ONCE = 250;

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-creating-import-job.html */
const TOO_MANY_FAILED = "Too many users have failed or been skipped during the import.";
/** As AWS says it to those who poll; the other two are ours. */
const COMPLETED = "Import Job Completed Successfully.";
const NO_ROLE = "The CloudWatch Logs role cannot be assumed, or may not write.";
const UNREADABLE = "The csv file does not have the columns of the user pool.";

export const runImport: Job = async (context, key) => {
  const job = await findImport(key, context.tx);
  const pool = job && (await findPool(job.poolId, context.tx));
  if (!job || !pool || !isRunning(job)) return;
  const { progress } = job.state;
  const log = await openImportLog(job, pool, context);
  if (log === undefined) {
    endImport(job, "Failed", NO_ROLE, context);
    return;
  }
  const { lines, bytes } = await nextLines(job, context);
  const [first, ...others] = lines;
  const header = progress.header ?? headerOf(pool, job, first);
  if (header === undefined || bytes === 0) {
    endImport(job, "Failed", UNREADABLE, context);
    return;
  }
  const users = progress.header === undefined ? others : lines;
  const before = progress.line + lines.length - users.length;
  const outcomes = await importLines(pool, { before, header, algorithm: job.algorithm, lines: users }, context);
  const counted = { ...job, counts: countsWith(job.counts, outcomes) };
  if (await writeImportLog(log, outcomes, context))
    proceed(counted, { offset: progress.offset + bytes, header, line: progress.line + lines.length }, context);
  else endImport(counted, "Failed", NO_ROLE, context);
};

async function nextLines({ state: { file, progress } }: RunningImport, { blobs }: Context): Promise<Piece> {
  const { offset } = progress;
  if (file.size === 0) return { lines: [], bytes: 0 };
  const end = Math.min(offset + PIECE_BYTES, file.size) - 1;
  const bytes = await collectAtMost(blobs.read(file, { start: offset, end }), PIECE_BYTES);
  assert(bytes !== undefined, "a range is not longer than it was asked for");
  return linesIn(bytes, { isLast: end === file.size - 1, max: LINES_AT_ONCE });
}

/** The columns of the pool, in whatever order, without a byte order mark. */
function headerOf(pool: Pool, job: RunningImport, line = ""): readonly string[] | undefined {
  if (line.startsWith("\uFEFF")) return undefined;
  const names = valuesIn(line);
  const wanted = columnsFor(pool, job);
  return names.length === wanted.length && wanted.every((name) => names.includes(name)) ? names : undefined;
}

interface Batch {
  /** How many lines of the file come before. */
  readonly before: number;
  readonly algorithm: RunningImport["algorithm"];
  readonly header: readonly string[];
  readonly lines: readonly string[];
}

async function importLines(
  pool: Pool,
  { before, lines, ...file }: Batch,
  context: Context,
): Promise<readonly NumberedOutcome[]> {
  const outcomes: NumberedOutcome[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.trim() === "") continue;
    outcomes.push({ ...(await importLine(pool, file, line, context)), line: before + at + 1 });
  }
  return outcomes;
}

function countsWith(before: ImportCounts, outcomes: readonly NumberedOutcome[]): ImportCounts {
  const counts = { ...before };
  for (const { kind } of outcomes) counts[kind] += 1;
  return counts;
}

function proceed(job: RunningImport, progress: RunningImport["state"]["progress"], context: Context): void {
  const { imported, skipped, failed } = job.counts;
  const isOver = imported + skipped + failed > LINES_MAX;
  if (progress.offset < job.state.file.size && !isOver) {
    context.tx.put(importJobs, { ...job, state: { ...job.state, status: "InProgress", progress } });
    context.at(context.now().getTime(), RUN_IMPORT, keyOfImport(job));
    return;
  }
  // AWS does not say how many are too many
  if (isOver || skipped + failed > imported) endImport(job, "Failed", TOO_MANY_FAILED, context);
  else endImport(job, "Succeeded", COMPLETED, context);
}
