/** What is left of groups and streams that are gone is taken away behind the call, a piece at a time. */
import type { Context } from "../../service/context.ts";
import { chunks, deleteChunk, ends, heads, type Head } from "./event/chunk.ts";
import { forgetDataKeys } from "./event/encryption.ts";
import { arnOf, groups, homeOf, type LogGroup } from "./group-row.ts";
import { countBytes, forgetBytes } from "./group-size.ts";
import { forgetIndexPolicy } from "./index-policy.ts";
import { METRIC_FILTERS_PER_GROUP_MAX } from "./limits.ts";
import { deleteFilter, metricFilters } from "./metric/filter-row.ts";
import { forgetPolicyOf } from "./resource-policy.ts";
import { recencies, streams, tails, type LogStream } from "./stream-row.ts";
import { subscriptions } from "./subscription/filter-row.ts";
import { transformers } from "./transformer/row.ts";

const ROWS_AT_ONCE = 500;
const CHUNKS_AT_ONCE = 100;
const EMPTY = "empty";
const FORGET = "forget";

/** What is found by the group's name goes at once: there may be another of it before the rest is gone. */
export async function emptyLater(group: LogGroup, context: Context): Promise<void> {
  const { tx } = context;
  const filters = await tx.scan(metricFilters, { prefix: [group.id], limit: METRIC_FILTERS_PER_GROUP_MAX });
  for (const filter of filters) deleteFilter(filter, tx);
  forgetPolicyOf(arnOf(group), tx);
  forgetIndexPolicy(group.id, tx);
  context.at(context.now().getTime(), EMPTY, group.id);
}

/** The job: takes away the rows of a group that is gone. */
export async function empty(context: Context, group: string): Promise<void> {
  const { tx } = context;
  const range = { prefix: [group], limit: ROWS_AT_ONCE };
  const counts = [
    await tx.clear(chunks, range),
    await tx.clear(heads, range),
    await tx.clear(ends, range),
    await tx.clear(streams, range),
    await tx.clear(tails, range),
    await tx.clear(recencies, range),
    await tx.clear(subscriptions, range),
    await tx.clear(transformers, range),
    await forgetDataKeys(group, tx),
    await forgetBytes(group, tx),
  ];
  if (Math.max(...counts) >= ROWS_AT_ONCE) context.at(context.now().getTime(), EMPTY, group);
}

export const forgetLater = (group: LogGroup, { id }: LogStream, context: Context): void =>
  context.at(context.now().getTime(), FORGET, `${group.id} ${id} ${group.name}`);

/** The job: takes away the events of a stream that is gone. */
export async function forget(context: Context, key: string): Promise<void> {
  const [groupId = "", stream = "", name = ""] = key.split(" ");
  const { tx } = context;
  const group = await tx.get(groups, name);
  tx.delete(tails, groupId, stream);
  const found: readonly Head[] = await tx.scan(heads, { prefix: [groupId, stream], limit: CHUNKS_AT_ONCE });
  for (const head of found) deleteChunk(head, tx);
  const bytes = found.reduce((sum, head) => sum + head.bytes, 0);
  if (group?.id === groupId) await countBytes(group, stream, -bytes, { tx: homeOf(group, tx) });
  if (found.length === CHUNKS_AT_ONCE) context.at(context.now().getTime(), FORGET, key);
}
