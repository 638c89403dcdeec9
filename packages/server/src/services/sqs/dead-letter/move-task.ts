/**
 * Dead letters on their way back: a task moves them at the pace that was asked for.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
 */
import { SECOND_MS } from "../../../kernel/duration.ts";
import { everyRow } from "../../../kernel/every-row.ts";
import { parseArn } from "../../../kernel/arn.ts";
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onQueue, onQueueArn } from "../access.ts";
import { moveBack } from "./dead-letter.ts";
import {
  destinationIsSource,
  destinationNotFound,
  invalidValue,
  notDeadLetter,
  resourceNotFound,
  taskHandleInvalid,
  taskNotFound,
  taskOver,
  taskUnderWay,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { LISTED_TASKS_MAX, MOVED_PER_SECOND_MAX } from "../limits.ts";
import { countsOf } from "../message/count.ts";
import { lineOf, messages, type Message } from "../message/row.ts";
import { firstOf } from "../message/group.ts";
import { arnOf, findQueue, homeOf, isFifo, queues, type Queue } from "../queue/row.ts";
import { redriveOf } from "../queue/redrive-policy.ts";

type Status = "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED";

interface Task {
  readonly source: string;
  readonly startedAtMs: number;
  readonly id: string;
  readonly destination?: string;
  readonly perSecond?: number;
  readonly status: Status;
  readonly moved: number;
  readonly toMove: number;
  readonly failure?: string;
}

const tasks = table<Task>("sqs.move-task", "region", ({ source, startedAtMs, id }) => [source, startedAtMs, id]);

const JOB = "move";

const TAKING = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"] as const;

function pathOf(arn: string): string {
  const { account = "", resource = "" } = parseArn(arn) ?? {};
  return `${account}/${resource}`;
}

export const startMessageMoveTask = operation("StartMessageMoveTask", {
  /**
   * Who has messages moved has to be let take them from where they are, and send them to where they go.
   * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (permissions)
   */
  async authorize({ SourceArn, DestinationArn }, context) {
    const asked = TAKING.map((action) => onQueueArn(action, SourceArn, context));
    if (DestinationArn !== undefined) asked.push(onQueue("SendMessage", pathOf(DestinationArn), context));
    return Promise.all(asked);
  },

  async handle({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond: perSecond }, context) {
    const { tx } = context;
    const source = await requireSource(SourceArn, context);
    if (perSecond !== undefined && (perSecond < 1 || perSecond > MOVED_PER_SECOND_MAX)) {
      const reason = `Must be between 1 and ${MOVED_PER_SECOND_MAX}, if provided.`;
      throw invalidValue("MaxNumberOfMessagesPerSecond", perSecond, reason);
    }
    if (!(await isDeadLetterQueue(source, context))) throw notDeadLetter();
    if (DestinationArn !== undefined) await requireDestination(DestinationArn, source, context);
    const [last] = await tx.scan(tasks, { prefix: [SourceArn], reverse: true, limit: 1 });
    if (last?.status === "RUNNING") throw taskUnderWay();
    const nowMs = context.now().getTime();
    const { messages: toMove } = await countsOf(source, tx);
    const task: Task = {
      source: SourceArn,
      startedAtMs: nowMs,
      id: context.newId(),
      status: "RUNNING",
      moved: 0,
      toMove,
      ...(DestinationArn !== undefined && { destination: DestinationArn }),
      ...(perSecond !== undefined && { perSecond }),
    };
    await forgetOld(SourceArn, tx);
    tx.put(tasks, task);
    context.at(nowMs, JOB, handleOf(task));
    return { TaskHandle: handleOf(task) };
  },
});

const FORGOTTEN_AT_ONCE = 100;

/** Makes room for one more among those that are listed. */
async function forgetOld(source: string, tx: Transaction): Promise<void> {
  const newest = await tx.scan(tasks, { prefix: [source], reverse: true, limit: LISTED_TASKS_MAX - 1 });
  const last = newest.at(-1);
  if (last === undefined || newest.length < LISTED_TASKS_MAX - 1) return;
  await tx.clear(tasks, { prefix: [source], before: tasks.keyOf(last), limit: FORGOTTEN_AT_ONCE });
}

/** @throws {AwsError} `ResourceNotFoundException` */
async function requireSource(arn: string, context: Context): Promise<Queue> {
  const source = await findQueue(arn, context);
  if (source === undefined) throw resourceNotFound();
  return source;
}

async function requireDestination(arn: string, source: Queue, context: Context): Promise<void> {
  const destination = await findQueue(arn, context);
  if (destination === undefined || isFifo(destination) !== isFifo(source)) throw destinationNotFound();
  if (destination.id === source.id) throw destinationIsSource(arn);
}

async function isDeadLetterQueue(queue: Queue, { tx }: Context): Promise<boolean> {
  const arn = arnOf(queue);
  for await (const { settings } of everyRow(tx, queues)) {
    if (redriveOf(settings)?.deadLetterTargetArn === arn) return true;
  }
  return false;
}

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html (TaskHandle) */
const handleOf = ({ source, startedAtMs, id }: Task): string =>
  Buffer.from(JSON.stringify({ sourceArn: source, startedAt: startedAtMs, taskId: id })).toString("base64");

interface Handle {
  readonly source: string;
  readonly startedAtMs: number;
  readonly id: string;
}

function parseHandle(handle: string): Handle | undefined {
  const text = Buffer.from(handle, "base64").toString("utf8");
  const source = /"sourceArn":"([^"]+)"/.exec(text)?.[1];
  const id = /"taskId":"([^"]+)"/.exec(text)?.[1];
  const startedAtMs = Number(/"startedAt":(\d+)/.exec(text)?.[1] ?? 0);
  return source === undefined || id === undefined ? undefined : { source, startedAtMs, id };
}

