/**
 * When records of a table expire that a service manages.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-record-expiration.html
 */
import { onTable } from "./access.ts";
import { notExpiring } from "./errors.ts";
import { operation } from "./kit.ts";
import { putTable, requireTable, type RecordExpiration, type StoredTable } from "./table-row.ts";

export const putTableRecordExpirationConfiguration = operation("PutTableRecordExpirationConfiguration", {
  authorize: (input, context) => onTable("PutTableRecordExpirationConfiguration", input, context),

  async handle({ value: { status = "disabled", settings }, ...named }, context) {
    const stored = await requireTable(named, context);
    if (stored.managedBy === undefined) throw notExpiring();
    const { days } = settings ?? {};
    const { lastRun } = expirationOf(stored);
    const recordExpiration = { status, ...(days !== undefined && { days }), ...(lastRun && { lastRun }) };
    putTable({ ...stored, recordExpiration }, context);
    return {};
  },
});

export const getTableRecordExpirationConfiguration = operation("GetTableRecordExpirationConfiguration", {
  authorize: (input, context) => onTable("GetTableRecordExpirationConfiguration", input, context),

  async handle(input, context) {
    const { status, days } = expirationOf(await requireTable(input, context));
    return { configuration: { status, ...(days !== undefined && { settings: { days } }) } };
  },
});

const expirationOf = ({ recordExpiration = { status: "disabled" } }: StoredTable): RecordExpiration => recordExpiration;

export const getTableRecordExpirationJobStatus = operation("GetTableRecordExpirationJobStatus", {
  authorize: (input, context) => onTable("GetTableRecordExpirationJobStatus", input, context),

  async handle(input, context) {
    const { status, lastRun } = expirationOf(await requireTable(input, context));
    if (status === "disabled") return { status: "Disabled" as const };
    if (lastRun === undefined) return { status: "NotYetRun" as const };
    const { atMs, files: deletedDataFiles, records: deletedRecords, bytes: removedFilesSize } = lastRun;
    return {
      status: "Successful" as const,
      lastRunTimestamp: new Date(atMs),
      metrics: { deletedDataFiles, deletedRecords, removedFilesSize },
    };
  },
});
