/**
 * Event holds: a retention whose period begins when something has happened, which is told by ending the hold.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockRetention.html
 */
import { invalidArgument, malformedXml } from "../errors.ts";
import { refusedArgument } from "./errors.ts";
import { parseSwitch } from "./lock.ts";
import { formatPeriod, isWithinBounds, parsePeriod, type Period, type PeriodMembers } from "./period.ts";

export type EventHold = { readonly status: "ON"; readonly period: Period } | { readonly status: "OFF" };

/** The members by which a write asks for one. */
export interface EventHoldInput {
  readonly ObjectLockEventHold?: string | undefined;
  readonly ObjectLockEventHoldDurationDays?: number | undefined;
  readonly ObjectLockEventHoldDurationYears?: number | undefined;
}

export const asksForEventHold = (input: EventHoldInput): boolean =>
  (input.ObjectLockEventHold ?? input.ObjectLockEventHoldDurationDays ?? input.ObjectLockEventHoldDurationYears) !==
  undefined;

const HEADER = "x-amz-object-lock-event-hold";

/**
 * Assumed: what AWS says of wrong ones is not documented.
 *
 * @throws {AwsError} `InvalidArgument`
 */
export function requestedEventHold(input: EventHoldInput): EventHold | undefined {
  if (!asksForEventHold(input)) return undefined;
  const { ObjectLockEventHoldDurationDays: Days, ObjectLockEventHoldDurationYears: Years } = input;
  const { ObjectLockEventHold: asked = "ON" } = input;
  const status = parseSwitch(asked);
  if (!status) throw invalidArgument("Event Hold must be either of 'ON' or 'OFF'", { name: HEADER, value: asked });
  if (status === "OFF") return { status };
  const period = parsePeriod({ Days, Years });
  if (period === "malformed") throw refusedArgument(HEADER, "An event hold needs a duration, in days or in years");
  if (!isWithinBounds(period)) throw refusedArgument(`${HEADER}-duration-${period.unit}`, PERIOD_MESSAGE);
  return { status, period };
}

const PERIOD_MESSAGE = "The event hold duration must be from 1 to 36500 days, or from 1 to 100 years";

/** The elements by which a retention has one. */
interface EventHoldElements {
  readonly EventHold?: string | undefined;
  readonly EventHoldDuration?: PeriodMembers | undefined;
}

/** @throws {AwsError} `MalformedXML` */
export function parseEventHold({ EventHold, EventHoldDuration }: EventHoldElements): EventHold | undefined {
  if (EventHold === undefined && EventHoldDuration === undefined) return undefined;
  const status = parseSwitch(EventHold);
  if (!status) throw malformedXml();
  return status === "OFF" ? { status } : { status, period: requirePeriod(EventHoldDuration ?? {}) };
}

/** @throws {AwsError} `MalformedXML` where there is not one period, within its bounds. */
export function requirePeriod(members: PeriodMembers): Period {
  const period = parsePeriod(members);
  if (period === "malformed" || !isWithinBounds(period)) throw malformedXml();
  return period;
}

export const formatEventHold = (hold: EventHold | undefined) =>
  hold && {
    EventHold: hold.status,
    ...(hold.status === "ON" && { EventHoldDuration: formatPeriod(hold.period) }),
  };
