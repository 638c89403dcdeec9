/** One round of a pipe: a batch from the source, through the filter and the enrichment, to the target. */
import { AwsError } from "../../kernel/aws-error.ts";
import type { RoleSession } from "../../identity/principal.ts";
import type { Context } from "../../service/context.ts";
import type { ErrandContext } from "../../service/errand.ts";
import { enriched } from "./enrichment.ts";
import { ExecutionLog } from "./execution-log.ts";
import { filtered } from "./filter.ts";
import { LOOK_AGAIN_MS, PAUSE_AFTER_FAILURE_MS, PAUSE_MS_MAX, SESSION_USED_MS } from "./limits.ts";
import { measure } from "./measure.ts";
import { pipes, type Pipe } from "./pipe-row.ts";
import { sessionOf } from "./role.ts";
import { receiveBatch, remove, type SourceEvent } from "./source.ts";
import { handOver, type Failures } from "./target.ts";

/** What one round leaves to the next. */
interface Baton {
  readonly revision: string;
  /** Batches in a row of which nothing arrived. */
  readonly failures?: number;
  readonly session?: { readonly principal: RoleSession; readonly untilMs: number } | undefined;
}

/** Begins the rounds of a pipe, and ends those that follow other rules. */
export function begin({ name, current, revision }: Pipe, context: Context): void {
  context.cancel("run", name);
  if (current === "RUNNING") context.at(0, "run", name, { revision } satisfies Baton);
}

const isBaton = (payload: unknown): payload is Baton =>
  typeof payload === "object" && payload !== null && "revision" in payload;

/** The errand. */
export async function run(context: ErrandContext, name: string, payload: unknown): Promise<void> {
  const pipe = await context.tx.get(pipes, name);
  if (!isBaton(payload) || !isRunning(pipe, payload.revision)) return;
  const next = await round(pipe, payload, context);
  await context.transact(async (inner) => {
    const there = await inner.tx.get(pipes, name);
    if (isRunning(there, payload.revision)) inner.at(next.atMs, "run", name, next.baton);
  });
}

const isRunning = (pipe: Pipe | undefined, revision: string): pipe is Pipe =>
  pipe?.current === "RUNNING" && pipe.revision === revision;

interface Next {
  readonly atMs: number;
  readonly baton: Baton;
}

async function round(
  pipe: Pipe,
  { revision, failures = 0, session: kept }: Baton,
  context: ErrandContext,
): Promise<Next> {
  const nowMs = context.now().getTime();
  try {
    const session =
      kept !== undefined && kept.untilMs > nowMs
        ? kept
        : { principal: await sessionOf(pipe, context), untilMs: nowMs + SESSION_USED_MS };
    const hasFailed = await execute(pipe, session.principal, context);
    if (!hasFailed) return { atMs: 0, baton: { revision, session } };
    const pauseMs = Math.min(PAUSE_AFTER_FAILURE_MS * 2 ** failures, PAUSE_MS_MAX);
    return { atMs: context.now().getTime() + pauseMs, baton: { revision, session, failures: failures + 1 } };
  } catch (error) {
    // the role or the queue is not what it has to be: a while later it may be
    if (error instanceof AwsError) return { atMs: nowMs + LOOK_AGAIN_MS, baton: { revision } };
    throw error;
  }
}

/** Whether there was something to do, and all of it failed. */
async function execute(pipe: Pipe, as: RoleSession, context: ErrandContext): Promise<boolean> {
  const batch = await receiveBatch(pipe, as, context);
  if (batch.length === 0) return false;
  // it may have been stopped while it waited: then the queue shows them again
  const there = await context.tx.get(pipes, pipe.name);
  if (!isRunning(there, pipe.revision)) return false;
  const wanted = filtered(batch, pipe);
  const failed = wanted.length === 0 ? noMessages() : await process(wanted, pipe, as, context);
  const done = batch.filter(({ id }) => !failed.has(id));
  if (done.length === 0) return true;
  await remove(done, { pipe, as }, context);
  return false;
}

/** The ids of messages that have to come again. */
async function process(
  wanted: readonly SourceEvent[],
  pipe: Pipe,
  as: RoleSession,
  context: ErrandContext,
): Promise<ReadonlySet<string>> {
  const log = new ExecutionLog(pipe, context.newId());
  const atMs = (): number => context.now().getTime();
  log.note("EXECUTION_STARTED", atMs(), { payload: wanted.map(({ event }) => event) });
  const failed = await attempt(wanted, { pipe, as, log }, context);
  const ended = endOf(failed.size, wanted.length);
  log.note(ended, atMs());
  await context.transact(async (inner) => {
    const measured = { pipe, context: inner };
    measure("Invocations", 1, measured);
    measure("EventCount", wanted.length, measured);
    if (ended === "EXECUTION_FAILED") measure("ExecutionFailed", 1, measured);
    if (ended === "EXECUTION_PARTIALLY_FAILED") measure("ExecutionPartiallyFailed", 1, measured);
    await log.send(inner);
  });
  return failed;
}

function endOf(failed: number, all: number) {
  if (failed === 0) return "EXECUTION_SUCCEEDED";
  return failed === all ? "EXECUTION_FAILED" : "EXECUTION_PARTIALLY_FAILED";
}

interface Attempt {
  readonly pipe: Pipe;
  readonly as: RoleSession;
  readonly log: ExecutionLog;
}

async function attempt(
  wanted: readonly SourceEvent[],
  { pipe, as, log }: Attempt,
  context: ErrandContext,
): Promise<ReadonlySet<string>> {
  const { enrichment } = pipe;
  const atMs = (): number => context.now().getTime();
  let stage: "ENRICHMENT" | "TARGET" = "TARGET";
  try {
    let events: readonly unknown[] = wanted.map(({ event }) => event);
    if (enrichment !== undefined) {
      stage = "ENRICHMENT";
      log.note("ENRICHMENT_STAGE_ENTERED", atMs());
      events = await enriched(events, { pipe, enrichment, as }, context);
      log.note("ENRICHMENT_STAGE_SUCCEEDED", atMs(), { payload: events });
      stage = "TARGET";
    }
    if (events.length === 0) {
      log.note("TARGET_STAGE_SKIPPED", atMs());
      return noMessages();
    }
    log.note("TARGET_STAGE_ENTERED", atMs(), { payload: events });
    const failed = failedOf(wanted, await handOver(events, { pipe, as }, context), enrichment !== undefined);
    log.note(failed.size === 0 ? "TARGET_STAGE_SUCCEEDED" : "TARGET_STAGE_PARTIALLY_FAILED", atMs());
    return failed;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    log.note(`${stage}_STAGE_FAILED`, atMs(), { error: error.message });
    return allOf(wanted);
  }
}

const noMessages = (): ReadonlySet<string> => new Set();

const allOf = (events: readonly SourceEvent[]): ReadonlySet<string> => new Set(events.map(({ id }) => id));

/**
 * Behind an enrichment nobody knows which message an event was of. An id that is none of the batch's fails all of it.
 * Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-pipes-batching-concurrency.html
 */
function failedOf(wanted: readonly SourceEvent[], { places, ids }: Failures, isEnriched: boolean): ReadonlySet<string> {
  const known = allOf(wanted);
  if (ids.some((id) => !known.has(id)) || (places.length > 0 && isEnriched)) return known;
  return new Set([...ids, ...places.flatMap((at) => wanted[at]?.id ?? [])]);
}
