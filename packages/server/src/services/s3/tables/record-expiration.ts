/**
 * When records of a table expire that a service manages.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-record-expiration.html
 */
import { onTable } from "./access.ts";
import { notExpiring } from "./errors.ts";
import { operation } from "./kit.ts";
import { putTable, requireTable } from "./table-row.ts";

export const putTableRecordExpirationConfiguration = operation("PutTableRecordExpirationConfiguration", {
  authorize: (input, context) => onTable("PutTableRecordExpirationConfiguration", input, context),

  async handle({ value: { status = "disabled", settings }, ...named }, context) {
    const stored = await requireTable(named, context);
    if (stored.managedBy === undefined) throw notExpiring();
    const { days } = settings ?? {};
    putTable({ ...stored, recordExpiration: { status, ...(days !== undefined && { days }) } }, context);
    return {};
  },
});

export const getTableRecordExpirationConfiguration = operation("GetTableRecordExpirationConfiguration", {
  authorize: (input, context) => onTable("GetTableRecordExpirationConfiguration", input, context),

  async handle(input, context) {
    const { recordExpiration: { status, days } = { status: "disabled" as const, days: undefined } } =
      await requireTable(input, context);
    return { configuration: { status, ...(days !== undefined && { settings: { days } }) } };
  },
});
