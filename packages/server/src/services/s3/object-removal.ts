/**
 * Deleting objects, one by one and in batches.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
 */
import type { DeletedObject, _Error as S3Error, ObjectIdentifier } from "@aws-sdk/client-s3";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import type { Validated } from "../../service/sdk.ts";
import { onObject } from "./access.ts";
import { dropBody } from "./body.ts";
import { requireBucket, type Bucket } from "./bucket-row.ts";
import { matches } from "./conditions.ts";
import { malformedXml, noSuchKey, preconditionFailed } from "./errors.ts";
import { requireDigestAndIntegrity } from "./integrity.ts";
import { operation } from "./kit.ts";
import { PAGE_ITEMS_MAX } from "./limits.ts";
import { CURRENT, findObject, isNullVersion, objects, requireVersionId, type ObjectInput } from "./object.ts";
import { refuseUnbuilt } from "./unbuilt.ts";
import { chargeOf, requirePaidBucket } from "./requester-pays.ts";

export const deleteObject = operation("DeleteObject", {
  callers: "open",

  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    return onObject(deleteAction(input), context, { bucket, key: input.Key, input });
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    refuseUnbuiltDeletion(input);
    refuseUnbuilt({
      "x-amz-if-match-last-modified-time": input.IfMatchLastModifiedTime,
      "x-amz-if-match-size": input.IfMatchSize,
    });
    await remove(input, context);
    return chargeOf(bucket, context);
  },
});

const deleteAction = ({ VersionId }: { readonly VersionId?: string | undefined }): string =>
  VersionId === undefined ? "s3:DeleteObject" : "s3:DeleteObjectVersion";

interface DeletionInput {
  readonly MFA?: string | undefined;
  readonly BypassGovernanceRetention?: boolean | undefined;
}

function refuseUnbuiltDeletion({ MFA, BypassGovernanceRetention }: DeletionInput): void {
  refuseUnbuilt({
    "x-amz-mfa": MFA,
    "x-amz-bypass-governance-retention": BypassGovernanceRetention || undefined,
  });
}

/** Deletes what is there; nothing happens where nothing is. */
async function remove(input: ObjectInput & { readonly IfMatch?: string | undefined }, context: Context): Promise<void> {
  requireVersionId(input.VersionId);
  const found = isNullVersion(input.VersionId) ? await findObject(input, context) : undefined;
  if (input.IfMatch !== undefined) {
    if (!found) throw noSuchKey(input.Key);
    if (!matches(input.IfMatch, found.etag)) throw preconditionFailed("If-Match");
  }
  if (!found) return;
  await dropBody(found.body, context);
  context.tx.delete(objects, found.bucket, found.key, CURRENT);
}

/** Each key is asked for by itself, so the batch as a whole needs no permission. */
export const deleteObjects = operation("DeleteObjects", {
  callers: "open",

  async authorize(input, context) {
    await requirePaidBucket(input, context);
    return [];
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    refuseUnbuiltDeletion(input);
    // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html (Content-MD5)
    await requireDigestAndIntegrity(context.request);
    const { Objects, Quiet } = input.Delete;
    if (Objects.length === 0 || Objects.length > PAGE_ITEMS_MAX) throw malformedXml();
    const deleted: DeletedObject[] = [];
    const errors: S3Error[] = [];
    for (const identifier of Objects) {
      const failure = await removeOne(identifier, bucket, context);
      if (failure) errors.push(failure);
      else deleted.push({ Key: identifier.Key, VersionId: identifier.VersionId });
    }
    return {
      ...(!Quiet && { Deleted: deleted }),
      ...(errors.length > 0 && { Errors: errors }),
      ...chargeOf(bucket, context),
    };
  },
});

async function removeOne(
  identifier: Validated<ObjectIdentifier>,
  bucket: Bucket,
  context: Context,
): Promise<S3Error | undefined> {
  const { Key, VersionId, ETag } = identifier;
  try {
    refuseUnbuilt({ LastModifiedTime: identifier.LastModifiedTime, Size: identifier.Size });
    await context.require(onObject(deleteAction(identifier), context, { bucket, key: Key, input: { VersionId } }));
    await remove({ Bucket: bucket.name, Key, VersionId, IfMatch: ETag }, context);
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Key, VersionId, Code: error.code, Message: error.message };
  }
}
