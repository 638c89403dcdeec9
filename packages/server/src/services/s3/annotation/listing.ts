/**
 * Listing the annotations of an object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectAnnotations.html
 */
import { decodeToken, encodeToken } from "../../../kernel/page.ts";
import { requireBucket } from "../bucket/row.ts";
import { invalidArgument, invalidContinuationToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { askForObject, requireObject, versionIdOf } from "../object/object.ts";
import { quote } from "../object/write.ts";
import { chargeOf } from "../bucket/requester-pays.ts";
import { annotations, type Annotation } from "./row.ts";

export const listObjectAnnotations = operation("ListObjectAnnotations", {
  async authorize(input, context) {
    const action = `s3:ListObject${input.VersionId === undefined ? "" : "Version"}Annotations`;
    const access = await askForObject(action, input, context);
    const { AnnotationPrefix, MaxAnnotationResults } = input;
    const keys = {
      "s3:annotation-prefix": AnnotationPrefix,
      "s3:max-annotation-results": MaxAnnotationResults === undefined ? undefined : String(MaxAnnotationResults),
    };
    return { ...access, keys: { ...access.keys, ...keys } };
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    const { AnnotationPrefix, ContinuationToken, MaxAnnotationResults: limit = PAGE_ITEMS_MAX } = input;
    if (limit < 1 || limit > PAGE_ITEMS_MAX) throw badLimit(limit);
    const object = await requireObject(input, bucket, context);
    const { anchor = "" } = object.annotations ?? {};
    const found = await context.tx.scan(annotations, {
      prefix: [anchor],
      startsWith: AnnotationPrefix || undefined,
      ...(ContinuationToken !== undefined && { after: [anchor, nameIn(ContinuationToken)] }),
      limit: limit + 1,
    });
    const given = found.slice(0, limit);
    const last = found.length > limit ? given.at(-1) : undefined;
    return {
      Bucket: bucket.name,
      Key: object.key,
      ObjectVersionId: versionIdOf(object, bucket),
      AnnotationPrefix,
      MaxAnnotationResults: limit,
      AnnotationCount: given.length,
      Annotations: given.map(formatEntry),
      ContinuationToken,
      NextContinuationToken: last && encodeToken([last.name]),
      ...chargeOf(bucket, context),
    };
  },
});

function nameIn(token: string): string {
  const [name] = decodeToken(token, invalidContinuationToken);
  if (typeof name !== "string") throw invalidContinuationToken();
  return name;
}

const badLimit = (value: number) =>
  invalidArgument(`Argument max-annotation-results must be an integer between 1 and ${PAGE_ITEMS_MAX}`, {
    name: "max-annotation-results",
    value: String(value),
  });

const formatEntry = ({ name, modifiedAtMs, etag, checksum, size }: Annotation) => ({
  AnnotationName: name,
  LastModified: new Date(modifiedAtMs),
  ETag: quote(etag),
  ChecksumAlgorithm: [checksum.algorithm],
  Size: size,
});
