/**
 * Reads a mapping's queue for its function: a batch at a time, more readers where there is more to do.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
 */
import type { Message } from "@aws-sdk/client-sqs";
import type { Principal } from "../../../identity/principal.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { ErrandContext, Errand } from "../../../service/errand.ts";
import { placeOf } from "../function/name.ts";
import { findTarget, type Target } from "../function/row.ts";
import { isWanted } from "./filter.ts";
import { readerOf, receive, RECEIVED_MAX, remove } from "./queue.ts";
import { eventsOf, parseEvent, recordOf, type QueueRecord } from "./record.ts";
import { measureEvents } from "./measure.ts";
import { mappings, type Mapping } from "./row.ts";
import { setReader } from "./schedule.ts";
import { measureRun } from "../invocation/measured.ts";
import { routed } from "../invocation/routing.ts";
import { traceOf } from "../invocation/trace.ts";
import { run } from "../invocation/run.ts";

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const WAIT_SECONDS = 20;
/** Where a mapping does not say itself. */
const READERS_USUAL = 5;
/** Before a queue is looked at again that could not be read. */
const AFTER_ERROR_SECONDS = 10;

interface Reading {
  readonly mapping: Mapping;
  readonly target: Target;
  readonly as: Principal;
}

export const read: Errand = async (context, key) => {
  const [id = "", number = "0"] = key.split(" ");
  const reader = Number(number);
  const next = await readOnce(id, reader, context);
  if (next === "done") return;
  const waitMs = next === "later" ? AFTER_ERROR_SECONDS * SECOND_MS : 0;
  await context.transact(async (inner) => {
    const mapping = await findEnabled(id, inner);
    if (mapping !== undefined) setReader({ mapping, reader, waitMs }, inner);
  });
};

async function findEnabled(id: string, { tx }: Pick<Context, "tx">): Promise<Mapping | undefined> {
  const mapping = await tx.get(mappings, id);
  return mapping?.enabled === true ? mapping : undefined;
}

/** Whether, and when, this reader reads again: those that came to help go when there is nothing left. */
async function readOnce(id: string, reader: number, context: ErrandContext): Promise<"now" | "later" | "done"> {
  try {
    const waited = await requireReading(id, context);
    if (typeof waited === "string") return waited;
    const messages = await gather(waited, reader, context);
    if (messages.length === 0) return reader === 0 ? "now" : "done";
    // what changed while nothing came holds for what has come: another function, other code, or nobody's any more
    const reading = await requireReading(id, context);
    if (typeof reading === "string") return reading;
    if (messages.length >= reading.mapping.batchSize) await callForHelp(reading.mapping, reader, context);
    await handOn(messages, reading, context);
    return "now";
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return reader === 0 ? "later" : "done";
  }
}

/** Or what there is to do where nothing is to be read now. @throws {AwsError} the role cannot be assumed. */
async function requireReading(id: string, context: Context): Promise<Reading | "later" | "done"> {
  const mapping = await findEnabled(id, context);
  if (mapping === undefined) return "done";
  const found = await findTarget(placeOf(mapping.functionArn, context));
  if (found === undefined) return "later";
  const target = await routed(found, context);
  return { mapping, target, as: await readerOf(target, mapping, context) };
}

/** A full batch: there may be more than one reader can deal with. */
async function callForHelp(mapping: Mapping, reader: number, context: ErrandContext): Promise<void> {
  const next = reader + 1;
  if (next >= (mapping.concurrencyMax ?? READERS_USUAL)) return;
  await context.transact(async (inner) => setReader({ mapping, reader: next, waitMs: 0 }, inner));
}

