/** Several messages at once: each is published, or not, by itself. */
import type { BatchResultErrorEntry, PublishBatchResultEntry } from "@aws-sdk/client-sns";
import { AwsError } from "../../../kernel/aws-error.ts";
import { onTopic } from "../access.ts";
import {
  batchEmpty,
  batchIdCharacter,
  batchIdRepeated,
  batchIdTooLong,
  batchTooLong,
  batchTooMany,
} from "../errors.ts";
import { operation } from "../kit.ts";
import { BATCH_ENTRIES_MAX, BATCH_ID_CHARACTERS_MAX, MESSAGE_BYTES_MAX } from "../limits.ts";
import { bytesOf, requireContent } from "./message.ts";
import { requireAttributes, type GivenAttributes } from "./attribute.ts";
import { publishTo, requireOrder, requirePublishable } from "./publish.ts";
import { requireTopic } from "../topic/row.ts";

export const publishBatch = operation("PublishBatch", {
  authorize: ({ TopicArn }, context) => onTopic("Publish", TopicArn, context),

  /** What is wrong with an entry is wrong with all of it, but for what befalls it on its way. Source: recorded answers */
  async handle({ TopicArn, PublishBatchRequestEntries: entries }, context) {
    const topic = await requireTopic(TopicArn, context);
    requireEntries(entries);
    await requirePublishable(topic, context);
    const outgoing = entries.map((entry) => ({
      id: entry.Id,
      content: requireContent(entry),
      order: requireOrder(entry, topic),
    }));
    const Successful: PublishBatchResultEntry[] = [];
    const Failed: BatchResultErrorEntry[] = [];
    for (const { id: Id, ...one } of outgoing) {
      try {
        Successful.push({ Id, ...(await publishTo(topic, one, context)) });
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        Failed.push({ Id, Code: error.code, Message: error.message, SenderFault: true });
      }
    }
    return { Successful, Failed };
  },
});

interface Entry {
  readonly Id: string;
  readonly Message: string;
  readonly MessageAttributes?: GivenAttributes | undefined;
}

/** @throws {AwsError} where the request as a whole is wrong */
function requireEntries(entries: readonly Entry[]): void {
  if (entries.length === 0) throw batchEmpty();
  if (entries.length > BATCH_ENTRIES_MAX) throw batchTooMany();
  for (const { Id } of entries) {
    if (Id.length > BATCH_ID_CHARACTERS_MAX) throw batchIdTooLong(Id);
    if (!/^[\w-]+$/.test(Id)) throw batchIdCharacter(Id);
  }
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length) throw batchIdRepeated();
  let bytes = 0;
  for (const { Message, MessageAttributes } of entries) bytes += bytesOf(Message, requireAttributes(MessageAttributes));
  if (bytes > MESSAGE_BYTES_MAX) throw batchTooLong();
}
