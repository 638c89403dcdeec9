/** Messages on their way to another queue: to the dead letters, and back. */
import type { Context } from "../../../service/context.ts";
import { removeMessage } from "../message/removal.ts";
import { contentOf, type Message } from "../message/row.ts";
import { arnOf, findQueue, homeOf, isFifo, type Queue } from "../queue/row.ts";
import { isAllowed, redriveOf } from "../queue/redrive-policy.ts";
import { arrive, nextSequence, sequenceAt } from "../message/send.ts";

/** Whether there is a queue that takes it. */
export async function moveToDeadLetters(message: Message, from: Queue, context: Context): Promise<boolean> {
  const redrive = redriveOf(from.settings);
  const to = redrive && (await findQueue(redrive.deadLetterTargetArn, context));
  if (to === undefined || !isAllowed(to, from)) return false;
  const { receives, receivedBefore = 0 } = message;
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_dead_letter_queue_message_attributes)
  const letter = {
    receivedBefore: receivedBefore + receives,
    deadLetterSource: arnOf(from),
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html (its deduplication id is replaced)
    ...(isFifo(to) && { deduplicationId: message.id }),
  };
  await moveMessage({ message: { ...bare(message), ...letter }, was: message, from, to }, context);
  return true;
}

/**
 * A dead letter on its way back is a new message.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
export async function moveBack(message: Message, { from, to, at }: WayBack, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const renewed = { ...bare(message), id: context.newId(), sequence: sequenceAt(nowMs) + at, sentAtMs: nowMs };
  await moveMessage({ message: renewed, was: message, from, to }, context);
}

type Bare = Omit<Message, "firstReceivedAtMs" | "receivedAtMs" | "deadLetterSource" | "receivedBefore">;

/** Without what happened to it in its queue. */
function bare(message: Message): Bare {
  const { firstReceivedAtMs: _first, receivedAtMs: _last, ...others } = message;
  const { deadLetterSource: _source, receivedBefore: _before, ...kept } = others;
  return kept;
}

interface Way {
  readonly from: Queue;
  readonly to: Queue;
}

interface WayBack extends Way {
  /** Its place among those that are moved at once. */
  readonly at: number;
}

interface Move extends Way {
  readonly message: Message;
  /** As it stands in the queue that it leaves. */
  readonly was: Message;
}

/**
 * In standard queues a message keeps the time that it was sent at, which its retention is counted from.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html (retention)
 */
async function moveMessage({ message, was, from, to }: Move, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const content = await contentOf(was, homeOf(from, context.tx));
  await removeMessage(from, was, context);
  const { keyQueue = arnOf(from), dataKey, sentAtMs } = message;
  const moved = {
    ...message,
    content,
    queue: to.id,
    sequence: isFifo(to) ? await nextSequence(to, context) : message.sequence,
    sentAtMs: isFifo(to) ? nowMs : sentAtMs,
    receives: 0,
    dueMs: nowMs,
    ...(dataKey !== undefined && { keyQueue }),
  };
  await arrive(to, moved, context);
}
