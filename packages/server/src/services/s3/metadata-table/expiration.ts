/** After how many days the records of a journal expire: the table itself says so, wherever it was set. */
import type { RecordExpiration } from "@aws-sdk/client-s3";
import type { Context } from "../../../service/context.ts";
import type { Validated } from "../../../service/sdk.ts";
import { findByArn, putTable, tableArn, type StoredTable } from "../tables/table-row.ts";
import { daysInvalid, daysMissing } from "./errors.ts";
import { RECORD_DAYS_MIN } from "./limits.ts";
import type { JournalTable } from "./row.ts";

/** @throws {AwsError} `InvalidArgument` */
export function toDays({ Expiration, Days }: Validated<RecordExpiration>): number | undefined {
  if (Expiration === "DISABLED") return undefined;
  if (Days === undefined) throw daysMissing();
  if (Days < RECORD_DAYS_MIN) throw daysInvalid();
  return Days;
}

export const formatDays = (days: number | undefined): RecordExpiration =>
  days === undefined ? { Expiration: "DISABLED" } : { Expiration: "ENABLED", Days: days };

export const daysOf = ({ recordExpiration }: StoredTable): number | undefined =>
  recordExpiration?.status === "enabled" ? recordExpiration.days : undefined;

export async function keptDays({ arn }: JournalTable, context: Context): Promise<number | undefined> {
  const stored = arn === undefined ? undefined : await findByArn(arn, context);
  return stored && daysOf(stored);
}

export async function keepDays({ arn }: JournalTable, days: number | undefined, context: Context): Promise<void> {
  const stored = arn === undefined ? undefined : await findByArn(arn, context);
  if (stored === undefined) return;
  const { lastRun } = stored.recordExpiration ?? {};
  const kept = days === undefined ? ({ status: "disabled" } as const) : ({ status: "enabled", days } as const);
  putTable({ ...stored, recordExpiration: { ...kept, ...(lastRun && { lastRun }) } }, context);
}

/** What a run has taken away. */
export async function noteExpired(
  of: StoredTable,
  files: readonly { readonly rows: number; readonly bytes: number }[],
  context: Context,
): Promise<void> {
  const stored = await findByArn(tableArn(of), context);
  if (stored?.recordExpiration === undefined || files.length === 0) return;
  const sumOf = (name: "rows" | "bytes"): number => files.reduce((sum, file) => sum + file[name], 0);
  const lastRun = {
    atMs: context.now().getTime(),
    files: files.length,
    records: sumOf("rows"),
    bytes: sumOf("bytes"),
  };
  putTable({ ...stored, recordExpiration: { ...stored.recordExpiration, lastRun } }, context);
}
