/**
 * The tiers of objects in Intelligent-Tiering: when an object was read last, and where that takes it. Only the archive
 * tiers show; that an object lies in one of the tiers that are read at once makes no difference but to a bill.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intelligent-tiering-overview.html
 */
import type { IntelligentTieringConfiguration } from "@aws-sdk/client-s3";
import { DAY_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { announce } from "../object/change.ts";
import { rewriteObject, type StoredObject } from "../object/object.ts";
import type { ArchiveTier } from "../storage-class/restoration.ts";
import { ageReachedMs, earliest } from "./due.ts";
import type { Round } from "./stage.ts";

/** Smaller objects stay where they are. */
const WATCHED_BYTES_MIN = 128 * 1024;

const isWatched = ({ storageClass, size }: StoredObject): boolean =>
  storageClass === "INTELLIGENT_TIERING" && size >= WATCHED_BYTES_MIN;

/** Notes that an object was read, once a day; only where that matters. */
export function noteAccess(object: StoredObject, { lifecycle }: Bucket, context: Context): void {
  if (!lifecycle?.tiers || !isWatched(object)) return;
  const nowMs = context.now().getTime();
  if (nowMs - lastAccessMs(object) >= DAY_MS) rewriteObject({ ...object, accessedAtMs: nowMs }, context);
}

const lastAccessMs = ({ accessedAtMs = 0, modifiedAtMs }: StoredObject): number => Math.max(accessedAtMs, modifiedAtMs);

interface DueTier {
  readonly tier: ArchiveTier;
  readonly dueMs: number;
}

/** Archives an object that nobody has read for long. When to look again. */
export async function tierDown(object: StoredObject, round: Round): Promise<number | undefined> {
  if (round.tierings.length === 0 || !isWatched(object)) return undefined;
  const dues = duesOf(object, round.tierings);
  const due = dues.filter(({ dueMs }) => dueMs <= round.nowMs).map(({ tier }) => tier);
  const tier = DEEPEST_FIRST.find((each) => due.includes(each));
  if (tier !== undefined && tier !== object.archiveTier && object.archiveTier !== "DEEP_ARCHIVE_ACCESS") {
    const version = { ...object, archiveTier: tier };
    rewriteObject(version, round.context);
    await announce({ kind: "IntelligentTiering", bucket: round.bucket, version }, round.context);
  }
  return earliest(dues.map(({ dueMs }) => (dueMs > round.nowMs ? dueMs : undefined)));
}

const DEEPEST_FIRST: readonly ArchiveTier[] = ["DEEP_ARCHIVE_ACCESS", "ARCHIVE_ACCESS"];

function duesOf(object: StoredObject, tierings: readonly IntelligentTieringConfiguration[]): DueTier[] {
  return tierings.flatMap(({ Filter, Tierings = [] }) => {
    if (!isMeant(object, Filter)) return [];
    return Tierings.flatMap(({ AccessTier: tier, Days = 0 }) =>
      tier === undefined ? [] : [{ tier, dueMs: ageReachedMs(lastAccessMs(object), Days) }],
    );
  });
}

function isMeant({ key, tags }: StoredObject, { Prefix, Tag, And }: NonNullable<Filter> = {}): boolean {
  if (!key.startsWith(Prefix ?? And?.Prefix ?? "")) return false;
  const wanted = [...(Tag ? [Tag] : []), ...(And?.Tags ?? [])];
  return wanted.every(({ Key = "", Value }) => tags[Key] === Value);
}

type Filter = IntelligentTieringConfiguration["Filter"];
