/**
 * Tags of queues.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html
 */
import { addTags, removeTags, type Tags } from "../../../kernel/tags.ts";
import { onOwnQueue } from "../access.ts";
import { missing, tagKeyLength, tagKeyReserved, tagValueLength, tooManyTags } from "../errors.ts";
import { operation } from "../kit.ts";
import { homeOf, queues, requireQueue, type Queue } from "./row.ts";

const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 256;

/** @throws {AwsError} `InvalidParameterValue` */
export function requireTags(more: Tags, { name, tags }: Pick<Queue, "name" | "tags">): Tags {
  for (const [key, value] of Object.entries(more)) {
    if (key.length === 0 || key.length > KEY_CHARACTERS_MAX) throw tagKeyLength();
    if (value.length > VALUE_CHARACTERS_MAX) throw tagValueLength();
  }
  return addTags(tags, more, { tooMany: () => tooManyTags(name), reservedKey: tagKeyReserved });
}

export const tagQueue = operation("TagQueue", {
  authorize: ({ QueueUrl, Tags }, context) => onOwnQueue("TagQueue", QueueUrl, context, { requestTags: Tags }),

  async handle({ QueueUrl, Tags }, context) {
    const queue = await requireQueue(QueueUrl, context);
    if (Object.keys(Tags).length === 0) throw missing("Tags");
    homeOf(queue, context.tx).put(queues, { ...queue, tags: requireTags(Tags, queue) });
    return {};
  },
});

export const untagQueue = operation("UntagQueue", {
  authorize: ({ QueueUrl, TagKeys }, context) => onOwnQueue("UntagQueue", QueueUrl, context, { tagKeys: TagKeys }),

  async handle({ QueueUrl, TagKeys }, context) {
    const queue = await requireQueue(QueueUrl, context);
    if (TagKeys.length === 0) throw tagKeyLength();
    homeOf(queue, context.tx).put(queues, { ...queue, tags: removeTags(queue.tags, TagKeys) });
    return {};
  },
});

export const listQueueTags = operation("ListQueueTags", {
  authorize: ({ QueueUrl }, context) => onOwnQueue("ListQueueTags", QueueUrl, context),

  async handle({ QueueUrl }, context) {
    const { tags } = await requireQueue(QueueUrl, context);
    return Object.keys(tags).length === 0 ? {} : { Tags: { ...tags } };
  },
});
