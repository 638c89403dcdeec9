import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagReserved, tooManyTags } from "./errors.ts";

/** @throws {AwsError} `InvalidParameterException`, `TooManyTagsException` */
export const requireNewTags = (more: Tags, tags: Tags): Tags =>
  addTags(tags, more, { tooMany: tooManyTags, reservedKey: tagReserved });
