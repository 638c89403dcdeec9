/** Lengths of time, as object lock counts them. */
import { DAY_MS } from "../../../kernel/duration.ts";
import { RETENTION_DAYS_MAX, RETENTION_YEARS_MAX } from "../limits.ts";

export interface Period {
  readonly unit: "days" | "years";
  readonly count: number;
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html (event holds: one year counts as 365 days) */
const YEAR_DAYS = 365;

export const daysOf = ({ unit, count }: Period): number => (unit === "days" ? count : count * YEAR_DAYS);

/** Epoch milliseconds: when a period that begins now is over. */
export const endOf = (period: Period, now: Date): number => now.getTime() + daysOf(period) * DAY_MS;

/** The members by which requests and answers have a period: one of them. */
export interface PeriodMembers {
  readonly Days?: number | undefined;
  readonly Years?: number | undefined;
}

/** `malformed`: both are there, or neither. */
export type PeriodVerdict = Period | "malformed";

export function parsePeriod({ Days, Years }: PeriodMembers): PeriodVerdict {
  if (Days !== undefined && Years === undefined) return { unit: "days", count: Days };
  return Years !== undefined && Days === undefined ? { unit: "years", count: Years } : "malformed";
}

export const longestOf = ({ unit }: Period): number => (unit === "days" ? RETENTION_DAYS_MAX : RETENTION_YEARS_MAX);

export const isWithinBounds = (period: Period): boolean => period.count > 0 && period.count <= longestOf(period);

export const formatPeriod = ({ unit, count }: Period): { readonly Days: number } | { readonly Years: number } =>
  unit === "days" ? { Days: count } : { Years: count };
