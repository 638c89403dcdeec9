/**
 * Events that are older than their group keeps them are gone: one timer for each group that keeps them for a time.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
 */
import { parseAccountId } from "../../kernel/arn.ts";
import { DAY_MS } from "../../kernel/duration.ts";
import { table } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import { onGroup } from "./access.ts";
import { retentionInvalid, retentionOfDeliveryClass } from "./errors.ts";
import { CHUNK_SPAN_MS_MAX, deleteChunk, ends, WHOLE_GROUP } from "./event/chunk.ts";
import { groups, homeOf, requireOwnGroup, type LogGroup } from "./group-row.ts";
import { countBytes } from "./group-size.ts";
import { operation } from "./kit.ts";
import { RETENTION_DAYS } from "./limits.ts";

interface Expiry {
  readonly group: string;
  /** When the first events may be over; never later. */
  readonly dueMs: number;
}

const expiries = table<Expiry>("cloudwatch-logs.expiry", "region", ({ group }) => [group]);

const JOB = "expire";
const REMOVED_AT_ONCE = 100;

/** Events before this are not shown any more. */
export const oldestShownMs = ({ retentionDays }: LogGroup, context: Context): number =>
  retentionDays === undefined ? 0 : context.now().getTime() - retentionDays * DAY_MS;

/** Sees to it that events from this time are taken away when they are over. */
export async function expireLater(group: LogGroup, atMs: number, context: Context): Promise<void> {
  const { retentionDays } = group;
  if (retentionDays === undefined) return;
  const due = await homeOf(group, context.tx).get(expiries, group.id);
  // chunks go as a whole
  const dueMs = atMs + retentionDays * DAY_MS + CHUNK_SPAN_MS_MAX;
  if (due === undefined || due.dueMs > dueMs) setExpiry(group, dueMs, context);
}

function setExpiry(group: LogGroup, dueMs: number, context: Context): void {
  homeOf(group, context.tx).put(expiries, { group: group.id, dueMs });
  context.at(dueMs, JOB, `${group.account} ${group.id} ${group.name}`);
}

/** The job: takes away what is over. */
export async function expire(context: Context, key: string): Promise<void> {
  const [owner = "", id = "", name = ""] = key.split(" ");
  const account = parseAccountId(owner);
  if (account === undefined) return;
  const tx = context.tx.in({ account, region: context.region });
  const group = await tx.get(groups, name);
  if (group?.id !== id || group?.retentionDays === undefined) return tx.delete(expiries, id);
  const keptMs = oldestShownMs(group, context);
  const oldest = await tx.scan(ends, { prefix: [group.id, WHOLE_GROUP], limit: REMOVED_AT_ONCE });
  for (const head of oldest) {
    if (head.lastMs >= keptMs) {
      setExpiry(group, head.lastMs + group.retentionDays * DAY_MS + 1, context);
      return;
    }
    deleteChunk(head, tx);
    await countBytes(group, head.stream, -head.bytes, context);
  }
  if (oldest.length === REMOVED_AT_ONCE) setExpiry(group, context.now().getTime(), context);
  else tx.delete(expiries, group.id);
}

/** The retention of a group has changed, and with it when events are over. */
async function changeRetention(group: LogGroup, retentionDays: number | undefined, context: Context): Promise<void> {
  const { retentionDays: _was, ...rest } = group;
  const changed: LogGroup = { ...rest, ...(retentionDays !== undefined && { retentionDays }) };
  const tx = homeOf(group, context.tx);
  tx.put(groups, changed);
  tx.delete(expiries, group.id);
  context.cancel(JOB, `${group.account} ${group.id} ${group.name}`);
  const [oldest] = await tx.scan(ends, { prefix: [group.id, WHOLE_GROUP], limit: 1 });
  if (oldest !== undefined) await expireLater(changed, oldest.firstMs, context);
}

export const putRetentionPolicy = operation("PutRetentionPolicy", {
  authorize: (input, context) => onGroup("PutRetentionPolicy", input, context),

  async handle({ logGroupName, retentionInDays }, context) {
    if (!RETENTION_DAYS.includes(retentionInDays)) throw retentionInvalid(retentionInDays, RETENTION_DAYS);
    const group = await requireOwnGroup(logGroupName, context);
    if (group.class === "DELIVERY") throw retentionOfDeliveryClass();
    await changeRetention(group, retentionInDays, context);
    return {};
  },
});

export const deleteRetentionPolicy = operation("DeleteRetentionPolicy", {
  authorize: (input, context) => onGroup("DeleteRetentionPolicy", input, context),

  async handle({ logGroupName }, context) {
    const group = await requireOwnGroup(logGroupName, context);
    if (group.class === "DELIVERY") throw retentionOfDeliveryClass();
    await changeRetention(group, undefined, context);
    return {};
  },
});
