/**
 * Retention of a version.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html
 */
import type { ObjectLockRetention } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { onObject } from "../access.ts";
import { requireBucket } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { requireDigestAndIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object/change.ts";
import { askForObject, requireNoMarker, rewriteObject, type StoredObject } from "../object/object.ts";
import { chargeOf, requirePaidBucket } from "../bucket/requester-pays.ts";
import { bucketLocksNothing, objectLocked, objectNotLocked, retentionInPast } from "./errors.ts";
import { formatEventHold, parseEventHold, type EventHold } from "./event-hold.ts";
import { parseMode, protectionOf, retainedUntil, type Retention, type RetentionMode } from "./lock.ts";
import { requireBypass, type Unlocking } from "./protection.ts";
import { leastUntil, lockKeys } from "./requested.ts";

export const putObjectRetention = operation("PutObjectRetention", {
  async authorize(input, context) {
    const bucket = await requirePaidBucket(input, context);
    const { Mode, RetainUntilDate, EventHold: ObjectLockEventHold, EventHoldDuration } = input.Retention ?? {};
    const asked = {
      ObjectLockMode: Mode,
      ObjectLockRetainUntilDate: RetainUntilDate,
      ObjectLockEventHold,
      ObjectLockEventHoldDurationDays: EventHoldDuration?.Days,
      ObjectLockEventHoldDurationYears: EventHoldDuration?.Years,
    };
    const keys = lockKeys(asked, context.now());
    return onObject("s3:PutObjectRetention", context, { bucket, key: input.Key, input, ...(keys && { keys }) });
  },

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireDigestAndIntegrity(context.request);
    if (!input.Retention) throw malformedXml();
    const asked = parseAsked(input.Retention, context.now());
    if (!bucket.objectLock) throw bucketLocksNothing();
    const object = await requireNoMarker("PUT", input, { bucket, context });
    const next = nextRetention(object.retention, asked, context.now());
    await requireChangeable(object, next, { unlocking: { ...input, bucket }, context });
    const { retention: _before, ...rest } = object;
    const version = next ? { ...rest, retention: next } : rest;
    rewriteObject(version, context);
    await announce({ kind: "ObjectLock:Put", bucket, version }, context);
    return chargeOf(bucket, context);
  },
});

type Asked =
  /** An empty one: the retention goes. */
  | { readonly kind: "nothing" }
  /** The event hold ends; the rest stays as it is. */
  | { readonly kind: "release" }
  | {
      readonly kind: "retain";
      readonly mode: RetentionMode;
      readonly until: Date | undefined;
      readonly eventHold: EventHold | undefined;
    };

/** @throws {AwsError} `MalformedXML`, `InvalidArgument` */
function parseAsked(asked: Validated<ObjectLockRetention>, now: Date): Asked {
  const { Mode, RetainUntilDate: until } = asked;
  const eventHold = parseEventHold(asked);
  if (Mode === undefined && until === undefined && eventHold?.status !== "ON") {
    return { kind: eventHold ? "release" : "nothing" };
  }
  const mode = parseMode(Mode);
  if (!mode || (!until && eventHold?.status !== "ON")) throw malformedXml();
  if (until && until <= now) throw retentionInPast("RetainUntilDate", until);
  return { kind: "retain", mode, until, eventHold };
}

function nextRetention(before: Retention | undefined, asked: Asked, now: Date): Retention | undefined {
  if (asked.kind === "nothing") return undefined;
  const released = before && release(before, now);
  if (asked.kind === "release") return released;
  const { mode, until, eventHold = before?.eventHold } = asked;
  const endedMs = asked.eventHold?.status === "OFF" ? (released?.untilMs ?? 0) : 0;
  return { mode, untilMs: Math.max(leastUntil(until, eventHold, now), endedMs), ...(eventHold && { eventHold }) };
}

/** When an event hold ends its period begins, and is over no sooner than what was retained anyway. */
const release = (before: Retention, now: Date): Retention => ({
  ...before,
  untilMs: retainedUntil(before, now),
  eventHold: { status: "OFF" },
});

interface Changing {
  readonly unlocking: Unlocking;
  readonly context: Context;
}

/** Longer in the same mode is always right; anything else is only where the one that stands may be bypassed. */
async function requireChangeable(
  object: StoredObject,
  next: Retention | undefined,
  { unlocking, context }: Changing,
): Promise<void> {
  const { retention: before } = object;
  const now = context.now();
  const protection = protectionOf({ retention: before }, now);
  if (protection === "none" || (before && next && isKept(before, next, now))) return;
  if (protection === "absolute") throw objectLocked();
  await requireBypass(object, unlocking, context);
}

const isKept = (before: Retention, next: Retention, now: Date): boolean =>
  before.mode === next.mode && retainedUntil(next, now) >= retainedUntil(before, now);

export const getObjectRetention = operation("GetObjectRetention", {
  authorize: (input, context) => askForObject("s3:GetObjectRetention", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    if (!bucket.objectLock) throw bucketLocksNothing();
    const { retention } = await requireNoMarker("GET", input, { bucket, context });
    if (!retention) throw objectNotLocked();
    const RetainUntilDate = new Date(retainedUntil(retention, context.now()));
    return { Retention: { Mode: retention.mode, RetainUntilDate, ...formatEventHold(retention.eventHold) } };
  },
});
