/**
 * Bringing archived objects back: for some days, or from an archive tier of Intelligent-Tiering to stay. The bytes lie
 * where they always lay; what is archived of them is that nobody is given them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html
 */
import type { RestoreRequest, Tier } from "@aws-sdk/client-s3";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Job } from "../../../service/service.ts";
import type { Validated } from "../../../service/sdk.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { requireWord } from "../choice.ts";
import {
  alreadyInActiveTier,
  invalidArgument,
  malformedXml,
  notImplemented,
  restoreInProgress,
  restoreNotAllowed,
} from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { announce } from "../object/change.ts";
import { askForObject, findVersion, requireNoMarker, rewriteObject, type StoredObject } from "../object/object.ts";
import { chargeOf } from "../bucket/requester-pays.ts";
import { isArchived, midnightAfter, standingOf, type Restoration } from "./restoration.ts";
import { storageClassOf } from "./storage-class.ts";
import { NULL_VERSION } from "../version/id.ts";
import { isMarker } from "../version/row.ts";

export const restoreObject = operation("RestoreObject", {
  callers: "open",
  authorize: (input, context) => askForObject("s3:RestoreObject", input, context),

  async handle(input, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const object = await requireNoMarker("POST", input, { bucket, context });
    requireArchived(object);
    const asked = parseRequest(input.RestoreRequest, object);
    const standing = standingOf(object, context.now());
    if (standing === "restored") {
      prolong(object, asked, context);
      return { ...chargeOf(bucket, context), [ALREADY_RESTORED]: true };
    }
    const restoration = begin(object, asked, context);
    const version = { ...object, restoration };
    rewriteObject(version, context);
    context.at(restoration.readyAtMs, "restored", jobKey(object));
    if (standing === "none") await announce({ kind: "ObjectRestore:Post", bucket, version }, context);
    return chargeOf(bucket, context);
  },
});

/** No member of the answer, but what makes it a 200: see the dialect of S3. */
const ALREADY_RESTORED = "AlreadyRestored";

/** @throws {AwsError} `InvalidObjectState`, `ObjectAlreadyInActiveTierError` */
function requireArchived(object: StoredObject): void {
  if (isArchived(object)) return;
  if (object.storageClass === "INTELLIGENT_TIERING") throw alreadyInActiveTier();
  throw restoreNotAllowed(storageClassOf(object));
}

interface Asked {
  readonly tier: Tier;
  /** Left out where the object comes back to stay. */
  readonly days?: number | undefined;
}

/**
 * Differs: restorations with a query (`SELECT`) answer 501.
 *
 * @throws {AwsError} `MalformedXML`, `InvalidArgument`
 */
function parseRequest(request: Validated<RestoreRequest> | undefined, object: StoredObject): Asked {
  if (request === undefined) throw malformedXml();
  if (request.Type !== undefined || request.SelectParameters || request.OutputLocation) throw notImplemented("Type");
  const { Days: days, Tier: outerTier = "Standard" } = request;
  const tier = requireWord(request.GlacierJobParameters?.Tier ?? outerTier, ["Expedited", "Standard", "Bulk"]);
  if (durationOf(object, tier) === undefined) throw tierNotOffered(tier);
  requireTerm(days, object);
  return { tier, days };
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreRequest.html (Days) */
function requireTerm(days: number | undefined, { archiveTier }: StoredObject): void {
  const isWanted = archiveTier === undefined;
  if (isWanted !== (days !== undefined) || (days !== undefined && days < 1)) throw malformedXml();
}

const tierNotOffered = (tier: Tier) =>
  invalidArgument("The retrieval tier is not supported by the object's storage class", { name: "Tier", value: tier });

/**
 * How long a restoration takes: the longest that AWS says of each.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects-retrieval-options.html
 */
function durationOf({ storageClass, archiveTier }: StoredObject, tier: Tier): number | undefined {
  const isDeep = storageClass === "DEEP_ARCHIVE" || archiveTier === "DEEP_ARCHIVE_ACCESS";
  if (tier === "Expedited") return isDeep ? undefined : 5 * MINUTE_MS;
  if (tier === "Standard") return (isDeep ? 12 : 5) * HOUR_MS;
  return (isDeep ? 48 : 12) * HOUR_MS;
}

/**
 * A restoration under way may only be made faster; it keeps its days.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/restoring-objects.html#restoring-objects-upgrade-tier
 *
 * @throws {AwsError} `RestoreAlreadyInProgress`
 */
function begin(object: StoredObject, { tier, days }: Asked, context: Context): Restoration {
  const nowMs = context.now().getTime();
  const readyAtMs = nowMs + (durationOf(object, tier) ?? 0);
  const before = object.restoration;
  if (standingOf(object, context.now()) !== "ongoing" || before === undefined) return until(readyAtMs, days);
  if (readyAtMs >= before.readyAtMs) throw restoreInProgress();
  return until(readyAtMs, before.days);
}

/** The last day ends with a midnight. */
function until(readyAtMs: number, days: number | undefined): Restoration {
  if (days === undefined) return { readyAtMs };
  return { readyAtMs, days, expiresAtMs: midnightAfter(readyAtMs + days * DAY_MS) };
}

/** Another term for a copy that is there, counted from now. */
function prolong(object: StoredObject, { days }: Asked, context: Context): void {
  if (object.restoration === undefined) return;
  const { expiresAtMs = 0 } = until(context.now().getTime(), days);
  rewriteObject({ ...object, restoration: { ...object.restoration, expiresAtMs } }, context);
  context.at(expiresAtMs, "restoration-expired", jobKey(object));
}

/** Names a version across transactions. */
const jobKey = ({ bucket, key, versionId = NULL_VERSION }: StoredObject): string => `${bucket}/${versionId}/${key}`;

/** The bucket and the object that a job is about, where both still are. */
async function subjectOf(job: string, context: Context) {
  const [, Bucket = "", VersionId = "", Key = ""] = /^([^/]+)\/([^/]+)\/(.+)$/s.exec(job) ?? [];
  const bucket = await context.tx.get(buckets, Bucket);
  const object = bucket && (await findVersion({ Bucket, Key, VersionId }, bucket, context));
  return bucket && object && !isMarker(object) ? { bucket, object } : undefined;
}

/** A restoration has come to its end: the bytes can be read. */
export const restored: Job = async (context, key) => {
  const { bucket, object } = (await subjectOf(key, context)) ?? {};
  // put anew in the meantime
  if (!bucket || object?.restoration === undefined || standingOf(object, context.now()) === "ongoing") return;
  const { restoration, archiveTier: _tier, ...rest } = object;
  const { expiresAtMs } = restoration;
  const version = expiresAtMs === undefined ? { ...rest, accessedAtMs: context.now().getTime() } : object;
  if (expiresAtMs === undefined) rewriteObject(version, context);
  else context.at(expiresAtMs, "restoration-expired", key);
  await announce({ kind: "ObjectRestore:Completed", bucket, version }, context);
};

/** The days of a restored copy are over. */
export const restorationExpired: Job = async (context, key) => {
  const { bucket, object } = (await subjectOf(key, context)) ?? {};
  if (!bucket || object?.restoration === undefined || standingOf(object, context.now()) !== "none") return;
  const { restoration: _restoration, ...version } = object;
  rewriteObject(version, context);
  await announce({ kind: "ObjectRestore:Delete", bucket, version }, context);
};