/** Up to a batch: at once what is there, and what comes within the window. */
async function gather({ mapping, as }: Reading, reader: number, context: ErrandContext): Promise<readonly Message[]> {
  const { batchSize, windowSeconds } = mapping;
  const first = Math.min(batchSize, RECEIVED_MAX);
  const messages = [
    ...(await receive({ mapping, as, max: first, waitSeconds: reader === 0 ? WAIT_SECONDS : 0 }, context)),
  ];
  const untilMs = context.now().getTime() + windowSeconds * SECOND_MS;
  while (messages.length > 0 && messages.length < batchSize) {
    const leftSeconds = Math.ceil((untilMs - context.now().getTime()) / SECOND_MS);
    if (leftSeconds <= 0) break;
    const max = Math.min(batchSize - messages.length, RECEIVED_MAX);
    messages.push(...(await receive({ mapping, as, max, waitSeconds: Math.min(leftSeconds, WAIT_SECONDS) }, context)));
  }
  return messages;
}

async function handOn(messages: readonly Message[], reading: Reading, context: ErrandContext): Promise<void> {
  const { mapping, as } = reading;
  const all = messages.map((message) => recordOf(message, mapping));
  const wanted = all.filter((record) => isWanted(record, mapping.filters));
  const unwanted = all.filter((record) => !wanted.includes(record));
  if (unwanted.length > 0) await remove(unwanted, { mapping, as }, context);
  const counts = { PolledEventCount: all.length, FilteredOutEventCount: unwanted.length };
  await measureEvents(mapping, { ...counts, DeletedEventCount: unwanted.length }, context);
  for (const records of eventsOf(wanted)) await invoke(records, reading, context);
}

async function invoke(
  records: readonly QueueRecord[],
  { mapping, target, as }: Reading,
  context: ErrandContext,
): Promise<void> {
  const payload = Buffer.from(JSON.stringify({ Records: records }), "utf8");
  const { qualifier } = placeOf(mapping.functionArn, context);
  const traceId = records[0]?.attributes["AWSTraceHeader"] ?? traceOf(context);
  const ran = await run({ target, qualifier, requestId: context.newId(), payload, traceId }, context);
  await context.transact(async (inner) => measureRun(target, ran, inner));
  const done = ran.kind === "ended" && !ran.failed ? succeeded(records, mapping, ran.payload) : [];
  if (done.length > 0) await remove(done, { mapping, as }, context);
  const counts = { InvokedEventCount: records.length, FailedInvokeEventCount: records.length - done.length };
  await measureEvents(mapping, { ...counts, DeletedEventCount: done.length }, context);
}

/**
 * Those that the function has dealt with: all, or where it says which failed, the others.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
 */
function succeeded(
  records: readonly QueueRecord[],
  { responseTypes }: Mapping,
  payload: Uint8Array,
): readonly QueueRecord[] {
  if (!responseTypes.includes("ReportBatchItemFailures")) return records;
  const failures = failuresIn(parseEvent(Buffer.from(payload).toString("utf8")));
  if (failures === undefined) return [];
  const known = new Set(records.map(({ messageId }) => messageId));
  // a name that is none makes the whole batch fail
  if (!failures.every((id) => known.has(id))) return [];
  return records.filter(({ messageId }) => !failures.includes(messageId));
}

/** `undefined`: the answer is not as it should be, and nothing is taken as done. */
function failuresIn(answer: unknown): readonly string[] | undefined {
  if (isNothing(answer)) return [];
  if (typeof answer !== "object" || answer === null) return undefined;
  const list: unknown = "batchItemFailures" in answer ? answer.batchItemFailures : undefined;
  if (isNothing(list)) return [];
  if (!Array.isArray(list)) return undefined;
  const ids = list.map(identifierOf);
  return ids.every((id) => id !== undefined) ? ids : undefined;
}

const isNothing = (value: unknown): boolean => value === null || value === undefined || value === "";

function identifierOf(failure: unknown): string | undefined {
  if (typeof failure !== "object" || failure === null || !("itemIdentifier" in failure)) return undefined;
  const { itemIdentifier: id } = failure;
  return typeof id === "string" && id !== "" ? id : undefined;
}
