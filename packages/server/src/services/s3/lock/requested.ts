/**
 * The lock that a write asks for, in headers.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-object-lock-…)
 */
import { DAY_MS } from "../../../kernel/duration.ts";
import type { ConditionKeys } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import type { Bucket } from "../bucket/row.ts";
import { invalidArgument } from "../errors.ts";
import { digestOfLockedMissing, lockNotSigned, lockNotTaken, refusedArgument, retentionInPast } from "./errors.ts";
import { asksForEventHold, requestedEventHold, type EventHold, type EventHoldInput } from "./event-hold.ts";
import { parseMode, parseSwitch, type Locked, type Retention } from "./lock.ts";
import { daysOf, endOf, parsePeriod } from "./period.ts";

export interface LockInput extends EventHoldInput {
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

const asksForRetention = (input: LockInput): boolean =>
  input.ObjectLockMode !== undefined || input.ObjectLockRetainUntilDate !== undefined || asksForEventHold(input);

const asksForLock = (input: LockInput): boolean =>
  asksForRetention(input) || input.ObjectLockLegalHoldStatus !== undefined;

/** @throws {AwsError} `InvalidArgument`; `InvalidRequest` where the bucket locks nothing. */
export function toLock(input: LockInput, { objectLock }: Bucket, context: Context): Locked {
  if (!asksForLock(input)) return NOT_LOCKED;
  if (context.principal.type === "anonymous") throw lockNotSigned();
  const retention = retentionOf(input, context.now());
  const legalHold = holdOf(input);
  if (!objectLock) throw lockNotTaken();
  return { ...(retention && { retention }), ...(legalHold && { legalHold }) };
}

const NOT_LOCKED: Locked = {};

function retentionOf(input: LockInput, now: Date): Retention | undefined {
  if (!asksForRetention(input)) return undefined;
  const { ObjectLockMode: name, ObjectLockRetainUntilDate: until } = input;
  const eventHold = requestedEventHold(input);
  if (until === undefined && eventHold?.status !== "ON") throw halfOfRetention(UNTIL_HEADER);
  if (name === undefined) throw halfOfRetention(MODE_HEADER);
  const mode = parseMode(name);
  if (!mode) throw invalidArgument("Unknown wormMode directive.", { name: MODE_HEADER, value: name });
  if (until && until <= now) throw retentionInPast(UNTIL_HEADER, until);
  return { mode, untilMs: leastUntil(until, eventHold, now), ...(eventHold && { eventHold }) };
}

/** The date that is named or, under a hold, what it comes to at the least. */
export const leastUntil = (until: Date | undefined, hold: EventHold | undefined, now: Date): number =>
  Math.max(until?.getTime() ?? 0, hold?.status === "ON" ? endOf(hold.period, now) : 0);

const MODE_HEADER = "x-amz-object-lock-mode";
const UNTIL_HEADER = "x-amz-object-lock-retain-until-date";

const halfOfRetention = (missing: string) =>
  refusedArgument(missing, "x-amz-object-lock-retain-until-date and x-amz-object-lock-mode must both be supplied");

function holdOf({ ObjectLockLegalHoldStatus: status }: LockInput) {
  const hold = parseSwitch(status);
  if (status === undefined || hold) return hold;
  const name = "x-amz-object-lock-legal-hold";
  throw invalidArgument("Legal Hold must be either of 'ON' or 'OFF'", { name, value: status });
}

/**
 * A body that is to be locked comes with a digest.
 *
 * @throws {AwsError} `InvalidRequest`
 */
export function requireDigestOfLocked(
  { lock, hasDigest, what }: { readonly lock: Locked; readonly hasDigest: boolean; readonly what: "Object" | "Part" },
  { objectLock }: Bucket,
): void {
  const isLocked = lock.retention ?? lock.legalHold ?? objectLock?.defaultRetention;
  if (isLocked !== undefined && !hasDigest) throw digestOfLockedMissing(what);
}

/** What a write that locks needs besides the right to write. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html */
export function lockActions(input: LockInput): readonly string[] {
  if (!asksForLock(input)) return [];
  return [
    ...(asksForRetention(input) ? ["s3:PutObjectRetention"] : []),
    ...(input.ObjectLockLegalHoldStatus === undefined ? [] : ["s3:PutObjectLegalHold"]),
  ];
}

/** Days that have begun; a retention is known to the second. */
const daysUntil = (until: Date, now: Date): number =>
  Math.ceil((Math.floor(until.getTime() / 1000) * 1000 - now.getTime()) / DAY_MS);

/** Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys */
export function lockKeys(input: LockInput, now: Date): ConditionKeys | undefined {
  if (!asksForLock(input)) return undefined;
  const { ObjectLockRetainUntilDate: until } = input;
  return {
    "s3:object-lock-mode": input.ObjectLockMode,
    "s3:object-lock-retain-until-date": until?.toISOString(),
    "s3:object-lock-remaining-retention-days": until && String(daysUntil(until, now)),
    "s3:object-lock-legal-hold": input.ObjectLockLegalHoldStatus,
    "s3:object-lock-event-hold": input.ObjectLockEventHold,
    "s3:object-lock-event-hold-duration-days": holdDaysOf(input),
  };
}

function holdDaysOf(input: LockInput): string | undefined {
  const { ObjectLockEventHoldDurationDays: Days, ObjectLockEventHoldDurationYears: Years } = input;
  const period = parsePeriod({ Days, Years });
  return period === "malformed" ? undefined : String(daysOf(period));
}
