/** Puts a version that was made elsewhere into its place among those of its key: by when it was made, not when it came. */
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { CURRENT, objects, type StoredObject } from "../object/object.ts";
import { announce } from "../object/change.ts";
import { sequenceOfObject, steppedBack } from "../version/succession.ts";
import { isMarker, newestVersion, orderOf, putVersion, versions, type DeleteMarker } from "../version/row.ts";

export async function placeCopy(copy: StoredObject, bucket: Bucket, context: Context): Promise<void> {
  const isNewest = await stepBack(copy, orderOf(sequenceOfObject(copy)), context);
  const placed = isNewest
    ? { ...copy, order: CURRENT }
    : { ...copy, order: orderOf(sequenceOfObject(copy)), noncurrentAtMs: context.now().getTime() };
  if (isNewest) context.tx.put(objects, placed);
  else putVersion(placed, context);
  await announce({ kind: "ObjectCreated:Put", bucket, version: placed }, context);
}

export async function placeMarker(marker: DeleteMarker, bucket: Bucket, context: Context): Promise<void> {
  const isNewest = await stepBack(marker, marker.order, context);
  const placed = isNewest ? marker : { ...marker, noncurrentAtMs: context.now().getTime() };
  if (isNewest) context.tx.delete(objects, marker.bucket, marker.key, CURRENT);
  putVersion(placed, context);
  await announce({ kind: "ObjectRemoved:DeleteMarkerCreated", bucket, version: placed }, context);
}

/** Whether a version of that order is the newest of its key; what was so far steps back then. */
async function stepBack(
  { bucket, key }: { readonly bucket: string; readonly key: string },
  order: number,
  context: Context,
): Promise<boolean> {
  const current = await context.tx.get(objects, bucket, key, CURRENT);
  if (current) {
    if (orderOf(sequenceOfObject(current)) < order) return false;
    putVersion(steppedBack(current, context), context);
    return true;
  }
  const newest = await newestVersion({ bucket, key }, context);
  if (newest === undefined || !isMarker(newest)) return true;
  if (newest.order < order) return false;
  if (newest.noncurrentAtMs === undefined) {
    context.tx.put(versions, { ...newest, noncurrentAtMs: context.now().getTime() });
  }
  return true;
}
