/**
 * Retention of a version.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
 */
import type { ObjectLockRetention } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onObject } from "../access.ts";
import { requireBucket } from "../bucket-row.ts";
import { malformedXml } from "../errors.ts";
import { requireDigestAndIntegrity } from "../integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object-change.ts";
import { askForObject, requireNoMarker, rewriteObject, type StoredObject } from "../object.ts";
import { chargeOf, requirePaidBucket } from "../requester-pays.ts";
import { refuseUnbuilt } from "../unbuilt.ts";
import { bucketLocksNothing, objectLocked, objectNotLocked, retentionInPast } from "./errors.ts";
import { parseMode, protectionOf, type Retention } from "./lock.ts";
import { requireBypass, type Unlocking } from "./protection.ts";
import { lockKeys } from "./requested-lock.ts";

export const putObjectRetention = operation("PutObjectRetention", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const { Mode: ObjectLockMode, RetainUntilDate: ObjectLockRetainUntilDate } = input.Retention ?? {};
    const keys = lockKeys({ ObjectLockMode, ObjectLockRetainUntilDate }, context.now());
    return onObject("s3:PutObjectRetention", context, { bucket, key: input.Key, input, ...(keys && { keys }) });
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireDigestAndIntegrity(context.request);
    if (!bucket.objectLock) throw bucketLocksNothing();
    const asked = toRetention(input.Retention, context.now());
    const object = await requireNoMarker("PUT", input, { bucket, context });
    await requireChangeable(object, asked, { unlocking: { ...input, bucket }, context });
    const { retention: _before, ...rest } = object;
    const version = asked ? { ...rest, retention: asked } : rest;
    rewriteObject(version, context);
    await announce({ kind: "ObjectLock:Put", bucket, version }, context);
    return chargeOf(bucket, context);
  },
});

/** An empty one takes the retention away. */
function toRetention(asked: Validated<ObjectLockRetention> | undefined, now: Date): Retention | undefined {
  if (asked === undefined) throw malformedXml();
  const { Mode, RetainUntilDate: until, EventHold, EventHoldDuration } = asked;
  refuseUnbuilt({ EventHold, EventHoldDuration });
  if (Mode === undefined && until === undefined) return undefined;
  const mode = parseMode(Mode);
  if (!mode || !until) throw malformedXml();
  if (until <= now) throw retentionInPast("RetainUntilDate", until);
  return { mode, untilMs: until.getTime() };
}

interface Changing {
  readonly unlocking: Unlocking;
  readonly context: Context;
}

/** Longer in the same mode is always right; anything else is only where the one that stands may be bypassed. */
async function requireChangeable(
  object: StoredObject,
  asked: Retention | undefined,
  { unlocking, context }: Changing,
): Promise<void> {
  const { retention } = object;
  const protection = protectionOf({ retention }, context.now());
  const isKept = asked?.mode === retention?.mode && (asked?.untilMs ?? 0) >= (retention?.untilMs ?? 0);
  if (protection === "none" || isKept) return;
  if (protection === "absolute") throw objectLocked();
  await requireBypass(object, unlocking, context);
}

export const getObjectRetention = operation("GetObjectRetention", {
  authorize: (input, context) => askForObject("s3:GetObjectRetention", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    if (!bucket.objectLock) throw bucketLocksNothing();
    const { retention } = await requireNoMarker("GET", input, { bucket, context });
    if (!retention) throw objectNotLocked();
    return { Retention: { Mode: retention.mode, RetainUntilDate: new Date(retention.untilMs) } };
  },
});
