/** Receipt handles: signed, so that nobody makes one up, and saying by themselves what they are for. */
import type { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { messages, type Message } from "./row.ts";
import { arnOf, homeOf, isFifo, type Queue } from "../queue/row.ts";

interface Receipt {
  /** Whose messages it is among; another one where the queue was purged since. */
  readonly queue: string;
  readonly sequence: number;
  readonly id: string;
  /** How often the message had been received, this time included. */
  readonly receives: number;
}

/** A handle as it came, and how it is refused where it is none. */
export interface GivenHandle {
  readonly handle: string | undefined;
  readonly refusal: (handle: string) => AwsError;
}

const PURPOSE = "sqs receipt";

export const receiptOf = (message: Message, queue: Queue, { keys }: Pick<Context, "keys">): string =>
  keys.sign(JSON.stringify([arnOf(queue), message.queue, message.sequence, message.id, message.receives]), PURPOSE);

/** @throws {AwsError} `ReceiptHandleIsInvalid` for one that was not given out for this queue. */
function requireReceipt({ handle, refusal }: GivenHandle, queue: Queue, { keys }: Pick<Context, "keys">): Receipt {
  const text = handle === undefined ? undefined : keys.verify(handle, PURPOSE);
  if (text === undefined) throw refusal(handle ?? "");
  const parts: [string, string, number, string, number] = JSON.parse(text);
  const [arn, of, sequence, id, receives] = parts;
  if (arn !== arnOf(queue)) throw refusal(handle ?? "");
  return { queue: of, sequence, id, receives };
}

interface Named {
  readonly message: Message;
  /** In FIFO queues only as long as it is held, and from the last time that it was received. */
  readonly isGood: boolean;
}

/**
 * The message that a handle stands for; `undefined`: it is gone. In standard queues handles of a message stay good.
 * Source: https://github.com/getmoto/moto/blob/master/tests/test_sqs/test_sqs.py (what is "allowed in AWS"),
 * https://github.com/localstack/localstack/blob/main/tests/aws/services/sqs/test_sqs.snapshot.json (test_change_message_visibility_after_visibility_timeout_expiration)
 * @throws {AwsError} `ReceiptHandleIsInvalid`
 */
export async function findReceived(
  handle: GivenHandle,
  queue: Queue,
  context: Pick<Context, "keys" | "tx" | "now">,
): Promise<Named | undefined> {
  const { queue: of, sequence, id, receives } = requireReceipt(handle, queue, context);
  const message = await homeOf(queue, context.tx).get(messages, of, sequence, id);
  if (message === undefined || of !== queue.id) return undefined;
  const isHeld = message.receives === receives && message.dueMs > context.now().getTime();
  return { message, isGood: isHeld || !isFifo(queue) };
}
