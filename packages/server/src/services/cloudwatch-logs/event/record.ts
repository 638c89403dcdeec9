/**
 * One event, with all the fields that are found in it.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogRecord.html
 */
import type { Context } from "../../../service/context.ts";
import { onNamedGroup, unmasking } from "../access.ts";
import { recordNotFound } from "../errors.ts";
import { findGroup } from "../group-row.ts";
import { fieldsOf } from "../insights/discovery.ts";
import { operation } from "../kit.ts";
import { ChunkReader } from "./chunk-reader.ts";
import { heads } from "./chunk.ts";
import { readPointer } from "./pointer.ts";

const nameOf = (text: string, { account, region, partition }: Context) => ({
  name: readPointer(text).name,
  account,
  region,
  partition,
});

export const getLogRecord = operation("GetLogRecord", {
  authorize: async ({ logRecordPointer, unmask }, context) =>
    unmasking(unmask, await onNamedGroup("GetLogRecord", nameOf(logRecordPointer, context), context)),

  async handle({ logRecordPointer }, context) {
    const { stream, firstMs, sequence, index } = readPointer(logRecordPointer);
    const group = await findGroup(nameOf(logRecordPointer, context), context);
    const head = group && (await context.tx.get(heads, group.id, stream, firstMs, sequence, stream));
    if (group === undefined || head === undefined) throw recordNotFound();
    const event = (await new ChunkReader(group, context).read(head)).at(index);
    if (event === undefined) throw recordNotFound();
    return { logRecord: Object.fromEntries(fieldsOf(event, group)) };
  },
});
