/** Headers and parameters that take one word out of a few. */
import { invalidArgument, malformedXml } from "./errors.ts";

interface Choice {
  /** As it travels. */
  readonly name: string;
  readonly words: readonly string[];
  /** What S3 says to any other. */
  readonly message: string;
}

/** @throws {AwsError} `InvalidArgument` */
export function requireChoice(value: string | undefined, { name, words, message }: Choice): void {
  if (value !== undefined && !words.includes(value)) throw invalidArgument(message, { name, value });
}

/**
 * A word of a document that knows only a few.
 *
 * @throws {AwsError} `MalformedXML`
 */
export function requireWord<Word extends string>(value: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === value);
  if (found === undefined) throw malformedXml();
  return found;
}

export const ENCODING_TYPE: Choice = {
  name: "encoding-type",
  words: ["url"],
  message: "Invalid Encoding Method specified in Request",
};

export const METADATA_DIRECTIVE: Choice = {
  name: "x-amz-metadata-directive",
  words: ["COPY", "REPLACE"],
  message: "Unknown metadata directive.",
};

export const TAGGING_DIRECTIVE: Choice = {
  name: "x-amz-tagging-directive",
  words: ["COPY", "REPLACE"],
  message: "Unknown tagging directive.",
};

export const ANNOTATION_DIRECTIVE: Choice = {
  name: "x-amz-object-annotation-directive",
  words: ["COPY", "EXCLUDE"],
  message: "Unknown annotation directive.",
};

export const OBJECT_ATTRIBUTE: Choice = {
  name: "x-amz-object-attributes",
  words: ["ETag", "Checksum", "ObjectParts", "StorageClass", "ObjectSize"],
  message: "Invalid attribute name specified.",
};

export const OPTIONAL_ATTRIBUTE: Choice = {
  name: "x-amz-optional-object-attributes",
  words: ["RestoreStatus"],
  message: "Invalid attribute name specified.",
};
