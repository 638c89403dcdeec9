/**
 * Versions that are not current: they are moved to other classes, and removed for good; and delete markers that nothing
 * lies behind any more.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (NoncurrentVersionExpiration)
 */
import { protectionOf } from "../lock/lock.ts";
import { endVersion } from "../version/succession.ts";
import { isMarker, versions, type DeleteMarker, type StoredVersion } from "../version/row.ts";
import { earliest, markerExpirationMs, noncurrentExpirationMs, outlookOfNoncurrent } from "./due.ts";
import type { Rule } from "./rule.ts";
import { move, PAGE_ROWS, tell, type Round, type Stage } from "./stage.ts";
import { tierDown } from "./tier.ts";
import { midnightToCome } from "./wake.ts";

export const olderVersions: Stage = {
  isNeeded: ({ bucket, ruling, tierings }) =>
    bucket.versioning !== undefined && (tierings.length > 0 || ruling.rules.some(concernsVersions)),

  async step(round, cursor) {
    const { bucket, context } = round;
    const rows = await context.tx.scan(versions, { prefix: [bucket.name], after: cursor?.after, limit: PAGE_ROWS });
    let { key = "", newer = 0 } = cursor ?? {};
    const nexts: (number | undefined)[] = [];
    for (const row of rows) {
      if (row.key !== key) newer = 0;
      key = row.key;
      const sinceMs = row.noncurrentAtMs;
      if (sinceMs !== undefined) nexts.push(await lookAt(row, { sinceMs, newer: newer++ }, round));
      else if (isMarker(row)) nexts.push(await lookAtMarker(row, round));
    }
    const last = rows.at(-1);
    return {
      nextMs: earliest(nexts),
      cursor: last && rows.length === PAGE_ROWS ? { after: versions.keyOf(last), key, newer } : undefined,
    };
  },
};

const concernsVersions = ({ expiration, noncurrentExpiration, noncurrentTransitions }: Rule): boolean =>
  expiration !== undefined || noncurrentExpiration !== undefined || noncurrentTransitions.length > 0;

/** Does what is due with a version, before which lie `newer` others that are not current. When to look again. */
async function lookAt(
  version: StoredVersion,
  at: { readonly sinceMs: number; readonly newer: number },
  round: Round,
): Promise<number | undefined> {
  const { ruling, nowMs } = round;
  const endMs = noncurrentExpirationMs(version, at, ruling.rules);
  if (endMs !== undefined && endMs <= nowMs && !isLocked(version, round)) return remove(version, round);
  if (isMarker(version)) return endMs;
  const { moveTo, nextMs } = outlookOfNoncurrent(version, at, { ruling, nowMs });
  const moved = moveTo === undefined ? version : await move(version, moveTo, round);
  const tierMs = await tierDown(moved, round);
  const laterMs = endMs === undefined ? undefined : Math.max(endMs, midnightToCome(round.context.now()));
  return earliest([laterMs, nextMs, tierMs]);
}

/** Nobody removes what is locked; it is looked at each day until it is not. */
const isLocked = (version: StoredVersion, { context }: Round): boolean =>
  !isMarker(version) && protectionOf(version, context.now()) !== "none";

/** Looks again at the next midnight: a delete marker may have been left alone. */
async function remove(version: StoredVersion, round: Round): Promise<number> {
  await endVersion(version, round.context);
  await tell("LifecycleExpiration:Delete", version, round);
  return midnightToCome(round.context.now());
}

/** A delete marker that is the newest version. */
async function lookAtMarker(marker: DeleteMarker, round: Round): Promise<number | undefined> {
  const { bucket, context, ruling, nowMs } = round;
  const endMs = markerExpirationMs(marker, ruling.rules);
  if (endMs === undefined) return undefined;
  const behind = await context.tx.scan(versions, { prefix: [bucket.name, marker.key], limit: 2 });
  // once it is alone a removal will have said to look again
  if (behind.length > 1) return undefined;
  if (endMs > nowMs) return endMs;
  await remove(marker, round);
  return undefined;
}
