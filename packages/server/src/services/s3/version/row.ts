/**
 * The versions of objects that are not current, and delete markers. The current object of a key lies in a table of its
 * own, so that neither reads nor listings of current objects ever meet an older version.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html
 */
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { StoredObject } from "../object/object.ts";
import { sequenceOf } from "./id.ts";

/** Stands where a deletion named no version: the key's newest version says that there is no object. */
export interface DeleteMarker {
  readonly deleteMarker: true;
  readonly bucket: string;
  readonly key: string;
  readonly order: number;
  /** Absent: the version `null`. */
  readonly versionId?: string;
  readonly modifiedAtMs: number;
  /** Since when it is not the newest version. */
  readonly noncurrentAtMs?: number;
  /** It came by replication. */
  readonly replica?: true;
}

export type StoredVersion = (StoredObject & { readonly deleteMarker?: undefined }) | DeleteMarker;

export const isMarker = (version: StoredVersion): version is DeleteMarker => version.deleteMarker === true;

/** All but current objects, of one key the newest first: by the sequence in their ids, backwards. */
export const versions = table<StoredVersion>("s3.version", "global", ({ bucket, key, order }) => [bucket, key, order]);

/** Where the version `null` of a key lies, while it is no current object. */
interface NullVersion {
  readonly bucket: string;
  readonly key: string;
  readonly order: number;
}

const nullVersions = table<NullVersion>("s3.null-version", "global", ({ bucket, key }) => [bucket, key]);

type Tx = Pick<Context, "tx">;

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Puts a version behind the current object, or a delete marker, in its place by sequence. */
export function putVersion(version: StoredVersion, { tx }: Tx): void {
  const { bucket, key, order, versionId } = version;
  tx.put(versions, version);
  if (versionId === undefined) tx.put(nullVersions, { bucket, key, order });
}

export function removeVersion({ bucket, key, order, versionId }: StoredVersion, { tx }: Tx): void {
  tx.delete(versions, bucket, key, order);
  if (versionId === undefined) tx.delete(nullVersions, bucket, key);
}

/** The newest of the versions that are not current: where there is no current object, the latest of all. */
export async function newestVersion({ bucket, key }: Place, { tx }: Tx): Promise<StoredVersion | undefined> {
  const [newest] = await tx.scan(versions, { prefix: [bucket, key], limit: 1 });
  return newest;
}

/** The version `null` where it is not the current object. */
export async function findNullVersion({ bucket, key }: Place, { tx }: Tx): Promise<StoredVersion | undefined> {
  const place = await tx.get(nullVersions, bucket, key);
  return place && tx.get(versions, bucket, key, place.order);
}

/** The version of that id where it is not the current object. */
export async function findOlderVersion(
  { bucket, key, versionId }: Place & { readonly versionId: string },
  { tx }: Tx,
): Promise<StoredVersion | undefined> {
  const sequence = sequenceOf(versionId);
  if (sequence === undefined) return undefined;
  const found = await tx.get(versions, bucket, key, orderOf(sequence));
  return found?.versionId === versionId ? found : undefined;
}

/** Greater sequences come first. */
export const orderOf = (sequence: number): number => -sequence;
