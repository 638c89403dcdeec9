/**
 * Legal holds: they keep a version until they are taken away, whatever its retention.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html
 */
import { onObject } from "../access.ts";
import { requireBucket } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object/change.ts";
import { askForObject, requireNoMarker, rewriteObject } from "../object/object.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";
import { bucketLocksNothing, objectNotLocked } from "./errors.ts";
import { parseSwitch } from "./lock.ts";
import { lockKeys } from "./requested.ts";

export const putObjectLegalHold = operation("PutObjectLegalHold", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const keys = lockKeys({ ObjectLockLegalHoldStatus: input.LegalHold?.Status }, context.now());
    return onObject("s3:PutObjectLegalHold", context, { bucket, key: input.Key, input, ...(keys && { keys }) });
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireDigestAndIntegrity(context.request);
    const legalHold = parseSwitch(input.LegalHold?.Status);
    if (!legalHold) throw malformedXml();
    if (!bucket.objectLock) throw bucketLocksNothing();
    const object = await requireNoMarker("PUT", input, { bucket, context });
    const version = { ...object, legalHold };
    rewriteObject(version, context);
    await announce({ kind: "ObjectLock:Put", bucket, version }, context);
    return chargeOf(bucket, context);
  },
});

export const getObjectLegalHold = operation("GetObjectLegalHold", {
  authorize: (input, context) => askForObject("s3:GetObjectLegalHold", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    if (!bucket.objectLock) throw bucketLocksNothing();
    const { legalHold } = await requireNoMarker("GET", input, { bucket, context });
    if (!legalHold) throw objectNotLocked();
    return { LegalHold: { Status: legalHold } };
  },
});
