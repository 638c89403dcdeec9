/** How long a FIFO topic keeps its messages. Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html */
import { invalid } from "../errors.ts";
import { parseObject } from "../json-object.ts";
import { ARCHIVE_DAYS_MAX } from "../limits.ts";

/** The policy as it is read back. @throws {AwsError} `InvalidParameter` */
export function requireArchivePolicy(text: string): string {
  const days = daysIn(text);
  if (days === undefined)
    throw invalid(`ArchivePolicy: MessageRetentionPeriod must be between 1 and ${ARCHIVE_DAYS_MAX} days`);
  return JSON.stringify({ MessageRetentionPeriod: String(days) });
}

/** Whole days; `undefined`: nothing is kept. */
export const archiveDaysOf = (settings: Readonly<Record<string, string>>): number | undefined =>
  daysIn(settings["ArchivePolicy"] ?? "");

function daysIn(text: string): number | undefined {
  const given = parseObject(text)?.["MessageRetentionPeriod"];
  const days = typeof given === "string" || typeof given === "number" ? Number(given) : NaN;
  return Number.isInteger(days) && days >= 1 && days <= ARCHIVE_DAYS_MAX ? days : undefined;
}
