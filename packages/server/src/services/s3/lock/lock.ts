/**
 * What keeps a version from being deleted: a retention until a date, or until some time after an event, a legal hold
 * until it is taken away, or both.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
 */
import type { EventHold } from "./event-hold.ts";
import { endOf, type Period } from "./period.ts";

const MODES = ["GOVERNANCE", "COMPLIANCE"] as const;

/** `GOVERNANCE`: who may bypass it ends it early. `COMPLIANCE`: nobody does. */
export type RetentionMode = (typeof MODES)[number];

export const parseMode = (text: string | undefined): RetentionMode | undefined => MODES.find((mode) => mode === text);

export interface Retention {
  readonly mode: RetentionMode;
  /** At the least: see `retainedUntil`. */
  readonly untilMs: number;
  /** Absent: there never was one. */
  readonly eventHold?: EventHold | undefined;
}

const SWITCHES = ["ON", "OFF"] as const;

export type Switch = (typeof SWITCHES)[number];

export const parseSwitch = (text: string | undefined): Switch | undefined => SWITCHES.find((each) => each === text);

/** As rows of objects and uploads have it. */
export interface Locked {
  readonly retention?: Retention | undefined;
  /** Absent: it was never said. */
  readonly legalHold?: Switch | undefined;
}

/** As rows of buckets have it: that it is there lets versions be locked. */
export interface ObjectLock {
  /** What new versions get that ask for no retention of their own; at least one of the periods is there. */
  readonly defaultRetention?:
    | {
        readonly mode: RetentionMode;
        readonly period?: Period | undefined;
        readonly eventHold?: Period | undefined;
      }
    | undefined;
}

/** Epoch milliseconds. While the event is still to come, its period begins anew with each moment. */
export function retainedUntil({ untilMs, eventHold }: Retention, now: Date): number {
  return eventHold?.status === "ON" ? Math.max(untilMs, endOf(eventHold.period, now)) : untilMs;
}

/** Who may remove a version now. */
export type Protection = "none" | "bypassable" | "absolute";

export function protectionOf({ retention, legalHold }: Locked, now: Date): Protection {
  if (legalHold === "ON") return "absolute";
  if (!retention || startOfSecond(retainedUntil(retention, now)) <= now.getTime()) return "none";
  return retention.mode === "COMPLIANCE" ? "absolute" : "bypassable";
}

/** Differs: S3 knows whole seconds here, so a retention ends with the beginning of its last one. */
const startOfSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** What a new version is locked with: what was asked for and, where that names no retention, the bucket's own. */
export function withDefault(lock: Locked, { defaultRetention }: ObjectLock, now: Date): Locked {
  if (lock.retention || !defaultRetention) return lock;
  const { mode, period, eventHold } = defaultRetention;
  const untilMs = period ? endOf(period, now) : now.getTime();
  const hold = eventHold && { eventHold: { status: "ON" as const, period: eventHold } };
  return { ...lock, retention: { mode, untilMs, ...hold } };
}
