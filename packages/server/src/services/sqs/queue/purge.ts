/** Queues that are emptied at one blow. */
import { parseAccountId } from "../../../kernel/arn.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { onQueue } from "../access.ts";
import { forgetAttempts } from "../message/attempt.ts";
import { forgetSent } from "../message/deduplication.ts";
import { forgetDataKeys } from "../encryption.ts";
import { purgeInProgress } from "../errors.ts";
import { clearGroups } from "../message/group.ts";
import { operation } from "../kit.ts";
import { PURGE_INTERVAL_SECONDS } from "../limits.ts";
import { forgetCounts } from "../message/count.ts";
import { CLEARED_AT_ONCE, clearMessages, lineOf } from "../message/row.ts";
import { homeOf, queues, requireQueue, type Queue } from "./row.ts";
import { forgetSequence } from "../message/send.ts";
import { clearTenants } from "../tenant/tenant.ts";

export const purgeQueue = operation("PurgeQueue", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("PurgeQueue", QueueUrl, context),

  /** The queue goes on under another id; what the old one holds is cleared away behind it. */
  async handle({ QueueUrl }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const nowMs = context.now().getTime();
    const { purgedAtMs = -Infinity } = queue;
    if (nowMs < purgedAtMs + PURGE_INTERVAL_SECONDS * SECOND_MS) throw purgeInProgress(queue.name);
    homeOf(queue, context.tx).put(queues, { ...queue, id: context.newId(), purgedAtMs: nowMs });
    await emptyLater(queue, context);
    return {};
  },
});

const JOB = "clear";

/** Has all that a queue held taken away, a part now and the rest behind this call; who waits for it hears of it. */
export async function emptyLater(queue: Emptied, context: Context): Promise<void> {
  const tx = context.tx.in({ account: queue.account });
  tx.delete(lineOf(queue), 0, 0, "");
  if (await empty(queue.id, tx)) context.at(context.now().getTime(), JOB, `${queue.account} ${queue.id}`);
}

type Emptied = Pick<Queue, "account" | "id">;

/** Whether anything is left. */
async function empty(id: string, tx: Transaction): Promise<boolean> {
  const counts = [
    ...(await clearMessages(id, tx)),
    await clearTenants(id, CLEARED_AT_ONCE, tx),
    ...(await clearGroups(id, CLEARED_AT_ONCE, tx)),
    await forgetSent(id, CLEARED_AT_ONCE, tx),
    await forgetAttempts(id, CLEARED_AT_ONCE, tx),
    await forgetDataKeys(id, { tx }),
  ];
  if (Math.max(...counts) >= CLEARED_AT_ONCE) return true;
  await forgetCounts(id, tx);
  forgetSequence(id, tx);
  return false;
}

/** The job: goes on where the call left off. */
export async function clear(context: Context, key: string): Promise<void> {
  const [owner = "", id = ""] = key.split(" ");
  const account = parseAccountId(owner);
  if (account !== undefined) await emptyLater({ account, id }, context);
}
