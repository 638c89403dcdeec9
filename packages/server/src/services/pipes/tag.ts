/** Tags of pipes. Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_TagResource.html */
import { addTags, removeTags, type TagErrors, type Tags } from "../../kernel/tags.ts";
import { parseArn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { isHere, onElsewhere } from "../../service/named-by-arn.ts";
import { onPipe } from "./access.ts";
import { resourceNotFound, tagKeyReserved, tooManyTags } from "./errors.ts";
import { operation } from "./kit.ts";
import { pipes, type Pipe } from "./pipe-row.ts";

const TAG_ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: tagKeyReserved };

/** @throws {AwsError} `ValidationException` */
export const tagsWith = (tags: Tags, more: Tags): Tags => addTags(tags, more, TAG_ERRORS);

const nameIn = (arn: string): string => parseArn(arn)?.resource.replace(/^pipe\//, "") ?? "";

type TagAction = "TagResource" | "UntagResource" | "ListTagsForResource";

const onTagged = async (
  action: TagAction,
  arn: string,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> =>
  isHere(arn, context)
    ? onPipe(action, nameIn(arn), context, more)
    : { ...onElsewhere(`pipes:${action}`, arn), ...more };

/** @throws {AwsError} `NotFoundException` */
async function requireTagged(arn: string, context: Context): Promise<Pipe> {
  const pipe = isHere(arn, context) ? await context.tx.get(pipes, nameIn(arn)) : undefined;
  if (pipe === undefined) throw resourceNotFound(arn);
  return pipe;
}

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) => onTagged("TagResource", resourceArn, context, { requestTags: tags }),

  async handle({ resourceArn, tags }, context) {
    const pipe = await requireTagged(resourceArn, context);
    context.tx.put(pipes, { ...pipe, tags: tagsWith(pipe.tags, tags) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onTagged("UntagResource", resourceArn, context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const pipe = await requireTagged(resourceArn, context);
    context.tx.put(pipes, { ...pipe, tags: removeTags(pipe.tags, tagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onTagged("ListTagsForResource", resourceArn, context),

  async handle({ resourceArn }, context) {
    const { tags } = await requireTagged(resourceArn, context);
    return { tags: { ...tags } };
  },
});
