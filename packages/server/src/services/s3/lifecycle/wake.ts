/**
 * When a bucket's objects are looked through. A pass knows when the next thing is due, so nobody looks before; what
 * changes in the meantime wakes the bucket up, once, and costs nothing after that until the next midnight. A bucket in
 * which nothing changes and nothing is due is never looked at.
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import { buckets, type Bucket } from "../bucket/row.ts";
import type { Follow } from "../object/change.ts";

/** A bucket that changed while nobody was to look at it before long. */
export const isAsleep = ({ lifecycle }: Bucket): boolean => lifecycle?.awake === false;

/** The first midnight to come. */
export const midnightToCome = (now: Date): number => (Math.floor(now.getTime() / DAY_MS) + 1) * DAY_MS;

/** Has the bucket looked through at the next midnight, or at an earlier time that was set already. */
export function passAtMidnight(bucket: Bucket, context: Context): void {
  const passAtMs = midnightToCome(context.now());
  context.tx.put(buckets, { ...bucket, lifecycle: { ...bucket.lifecycle, awake: true, passAtMs } });
  context.at(passAtMs, "lifecycle-pass", bucket.name);
}

/** Wakes the bucket, unless it is awake by now. */
export async function wake(name: string, context: Context): Promise<void> {
  const bucket = await context.tx.get(buckets, name);
  if (bucket && isAsleep(bucket)) passAtMidnight(bucket, context);
}

/** As a follower of changes. */
export const wakeOnChange: Follow = ({ bucket }, context) => wake(bucket.name, context);
