/**
 * Tags of objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
import type { Tags } from "../../kernel/tags.ts";
import type { Context } from "../../service/context.ts";
import { onObject } from "./access.ts";
import { requireBucket } from "./bucket-row.ts";
import { requireIntegrity } from "./integrity.ts";
import { operation } from "./kit.ts";
import { askForObject, findObject, objects, requireObject, type ObjectInput } from "./object.ts";
import { formatTagSet, requestTagsOf, toObjectTags } from "./tag-set.ts";
import { requirePaidBucket } from "./requester-pays.ts";

/** Actions on another version than the current one have names of their own. */
const action = (verb: "Get" | "Put" | "Delete", { VersionId }: ObjectInput): string =>
  `s3:${verb}Object${VersionId === undefined ? "" : "Version"}Tagging`;

export const putObjectTagging = operation("PutObjectTagging", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const existing = await findObject(input, context);
    return onObject(action("Put", input), context, {
      bucket,
      key: input.Key,
      input,
      existingTags: existing?.tags,
      newTags: requestTagsOf(input.Tagging.TagSet),
    });
  },

  async handle(input, context) {
    await requireIntegrity(context.request);
    await retag(input, toObjectTags(input.Tagging.TagSet), context);
    return {};
  },
});

export const getObjectTagging = operation("GetObjectTagging", {
  callers: "open",
  authorize: (input, context) => askForObject(action("Get", input), input, context),

  async handle(input, context) {
    const { tags } = await requireObject(input, await requireBucket(input, context), context);
    return { TagSet: formatTagSet(tags) };
  },
});

export const deleteObjectTagging = operation("DeleteObjectTagging", {
  authorize: (input, context) => askForObject(action("Delete", input), input, context),

  async handle(input, context) {
    await retag(input, {}, context);
    return {};
  },
});

async function retag(input: ObjectInput, tags: Tags, context: Context): Promise<void> {
  const object = await requireObject(input, await requireBucket(input, context), context);
  context.tx.put(objects, { ...object, tags });
}
