/**
 * Tags of vaults.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/tagging.html
 */
import { addTags, removeTags, TAGS_PER_RESOURCE_MAX, type TagErrors } from "../../../kernel/tags.ts";
import { onVault } from "../access.ts";
import { invalidValue, missing, tooManyTags } from "../errors.ts";
import { operation } from "../kit.ts";
import { TAG_KEY_CHARACTERS_MAX, TAG_VALUE_CHARACTERS_MAX } from "../limits.ts";
import { requireVault, vaults } from "./row.ts";

const TAG_ERRORS: TagErrors = {
  tooMany: () => tooManyTags(TAGS_PER_RESOURCE_MAX),
  reservedKey: (key) => invalidValue("tag key", key),
};

export const addTagsToVault = operation("AddTagsToVault", {
  authorize: (input, context) => onVault("AddTagsToVault", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    if (input.Tags === undefined) throw missing("Tags");
    for (const [key, value] of Object.entries(input.Tags)) requireTag(key, value);
    place.tx.put(vaults, { ...vault, tags: addTags(vault.tags, input.Tags, TAG_ERRORS) });
    return {};
  },
});

/** @throws {AwsError} `InvalidParameterValueException` */
function requireTag(key: string, value: string): void {
  if (!isText(key, TAG_KEY_CHARACTERS_MAX) || key === "") throw invalidValue("tag key", key);
  if (!isText(value, TAG_VALUE_CHARACTERS_MAX)) throw invalidValue("tag value", value);
}

const isText = (text: string, charactersMax: number): boolean =>
  text.length <= charactersMax && /^[\p{L}\p{Z}\p{N}_./=+\-@:]*$/u.test(text);

export const listTagsForVault = operation("ListTagsForVault", {
  authorize: (input, context) => onVault("ListTagsForVault", input, context),

  async handle(input, context) {
    const { vault } = await requireVault(input, context);
    return { Tags: { ...vault.tags } };
  },
});

export const removeTagsFromVault = operation("RemoveTagsFromVault", {
  authorize: (input, context) => onVault("RemoveTagsFromVault", input, context),

  async handle(input, context) {
    const { place, vault } = await requireVault(input, context);
    if (input.TagKeys === undefined) throw missing("TagKeys");
    place.tx.put(vaults, { ...vault, tags: removeTags(vault.tags, input.TagKeys) });
    return {};
  },
});
