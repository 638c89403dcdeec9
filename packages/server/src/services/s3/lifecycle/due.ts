/**
 * What the rules have in store for an object, and when.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import type { StoredObject } from "../object/object.ts";
import { midnightAfter } from "../storage-class/restoration.ts";
import { storageClassOf, type StorageClass } from "../storage-class/storage-class.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import { selects, type Moment, type NoncurrentMoment, type Rule, type SmallestMoved } from "./rule.ts";

/** The midnight at which an age is reached. */
export const ageReachedMs = (sinceMs: number, days: number): number => midnightAfter(sinceMs + days * DAY_MS);

/** A date counts for what comes after it, too, from its first midnight on. */
const momentMs = (when: Moment, sinceMs: number): number =>
  when.kind === "days" ? ageReachedMs(sinceMs, when.days) : Math.max(when.dateMs, midnightAfter(sinceMs));

export interface DueExpiration {
  readonly dueMs: number;
  readonly rule: Rule;
}

/** The first expiration of a current object. */
export function expirationOf(object: StoredObject, rules: readonly Rule[]): DueExpiration | undefined {
  let first: DueExpiration | undefined;
  for (const rule of rules) {
    const { expiration } = rule;
    if (expiration === undefined || expiration.kind === "marker" || !selects(rule, object)) continue;
    const dueMs = momentMs(expiration, object.modifiedAtMs);
    if (first === undefined || dueMs < first.dueMs) first = { dueMs, rule };
  }
  return first;
}

interface DueTransition {
  readonly dueMs: number;
  readonly storageClass: StorageClass;
}

/** Rules, and what they say of small objects. */
export interface Ruling {
  readonly rules: readonly Rule[];
  readonly smallestMoved: SmallestMoved;
}

function transitionsOf(object: StoredObject, { rules, smallestMoved }: Ruling): DueTransition[] {
  return rules
    .filter((rule) => selects(rule, object))
    .flatMap((rule) =>
      rule.transitions
        .filter(({ storageClass }) => isLargeEnough(object, { rule, storageClass, smallestMoved }))
        .map(({ when, storageClass }) => ({ dueMs: momentMs(when, object.modifiedAtMs), storageClass })),
    );
}

/** Where a version that is not current stands among those of its key. */
export interface Noncurrent {
  readonly sinceMs: number;
  /** How many of them are newer. */
  readonly newer: number;
}

function noncurrentTransitionsOf(object: StoredObject, at: Noncurrent, { rules, smallestMoved }: Ruling) {
  return rules
    .filter((rule) => selects(rule, object))
    .flatMap((rule) =>
      rule.noncurrentTransitions
        .filter((transition) => concerns(transition, at))
        .filter(({ storageClass }) => isLargeEnough(object, { rule, storageClass, smallestMoved }))
        .map(({ days, storageClass }) => ({ dueMs: ageReachedMs(at.sinceMs, days), storageClass })),
    );
}

const concerns = ({ newer = 0 }: NoncurrentMoment, at: Noncurrent): boolean => at.newer >= newer;

/** When a version that is not current is to go. */
export function noncurrentExpirationMs(
  version: StoredVersion,
  at: Noncurrent,
  rules: readonly Rule[],
): number | undefined {
  const subject = isMarker(version) ? { key: version.key } : version;
  const dues = rules.flatMap((rule) => {
    const { noncurrentExpiration: end } = rule;
    if (end === undefined || !concerns(end, at) || !selects(rule, subject)) return [];
    return [ageReachedMs(at.sinceMs, end.days)];
  });
  return earliest(dues);
}

/** When a delete marker that nothing lies behind is to go. */
export function markerExpirationMs(
  marker: { readonly key: string; readonly modifiedAtMs: number },
  rules: readonly Rule[],
): number | undefined {
  const dues = rules.flatMap((rule) => {
    const { expiration } = rule;
    if (expiration === undefined || !selects(rule, { key: marker.key })) return [];
    if (expiration.kind !== "marker") return [momentMs(expiration, marker.modifiedAtMs)];
    return expiration.removes ? [midnightAfter(marker.modifiedAtMs)] : [];
  });
  return earliest(dues);
}

export const earliest = (times: readonly (number | undefined)[]): number | undefined =>
  times.reduce(
    (first, time) => (first === undefined || (time !== undefined && time < first) ? time : first),
    undefined,
  );

const SMALL_BYTES = 128 * 1024;

/**
 * A rule that speaks of sizes itself decides; else small objects stay where they are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (Minimum object size)
 */
function isLargeEnough(
  { size }: StoredObject,
  asked: { readonly rule: Rule; readonly storageClass: StorageClass; readonly smallestMoved: SmallestMoved },
): boolean {
  const { largerThan, smallerThan } = asked.rule.selection;
  if (size >= SMALL_BYTES || largerThan !== undefined || smallerThan !== undefined) return true;
  return asked.smallestMoved === "varies_by_storage_class" && ARCHIVES.has(asked.storageClass);
}

const ARCHIVES: ReadonlySet<StorageClass> = new Set(["GLACIER", "DEEP_ARCHIVE"]);

/** What S3 prefers where several are due: the colder, but Intelligent-Tiering before all that is no archive. */
const PREFERRED: readonly StorageClass[] = [
  "DEEP_ARCHIVE",
  "GLACIER",
  "INTELLIGENT_TIERING",
  "GLACIER_IR",
  "ONEZONE_IA",
  "STANDARD_IA",
];

/**
 * Whither each class may be left.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html (Supported transitions)
 */
const WAYS: Readonly<Record<StorageClass, readonly StorageClass[]>> = {
  STANDARD: PREFERRED,
  REDUCED_REDUNDANCY: PREFERRED,
  STANDARD_IA: ["INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"],
  INTELLIGENT_TIERING: ["ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE"],
  ONEZONE_IA: ["GLACIER", "DEEP_ARCHIVE"],
  GLACIER_IR: ["GLACIER", "DEEP_ARCHIVE"],
  GLACIER: ["DEEP_ARCHIVE"],
  DEEP_ARCHIVE: [],
};

/** What is to happen to an object now, and when to look again. */
export interface Outlook {
  readonly moveTo?: StorageClass | undefined;
  readonly nextMs: number | undefined;
}

function outlookOf(object: StoredObject, dues: readonly DueTransition[], nowMs: number): Outlook {
  const from = storageClassOf(object);
  const open = dues.filter(({ dueMs, storageClass }) => dueMs <= nowMs && WAYS[from].includes(storageClass));
  const moveTo = PREFERRED.find((preferred) => open.some(({ storageClass }) => storageClass === preferred));
  const onward = WAYS[moveTo ?? from];
  const later = dues.filter(({ dueMs, storageClass }) => dueMs > nowMs && onward.includes(storageClass));
  return { moveTo, nextMs: earliest(later.map(({ dueMs }) => dueMs)) };
}

export const outlookOfCurrent = (object: StoredObject, ruling: Ruling, nowMs: number): Outlook =>
  outlookOf(object, transitionsOf(object, ruling), nowMs);

export const outlookOfNoncurrent = (
  object: StoredObject,
  at: Noncurrent,
  { ruling, nowMs }: { readonly ruling: Ruling; readonly nowMs: number },
): Outlook => outlookOf(object, noncurrentTransitionsOf(object, at, ruling), nowMs);