const findTask = async ({ source, startedAtMs, id }: Handle, { tx }: Context): Promise<Task | undefined> =>
  tx.get(tasks, source, startedAtMs, id);

const isOfOthers = (arn: string, { account }: Context): boolean => (parseArn(arn)?.account ?? account) !== account;

export const cancelMessageMoveTask = operation("CancelMessageMoveTask", {
  authorize({ TaskHandle }, context) {
    const source = parseHandle(TaskHandle)?.source ?? "";
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json (test_cancel_with_invalid_source_arn_in_task_handle)
    if (isOfOthers(source, context)) throw resourceNotFound();
    return onQueueArn("CancelMessageMoveTask", source, context);
  },

  async handle({ TaskHandle }, context) {
    const handle = parseHandle(TaskHandle);
    if (handle === undefined) throw taskHandleInvalid();
    await requireSource(handle.source, context);
    const task = await findTask(handle, context);
    if (task === undefined) throw taskNotFound();
    if (task.status !== "RUNNING") throw taskOver();
    context.cancel(JOB, TaskHandle);
    context.tx.put(tasks, { ...task, status: "CANCELLED" });
    return { ApproximateNumberOfMessagesMoved: task.moved };
  },
});

export const listMessageMoveTasks = operation("ListMessageMoveTasks", {
  authorize: ({ SourceArn }, context) => onQueueArn("ListMessageMoveTasks", SourceArn, context),

  async handle({ SourceArn, MaxResults = 1 }, context) {
    await requireSource(SourceArn, context);
    if (MaxResults < 1 || MaxResults > LISTED_TASKS_MAX) {
      throw invalidValue("MaxResults", MaxResults, `Must be between 1 and ${LISTED_TASKS_MAX}, if provided.`);
    }
    const newest = await context.tx.scan(tasks, { prefix: [SourceArn], reverse: true, limit: MaxResults });
    return { Results: newest.map(shown) };
  },
});

const shown = (task: Task) => ({
  // only a task that runs can be cancelled
  ...(task.status === "RUNNING" && { TaskHandle: handleOf(task) }),
  Status: task.status,
  SourceArn: task.source,
  ...(task.destination !== undefined && { DestinationArn: task.destination }),
  ...(task.perSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.perSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failure !== undefined && { FailureReason: task.failure }),
  StartedTimestamp: task.startedAtMs,
});

/** Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs_move_task.snapshot.json (test_move_task_delete_destination_queue_while_running) */
const QUEUE_GONE = "AWS.SimpleQueueService.NonExistentQueue";

/** The job: moves what goes within a second, then comes again. */
export async function move(context: Context, key: string): Promise<void> {
  const handle = parseHandle(key);
  const task = handle && (await findTask(handle, context));
  if (task?.status !== "RUNNING") return;
  const is = await moved(task, context);
  context.tx.put(tasks, is);
  if (is.status !== "RUNNING") return;
  const isPaced = task.perSecond !== undefined;
  context.at(context.now().getTime() + (isPaced ? SECOND_MS : 0), JOB, key);
}

/** The task, further by one step. */
async function moved(task: Task, context: Context): Promise<Task> {
  const source = await findQueue(task.source, context);
  if (source === undefined) return failed(task, QUEUE_GONE);
  const batch = await visibleOf(source, task.perSecond ?? MOVED_PER_SECOND_MAX, context);
  let count = task.moved;
  for (const message of batch) {
    const arn = task.destination ?? message.deadLetterSource;
    // a queue that is its own for dead letters would never be through with them
    if (arn === undefined || arn === task.source) {
      return failed({ ...task, moved: count }, "CouldNotDetermineMessageSource");
    }
    const to = await findQueue(arn, context);
    if (to === undefined) return failed({ ...task, moved: count }, QUEUE_GONE);
    await moveBack(message, { from: source, to, at: count - task.moved }, context);
    count++;
  }
  return { ...task, moved: count, status: batch.length === 0 ? "COMPLETED" : "RUNNING" };
}

const failed = (task: Task, failure: string): Task => ({ ...task, status: "FAILED", failure });

async function visibleOf(queue: Queue, limit: number, context: Context): Promise<readonly Message[]> {
  const tx = homeOf(queue, context.tx);
  const places = await tx.scan(lineOf(queue), { before: [context.now().getTime() + 1], limit });
  const found: Message[] = [];
  for (const { sequence, of } of places) {
    const all = isFifo(queue) ? await firstOf(queue, of, tx) : [{ sequence, id: of }];
    for (const one of all) {
      const message = await tx.get(messages, queue.id, one.sequence, one.id);
      if (message && found.length < limit) found.push(message);
    }
  }
  return found;
}
