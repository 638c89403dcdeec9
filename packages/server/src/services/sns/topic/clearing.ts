/** What a topic leaves behind when it is deleted is cleared away behind the call. */
import type { Context } from "../../../service/context.ts";
import { forgetArchive } from "./archive.ts";
import { forgetPublished } from "../message/deduplication.ts";
import { forgetKeyUses } from "../message/encryption.ts";
import { forgetCount, forgetSubscription, subscriptions } from "../subscription/row.ts";
import { goneKey, goneOf, homeOf, type Gone, type Topic } from "./row.ts";

const CLEARED_AT_ONCE = 200;

/** The first of it at once, so that lists are right for all but the largest topics. */
export const clearLater = (topic: Topic, context: Context): Promise<void> => clearSome(topic, context);

/** The job: its key says whose rows. */
export async function clear(context: Context, key: string): Promise<void> {
  const gone = goneOf(key);
  if (gone !== undefined) await clearSome(gone, context);
}

async function clearSome(gone: Gone, context: Context): Promise<void> {
  const rows = await homeOf(gone, context.tx).scan(subscriptions, { prefix: [gone.id], limit: CLEARED_AT_ONCE });
  for (const row of rows) forgetSubscription(gone, row, context.tx);
  const isArchiveLeft = await forgetArchive(gone, context.tx);
  const counts = [
    rows.length,
    await forgetKeyUses(gone, CLEARED_AT_ONCE, context.tx),
    ...(await forgetPublished(gone, CLEARED_AT_ONCE, context.tx)),
  ];
  if (Math.max(...counts) === CLEARED_AT_ONCE || isArchiveLeft) {
    return context.at(context.now().getTime(), "clear", goneKey(gone));
  }
  forgetCount(gone, context.tx);
}
