/** The stages of a pass: each looks through one table of a bucket, page by page. */
import type { IntelligentTieringConfiguration } from "@aws-sdk/client-s3";
import type { Key } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { announce, type ChangeKind } from "../object/change.ts";
import { rewriteObject, type StoredObject } from "../object/object.ts";
import type { StorageClass } from "../storage-class/storage-class.ts";
import type { StoredVersion } from "../version/row.ts";
import type { Ruling } from "./due.ts";

/** Where a page begins, and what is remembered of the one before. */
export interface Cursor {
  readonly after: Key;
  /** The key that versions were counted of, and how many there were that are not current. */
  readonly key?: string;
  readonly newer?: number;
}

/** What a stage works with. The bucket is one that is awake: what a pass itself changes need not wake it. */
export interface Round {
  readonly bucket: Bucket;
  readonly ruling: Ruling;
  /** Of Intelligent-Tiering. */
  readonly tierings: readonly IntelligentTieringConfiguration[];
  readonly nowMs: number;
  readonly context: Context;
}

export interface Step {
  /** Where the next page begins; left out behind the last. */
  readonly cursor?: Cursor | undefined;
  /** The next thing due of what was looked at. */
  readonly nextMs: number | undefined;
}

export interface Stage {
  isNeeded(round: Round): boolean;
  step(round: Round, cursor: Cursor | undefined): Promise<Step>;
}

/** Rows of one page: as many as one transaction looks at. */
export const PAGE_ROWS = 200;

/** Moves an object to another class; what was restored of it is gone. */
export async function move(object: StoredObject, storageClass: StorageClass, round: Round): Promise<StoredObject> {
  const { restoration: _copy, archiveTier: _tier, ...rest } = object;
  // its days in Intelligent-Tiering count from now
  const watched = storageClass === "INTELLIGENT_TIERING" ? { accessedAtMs: round.nowMs } : undefined;
  const version = { ...rest, storageClass, ...watched };
  rewriteObject(version, round.context);
  await tell("LifecycleTransition", version, round);
  return version;
}

/** Tells who follows the bucket's changes, and its log. */
export async function tell(kind: ChangeKind, version: StoredVersion, { bucket, context }: Round): Promise<void> {
  await announce({ kind, bucket, version }, context);
  if (bucket.logging !== undefined) {
    const { logChange } = await import("./action-log.ts");
    await logChange(kind, version, { bucket, context });
  }
}
