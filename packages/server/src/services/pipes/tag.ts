/** Tags of pipes. Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_TagResource.html */
import { addTags, removeTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import { parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { onPipe } from "./access.ts";
import { resourceNotFound, tagKeyReserved, tooManyTags } from "./errors.ts";
import { operation } from "./kit.ts";
import { pipes, type Pipe } from "./pipe-row.ts";

const TAG_ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: tagKeyReserved };

/** @throws {AwsError} `ValidationException` */
export const tagsWith = (tags: Tags, more: Tags): Tags => addTags(tags, more, TAG_ERRORS);

const nameIn = (arn: string): string => parseArn(arn)?.resource.replace(/^pipe\//, "") ?? "";

/** @throws {AwsError} `NotFoundException` */
async function requireTagged(arn: string, { tx }: Context): Promise<Pipe> {
  const pipe = await tx.get(pipes, nameIn(arn));
  if (pipe === undefined) throw resourceNotFound(arn);
  return pipe;
}

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) =>
    onPipe("TagResource", nameIn(resourceArn), context, { requestTags: tags }),

  async handle({ resourceArn, tags }, context) {
    const pipe = await requireTagged(resourceArn, context);
    context.tx.put(pipes, { ...pipe, tags: tagsWith(pipe.tags, tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onPipe("UntagResource", nameIn(resourceArn), context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const pipe = await requireTagged(resourceArn, context);
    context.tx.put(pipes, { ...pipe, tags: removeTags(pipe.tags, tagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onPipe("ListTagsForResource", nameIn(resourceArn), context),

  async handle({ resourceArn }, context) {
    const { tags } = await requireTagged(resourceArn, context);
    return { tags: { ...tags } };
  },
});
