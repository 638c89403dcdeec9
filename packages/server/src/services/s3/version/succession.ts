/**
 * How the versions of a key follow each other: what becomes of the current object when another takes its place, and
 * what takes the place of a version that is removed. Each costs the same, however many versions there are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
import { inTurn, whenThere, type Soon } from "../../../kernel/soon.ts";
import type { Context } from "../../../service/context.ts";
import { dropAnnotations } from "../annotation/row.ts";
import { dropBody } from "../body/body.ts";
import type { Bucket, Versioning } from "../bucket/row.ts";
import { CURRENT, objects, type StoredObject } from "../object/object.ts";
import { newVersionId, sequenceAt } from "./id.ts";
import {
  findNullVersion,
  isMarker,
  newestVersion,
  orderOf,
  putVersion,
  removeVersion,
  versions,
  type DeleteMarker,
  type StoredVersion,
} from "./row.ts";

/** What moving versions takes. */
type Effects = Pick<Context, "tx" | "blobs" | "now" | "newId">;

interface Place {
  readonly key: string;
  readonly bucket: Pick<Bucket, "name" | "versioning">;
  /** The current object, where there is one. */
  readonly current: StoredObject | undefined;
}

/** What a new version gets to be known by. */
interface Standing {
  readonly versionId?: string;
  readonly sequence?: number;
}

/** Makes room for a new version, before which what is current steps back or, where only one is kept, goes. */
export function makeRoom(place: Place, context: Effects): Soon<Standing> {
  const { bucket, current } = place;
  if (bucket.versioning !== undefined) return makeRoomAbove(place, bucket.versioning, context);
  return whenThere(current && dropObject(current, context), () => ({}));
}

async function makeRoomAbove(place: Place, { status }: Versioning, context: Effects): Promise<Standing> {
  const { current } = place;
  const sequence = await nextSequence(place, context);
  if (status === "Suspended") await removeNull(place, context);
  if (current && (status === "Enabled" || current.versionId !== undefined)) {
    putVersion(steppedBack(current, context), context);
  }
  return status === "Enabled" ? { sequence, versionId: newVersionId(sequence, context) } : { sequence };
}

/** What lies beside an object's row goes with it. */
const dropObject = (object: StoredObject, context: Effects): Soon<void> =>
  inTurn([() => dropBody(object.body, context), () => dropAnnotations(object, context)]);

/** Greater than that of all other versions of the key, and hardly ever that of a version made elsewhere in the same second. */
async function nextSequence({ bucket, key, current }: Place, context: Effects): Promise<number> {
  const now = sequenceAt(context.now().getTime()) + chanceWithin(context);
  if (current) return Math.max(now, sequenceOfObject(current) + 1);
  const newest = await newestVersion({ bucket: bucket.name, key }, context);
  if (newest === undefined) return now;
  if (newest.noncurrentAtMs === undefined) {
    context.tx.put(versions, { ...newest, noncurrentAtMs: context.now().getTime() });
  }
  return Math.max(now, -newest.order + 1);
}

const CHANCE_DIGITS = 4;

/** Below a second. */
const chanceWithin = (context: Pick<Context, "newId">): number =>
  Number.parseInt(context.newId().slice(0, CHANCE_DIGITS), 16);

/** An object's place among the versions of its key, whether it is current or not. */
export const sequenceOfObject = ({ sequence, modifiedAtMs }: StoredObject): number =>
  sequence ?? sequenceAt(modifiedAtMs);

export const steppedBack = (current: StoredObject, context: Effects): StoredObject => ({
  ...current,
  order: orderOf(sequenceOfObject(current)),
  noncurrentAtMs: context.now().getTime(),
});

/** There is one version `null` at the most. */
async function removeNull({ bucket, key, current }: Place, context: Effects): Promise<void> {
  if (current && current.versionId === undefined) return dropObject(current, context);
  const found = await findNullVersion({ bucket: bucket.name, key }, context);
  if (found === undefined) return;
  removeVersion(found, context);
  if (!isMarker(found)) await dropObject(found, context);
}

/** Ends what is current, leaving a delete marker where the bucket keeps versions. */
export async function endCurrent(place: Place, context: Effects): Promise<DeleteMarker | undefined> {
  const { bucket, key, current } = place;
  const { versionId, sequence } = await makeRoom(place, context);
  if (current) context.tx.delete(objects, bucket.name, key, CURRENT);
  if (sequence === undefined) return undefined;
  const marker: DeleteMarker = {
    deleteMarker: true,
    bucket: bucket.name,
    key,
    order: orderOf(sequence),
    ...(versionId !== undefined && { versionId }),
    modifiedAtMs: context.now().getTime(),
  };
  putVersion(marker, context);
  return marker;
}

/** Removes one version for good; the one before takes its place if it was the newest. */
export async function endVersion(version: StoredVersion, context: Effects): Promise<void> {
  const { bucket, key, order } = version;
  if (!isMarker(version)) await dropObject(version, context);
  if (order === CURRENT) context.tx.delete(objects, bucket, key, CURRENT);
  else removeVersion(version, context);
  const isCovered = order !== CURRENT && (await context.tx.get(objects, bucket, key, CURRENT)) !== undefined;
  const next = isCovered ? undefined : await newestVersion({ bucket, key }, context);
  if (next) stepForward(next, context);
}

/** Makes the newest of the versions behind the current object what it is without one. */
function stepForward(version: StoredVersion, context: Effects): void {
  if (isMarker(version)) {
    const { noncurrentAtMs: _over, ...latest } = version;
    return context.tx.put(versions, latest);
  }
  const { noncurrentAtMs: _over, ...newest } = version;
  removeVersion(version, context);
  context.tx.put(objects, { ...newest, order: CURRENT });
}
