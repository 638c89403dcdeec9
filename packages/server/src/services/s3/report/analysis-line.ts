/**
 * The lines of an analysis.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html#analytics-storage-class-export-file-layout
 */
import type { AnalyticsConfiguration } from "@aws-sdk/client-s3";
import { quotedValue } from "../../../kernel/csv.ts";
import { toReportFilter } from "./filter.ts";

/** What is stored of one class and one age. */
export interface Sum {
  readonly storageClass: string;
  readonly group: string;
  readonly count: number;
  readonly bytes: number;
  /** Of those that came within the day. */
  readonly uploadedBytes: number;
}

const COLUMNS = [
  "Date",
  "ConfigId",
  "Filter",
  "StorageClass",
  "ObjectAge",
  "ObjectCount",
  "DataUploaded_MB",
  "Storage_MB",
  "DataRetrieved_MB",
  "GetRequestCount",
  "CumulativeAccessRatio",
  "ObjectAgeForSIATransition",
  "RecommendedObjectAgeForSIATransition",
];

export const HEADER = `${COLUMNS.join(",")}\n`;

/** The first day of each group. */
const GROUP_STARTS = [0, 15, 30, 45, 60, 75, 90, 120, 150, 180, 365, 730];

export function ageGroupOf(ageDays: number): string {
  const at = GROUP_STARTS.findLastIndex((start) => start <= Math.max(0, ageDays));
  const [start = 0, next] = GROUP_STARTS.slice(at);
  return next === undefined ? `${start}+` : `${threeDigits(start)}-${threeDigits(next - 1)}`;
}

const threeDigits = (days: number): string => String(days).padStart(3, "0");

const MB = 1024 * 1024;

/** Differs: reads are not counted, so what follows from them is left empty. */
const OF_READS = ["", "", "", "", ""];

/** Counts and uploads stand with the sum over all ages alone. */
export function formatDay(
  { startsAtMs, sums }: { readonly startsAtMs: number; readonly sums: readonly Sum[] },
  configuration: AnalyticsConfiguration,
): string {
  const day = new Date(startsAtMs).toISOString().slice(0, "2016-01-01".length);
  const head = [day, configuration.Id ?? "", filterText(configuration)];
  const classes = [...new Set(sums.map(({ storageClass }) => storageClass))].toSorted();
  const lines = classes.flatMap((storageClass) => {
    const own = sums.filter((sum) => sum.storageClass === storageClass);
    const ages = own.toSorted((one, other) => (one.group < other.group ? -1 : 1));
    const all = [String(total(own, "count")), inMb(total(own, "uploadedBytes")), inMb(total(own, "bytes"))];
    return [
      [...head, storageClass, "ALL", ...all, ...OF_READS],
      ...ages.map(({ group, bytes }) => [...head, storageClass, group, "", "", inMb(bytes), ...OF_READS]),
    ];
  });
  return lines.map((line) => `${line.map((value) => quoted(value)).join(",")}\n`).join("");
}

const total = (sums: readonly Sum[], what: "count" | "bytes" | "uploadedBytes"): number =>
  sums.reduce((sum, each) => sum + each[what], 0);

const inMb = (bytes: number): string => String(bytes / MB);

function filterText({ Filter }: AnalyticsConfiguration): string {
  const { prefix, tags } = toReportFilter(Filter);
  const parts = [...(prefix ? [`prefix=${prefix}`] : []), ...Object.entries(tags).map((tag) => `tag:${tag.join("=")}`)];
  return parts.join("&");
}

const quoted = (value: string): string => (/[",\n]/.test(value) ? quotedValue(value) : value);
