/** Messages on their way to another queue: to the dead letters, and back. */
import type { Context } from "../../service/context.ts";
import { removeMessage } from "./message-removal.ts";
import { contentOf, type Message } from "./message-row.ts";
import { arnOf, findQueue, homeOf, isFifo, type Queue } from "./queue-row.ts";
import { isAllowed, redriveOf } from "./redrive-policy.ts";
import { arrive, nextSequence } from "./send.ts";

/** Whether there is a queue that takes it. */
export async function moveToDeadLetters(message: Message, from: Queue, context: Context): Promise<boolean> {
  const redrive = redriveOf(from.settings);
  const to = redrive && (await findQueue(redrive.deadLetterTargetArn, context));
  if (to === undefined || !isAllowed(to, from)) return false;
  await moveMessage({ message, from, to }, context);
  return true;
}

interface Move {
  readonly message: Message;
  readonly from: Queue;
  readonly to: Queue;
}

/**
 * In standard queues a message keeps the time that it was sent at, which its retention is counted from.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html (retention)
 */
export async function moveMessage({ message, from, to }: Move, context: Context): Promise<void> {
  const nowMs = context.now().getTime();
  const content = await contentOf(message, homeOf(from, context.tx));
  await removeMessage(from, message, context);
  const { firstReceivedAtMs: _first, receivedAtMs: _last, deadLetterSource: _source, ...kept } = message;
  const { keyQueue = arnOf(from), dataKey, sentAtMs } = message;
  const moved = {
    ...kept,
    content,
    queue: to.id,
    sequence: isFifo(to) ? await nextSequence(to, context) : message.sequence,
    sentAtMs: isFifo(to) ? nowMs : sentAtMs,
    receives: 0,
    dueMs: nowMs,
    deadLetterSource: arnOf(from),
    ...(dataKey !== undefined && { keyQueue }),
  };
  await arrive(to, moved, context);
}
