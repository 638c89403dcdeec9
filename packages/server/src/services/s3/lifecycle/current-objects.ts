/**
 * Current objects: they are moved to other classes, and end. Where a bucket keeps versions an end leaves a delete
 * marker, and what has ended is a version from then on.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-expire-general-considerations.html
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import { objects, type StoredObject } from "../object/object.ts";
import { endCurrent } from "../version/succession.ts";
import { earliest, expirationOf, outlookOfCurrent } from "./due.ts";
import { tierDown } from "./tier.ts";
import { move, PAGE_ROWS, tell, type Round, type Stage } from "./stage.ts";

export const currentObjects: Stage = {
  isNeeded: ({ ruling, tierings }) =>
    tierings.length > 0 ||
    ruling.rules.some(
      ({ expiration, transitions }) => transitions.length > 0 || (expiration && expiration.kind !== "marker"),
    ),

  async step(round, cursor) {
    const { bucket, context } = round;
    const rows = await context.tx.scan(objects, { prefix: [bucket.name], after: cursor?.after, limit: PAGE_ROWS });
    const nexts: (number | undefined)[] = [];
    for (const row of rows) nexts.push(await lookAt(row, round));
    const last = rows.at(-1);
    return {
      nextMs: earliest(nexts),
      cursor: last && rows.length === PAGE_ROWS ? { after: objects.keyOf(last) } : undefined,
    };
  },
};

/** Does what is due with an object. When to look again. */
async function lookAt(object: StoredObject, round: Round): Promise<number | undefined> {
  const { ruling, nowMs } = round;
  const end = expirationOf(object, ruling.rules);
  const isOver = end !== undefined && end.dueMs <= nowMs;
  // what is deleted for good is not moved before
  if (isOver && round.bucket.versioning === undefined) return expire(object, round);
  const { moveTo, nextMs } = outlookOfCurrent(object, ruling, nowMs);
  const moved = moveTo === undefined ? object : await move(object, moveTo, round);
  if (isOver) return expire(moved, round);
  return earliest([end?.dueMs, nextMs, await tierDown(moved, round)]);
}

async function expire(current: StoredObject, round: Round): Promise<undefined> {
  const { bucket, nowMs, context } = round;
  // what rules do is dated at the midnight of the day. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configure-notification.html
  const effects = {
    tx: context.tx,
    blobs: context.blobs,
    newId: () => context.newId(),
    now: () => new Date(Math.floor(nowMs / DAY_MS) * DAY_MS),
  };
  const marker = await endCurrent({ bucket, key: current.key, current }, effects);
  if (marker) await tell("LifecycleExpiration:DeleteMarkerCreated", marker, round);
  else await tell("LifecycleExpiration:Delete", current, round);
}
