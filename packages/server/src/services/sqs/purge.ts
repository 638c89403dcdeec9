/** Queues that are emptied at one blow. */
import { SECOND_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import { onQueue } from "./access.ts";
import { forgetAttempts } from "./attempt.ts";
import { forgetSent } from "./deduplication.ts";
import { forgetDataKeys } from "./encryption.ts";
import { purgeInProgress } from "./errors.ts";
import { clearGroups } from "./group.ts";
import { operation } from "./kit.ts";
import { PURGE_INTERVAL_SECONDS } from "./limits.ts";
import { forgetCounts } from "./message-count.ts";
import { clearMessages } from "./message-row.ts";
import { homeOf, queues, requireQueue } from "./queue-row.ts";

export const purgeQueue = operation("PurgeQueue", {
  authorize: ({ QueueUrl }, context) => onQueue("PurgeQueue", QueueUrl, context),

  /** The queue goes on under another id; what the old one holds is cleared away behind it. */
  async handle({ QueueUrl }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const nowMs = context.now().getTime();
    const { purgedAtMs = -Infinity } = queue;
    if (nowMs < purgedAtMs + PURGE_INTERVAL_SECONDS * SECOND_MS) throw purgeInProgress(queue.name);
    homeOf(queue, context.tx).put(queues, { ...queue, id: context.newId(), purgedAtMs: nowMs });
    await emptyLater(queue.id, context);
    return {};
  },
});

const JOB = "clear";

/** Has all that a queue held taken away, a part now and the rest behind this call. */
export async function emptyLater(id: string, context: Context): Promise<void> {
  if (await empty(id, context)) context.at(context.now().getTime(), JOB, id);
}

/** Whether anything is left. */
async function empty(id: string, context: Context): Promise<boolean> {
  const { tx } = context;
  const isMore = await clearMessages(id, tx);
  if (isMore) return true;
  await clearGroups(id, tx);
  await forgetSent(id, tx);
  await forgetAttempts(id, context);
  await forgetDataKeys(id, context);
  await forgetCounts(id, tx);
  return false;
}

/** The job: goes on where the call left off. */
export const clear = (context: Context, id: string): Promise<void> => emptyLater(id, context);
