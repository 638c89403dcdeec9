/**
 * A walk over all versions of a bucket's keys: over current objects and over the rest at once, merged by key and, within
 * a key, from the newest to the oldest. A page costs about the entries that it gives.
 */
import type { Transaction } from "../../../kernel/table.ts";
import { walkKeys, type Entry, type Place, type Walk } from "../listing/key-walk.ts";
import { CURRENT, objects } from "../object/object.ts";
import { sequenceOfObject } from "./succession.ts";
import { NULL_VERSION, sequenceOf } from "./id.ts";
import { findNullVersion, newestVersion, orderOf, versions, type StoredVersion } from "./row.ts";

/** What a page begins behind: all of a key where no version is named. */
export interface VersionMarker {
  readonly key: string;
  readonly versionId: string | undefined;
}

export interface VersionWalk extends Pick<Walk<StoredVersion>, "bucket" | "prefix" | "delimiter" | "limit"> {
  readonly marker: VersionMarker | undefined;
}

export interface ListedVersion {
  readonly key: string;
  readonly version: StoredVersion;
  readonly isLatest: boolean;
}

interface Page {
  readonly entries: readonly Entry<ListedVersion>[];
  readonly more: boolean;
}

/** The next entries, `walk.limit` at the most, and whether there are more. */
export async function walkVersions(tx: Transaction, { marker, ...walk }: VersionWalk): Promise<Page> {
  if (walk.limit === 0) return { entries: [], more: false };
  const start = marker && (await startBehind(marker, walk.bucket, tx));
  const newer = await walkKeys(tx, { ...walk, table: objects, after: start?.objects });
  const older = await walkKeys(tx, { ...walk, table: versions, after: start?.versions });
  const merged = merge(newer.entries, older.entries);
  const given = merged.slice(0, walk.limit);
  const more = newer.more || older.more || merged.length > given.length;
  return { entries: await withLatest(given, { marker, bucket: walk.bucket, tx }), more };
}

async function startBehind(
  { key, versionId }: VersionMarker,
  bucket: string,
  tx: Transaction,
): Promise<Record<"objects" | "versions", Place>> {
  const wholeKey = { kind: "key", key } as const;
  const current = await tx.get(objects, bucket, key, CURRENT);
  const currentOrder = current && orderOf(sequenceOfObject(current));
  const order =
    versionId === undefined ? undefined : await orderOfVersion({ bucket, key, versionId }, currentOrder, tx);
  if (order === undefined) return { objects: wholeKey, versions: wholeKey };
  const isCurrentBehind = currentOrder !== undefined && currentOrder > order;
  return {
    objects: isCurrentBehind ? { kind: "row", key, rest: [CURRENT - 1] } : wholeKey,
    versions: { kind: "row", key, rest: [order] },
  };
}

/** Where the version of that id is, or was. */
async function orderOfVersion(
  { bucket, key, versionId }: Readonly<Record<"bucket" | "key" | "versionId", string>>,
  currentOrder: number | undefined,
  tx: Transaction,
): Promise<number | undefined> {
  if (versionId === NULL_VERSION) return (await findNullVersion({ bucket, key }, { tx }))?.order ?? currentOrder;
  const sequence = sequenceOf(versionId);
  return sequence === undefined ? undefined : orderOf(sequence);
}

/** Both in the order of keys; of one key, the current object is the newest. */
function merge(
  newer: readonly Entry<StoredVersion>[],
  older: readonly Entry<StoredVersion>[],
): readonly Entry<StoredVersion>[] {
  const merged: Entry<StoredVersion>[] = [];
  const rest = older.toReversed();
  for (const entry of newer) {
    const at = Buffer.from(nameOf(entry));
    for (let next = rest.at(-1); next && Buffer.from(nameOf(next)).compare(at) < 0; next = rest.at(-1)) {
      merged.push(next);
      rest.pop();
    }
    merged.push(entry);
    const next = rest.at(-1);
    // a folder that both have is one
    if (entry.kind === "folder" && next?.kind === "folder" && next.prefix === entry.prefix) rest.pop();
  }
  return [...merged, ...rest.toReversed()];
}

const nameOf = (entry: Entry<StoredVersion>): string => (entry.kind === "folder" ? entry.prefix : entry.key);

async function withLatest(
  entries: readonly Entry<StoredVersion>[],
  {
    marker,
    bucket,
    tx,
  }: { readonly marker: VersionMarker | undefined; readonly bucket: string; readonly tx: Transaction },
): Promise<readonly Entry<ListedVersion>[]> {
  let before: string | undefined;
  const listed: Entry<ListedVersion>[] = [];
  for (const entry of entries) {
    if (entry.kind === "folder") {
      listed.push(entry);
      continue;
    }
    const { key, row: version } = entry;
    const isFirst = key !== before;
    // what comes before the page may be newer, or may be gone
    const isLatest = isFirst && (key !== marker?.key || (await isNewest(version, bucket, tx)));
    listed.push({ kind: "row", key, row: { key, version, isLatest } });
    before = key;
  }
  return listed;
}

async function isNewest({ key, order }: StoredVersion, bucket: string, tx: Transaction): Promise<boolean> {
  if (order === CURRENT) return true;
  if (await tx.get(objects, bucket, key, CURRENT)) return false;
  return (await newestVersion({ bucket, key }, { tx }))?.order === order;
}
