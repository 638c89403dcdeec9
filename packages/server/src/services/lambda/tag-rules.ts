import { addTags, type Tags } from "../../kernel/tags.ts";
import { tagsUnprocessable, tooManyTags } from "./errors.ts";

/** @throws {AwsError} `InvalidParameterValueException` */
export const requireTags = (more: Tags, tags: Tags): Tags =>
  addTags(tags, more, { tooMany: tooManyTags, reservedKey: tagsUnprocessable });
