/**
 * Tags of objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html
 */
import type { Tags } from "../../../kernel/tags.ts";
import type { Context } from "../../../service/context.ts";
import { onObject } from "../access.ts";
import { requireBucket } from "../bucket/row.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object/change.ts";
import {
  askForObject,
  findExisting,
  requireNoMarker,
  rewriteObject,
  versionIdOf,
  type ObjectInput,
} from "../object/object.ts";
import { formatTagSet, requestTagsOf, toObjectTags } from "./set.ts";
import { requirePaidBucket } from "../bucket/requester-pays.ts";

/** Actions on another version than the current one have names of their own. */
const action = (verb: "Get" | "Put" | "Delete", { VersionId }: ObjectInput): string =>
  `s3:${verb}Object${VersionId === undefined ? "" : "Version"}Tagging`;

export const putObjectTagging = operation("PutObjectTagging", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const existing = await findExisting(input, bucket, context);
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
    return retag({ method: "PUT", input, tags: toObjectTags(input.Tagging.TagSet) }, context);
  },
});

export const getObjectTagging = operation("GetObjectTagging", {
  callers: "open",
  authorize: (input, context) => askForObject(action("Get", input), input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const object = await requireNoMarker("GET", input, { bucket, context });
    return { TagSet: formatTagSet(object.tags), VersionId: versionIdOf(object, bucket) };
  },
});

export const deleteObjectTagging = operation("DeleteObjectTagging", {
  authorize: (input, context) => askForObject(action("Delete", input), input, context),

  async handle(input, context) {
    return retag({ method: "DELETE", input, tags: {} }, context);
  },
});

interface Retagging {
  readonly method: "PUT" | "DELETE";
  readonly input: ObjectInput;
  readonly tags: Tags;
}

async function retag({ method, input, tags }: Retagging, context: Context) {
  const bucket = await requireBucket(input, context);
  const object = { ...(await requireNoMarker(method, input, { bucket, context })), tags };
  rewriteObject(object, context);
  const kind = method === "PUT" ? "ObjectTagging:Put" : "ObjectTagging:Delete";
  await announce({ kind, bucket, version: object }, context);
  return { VersionId: versionIdOf(object, bucket) };
}
