/** Tags of analyzers. */
import { addTags, removeTags, type TagErrors } from "../../kernel/tags.ts";
import { analyzers, onAnalyzerOf, requireAnalyzerOf } from "./analyzer/row.ts";
import { reservedTagKey, tooManyTags } from "./errors.ts";
import { operation } from "./kit.ts";

export const TAG_ERRORS: TagErrors = { tooMany: tooManyTags, reservedKey: reservedTagKey };

export const tagResource = operation("TagResource", {
  authorize: ({ resourceArn, tags }, context) =>
    onAnalyzerOf("TagResource", resourceArn, context, { requestTags: tags }),

  async handle({ resourceArn, tags }, context) {
    const analyzer = await requireAnalyzerOf(resourceArn, context);
    context.tx.put(analyzers, { ...analyzer, tags: addTags(analyzer.tags, tags, TAG_ERRORS) });
    return {};
  },
});

export const untagResource = operation("UntagResource", {
  authorize: ({ resourceArn, tagKeys }, context) => onAnalyzerOf("UntagResource", resourceArn, context, { tagKeys }),

  async handle({ resourceArn, tagKeys }, context) {
    const analyzer = await requireAnalyzerOf(resourceArn, context);
    context.tx.put(analyzers, { ...analyzer, tags: removeTags(analyzer.tags, tagKeys) });
    return {};
  },
});

export const listTagsForResource = operation("ListTagsForResource", {
  authorize: ({ resourceArn }, context) => onAnalyzerOf("ListTagsForResource", resourceArn, context),

  async handle({ resourceArn }, context) {
    const { tags } = await requireAnalyzerOf(resourceArn, context);
    return { tags };
  },
});
