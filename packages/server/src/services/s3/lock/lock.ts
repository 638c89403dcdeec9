/**
 * What keeps a version from being deleted: a retention until a date, a legal hold until it is taken away, or both.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */

const MODES = ["GOVERNANCE", "COMPLIANCE"] as const;

/** `GOVERNANCE`: who may bypass it ends it early. `COMPLIANCE`: nobody does. */
export type RetentionMode = (typeof MODES)[number];

export const parseMode = (text: string | undefined): RetentionMode | undefined => MODES.find((mode) => mode === text);

export interface Retention {
  readonly mode: RetentionMode;
  readonly untilMs: number;
}

const SWITCHES = ["ON", "OFF"] as const;

export type LegalHold = (typeof SWITCHES)[number];

export const parseHold = (text: string | undefined): LegalHold | undefined => SWITCHES.find((each) => each === text);

/** As rows of objects and uploads have it. */
export interface Locked {
  readonly retention?: Retention | undefined;
  /** Absent: it was never said. */
  readonly legalHold?: LegalHold | undefined;
}

export type Period =
  | { readonly unit: "days"; readonly count: number }
  | { readonly unit: "years"; readonly count: number };

/** As rows of buckets have it: that it is there lets versions be locked. */
export interface ObjectLock {
  /** What new versions get that ask for no retention of their own. */
  readonly defaultRetention?: { readonly mode: RetentionMode; readonly period: Period } | undefined;
}

/** Who may remove a version now. */
export type Protection = "none" | "bypassable" | "absolute";

export function protectionOf({ retention, legalHold }: Locked, now: Date): Protection {
  if (legalHold === "ON") return "absolute";
  if (!retention || startOfSecond(retention.untilMs) <= now.getTime()) return "none";
  return retention.mode === "COMPLIANCE" ? "absolute" : "bypassable";
}

/** Differs: S3 knows whole seconds here, so a retention ends with the beginning of its last one. */
const startOfSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

const DAY_MS = 86_400_000;

/** What a new version is locked with: what was asked for and, where that names no retention, the bucket's own. */
export function withDefault(lock: Locked, { defaultRetention }: ObjectLock, now: Date): Locked {
  if (lock.retention || !defaultRetention) return lock;
  const { mode, period } = defaultRetention;
  return { ...lock, retention: { mode, untilMs: endOf(period, now).getTime() } };
}

function endOf({ unit, count }: Period, now: Date): Date {
  const end = new Date(now.getTime() + (unit === "days" ? count * DAY_MS : 0));
  if (unit === "years") end.setUTCFullYear(end.getUTCFullYear() + count);
  return end;
}
