/**
 * Archived messages sent once more to one subscription.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
 */
import { assert } from "../../../kernel/assert.ts";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { archiveBegin, archivedIn, keyOf, PURPOSE, type Archived } from "../topic/archive.ts";
import { deliver } from "../delivery/deliver.ts";
import { wants } from "../message/fan-out.ts";
import type { Message } from "../message/message.ts";
import { publicationOf } from "../message/publication.ts";
import { replayPeriodOf } from "./replay-policy.ts";
import { replays } from "./replay-row.ts";
import { findSubscription, topicOf, type Subscription } from "./row.ts";
import { homeOf, type Topic } from "../topic/row.ts";

const AT_ONCE = 100;

/** A new policy takes the place of a replay that goes on. */
export async function replayChanged(topic: Topic, subscription: Subscription, context: Context): Promise<void> {
  const home = homeOf(topic, context.tx);
  const period = replayPeriodOf(subscription.settings);
  if (period === undefined) return home.delete(replays, subscription.id);
  const nowMs = context.now().getTime();
  const { fromMs, untilMs = nowMs } = period;
  home.put(replays, { subscription: subscription.id, status: "Pending", fromMs, untilMs });
  context.at(nowMs, "replay", subscription.arn);
}

export const replayStatusOf = async (subscription: Subscription, tx: Transaction): Promise<string | undefined> => {
  const topic = await topicOf(subscription, tx);
  return topic && (await homeOf(topic, tx).get(replays, subscription.id))?.status;
};

/** The job: sends some of them, in order. */
export async function replay(context: Context, subscriptionArn: string): Promise<void> {
  const subscription = await findSubscription(subscriptionArn, context);
  const topic = subscription && (await topicOf(subscription, context.tx));
  if (subscription === undefined || topic === undefined) return;
  const home = homeOf(topic, context.tx);
  const row = await home.get(replays, subscription.id);
  if (row === undefined) return;
  const { untilMs, after } = row;
  // what is over is trimmed when something is published; without an archive nothing is kept
  const beginMs = (await archiveBegin(topic, context.tx, context.now().getTime())) ?? Infinity;
  const fromMs = Math.max(row.fromMs, beginMs);
  // what was published at the very last moment is meant as well
  const found = await archivedIn(topic, { fromMs, untilMs: untilMs + 1, after, limit: AT_ONCE }, context.tx);
  for (const one of found) {
    const message = opened(one, context);
    if (wants(subscription, message)) await deliver(publicationOf(topic, message, context), subscription, context);
  }
  const last = found.at(-1);
  if (last === undefined || found.length < AT_ONCE) return home.put(replays, { ...row, status: "Completed" });
  home.put(replays, { ...row, status: "In progress", after: keyOf(last) });
  context.at(context.now().getTime(), "replay", subscriptionArn);
}

function opened({ sealed }: Archived, { keys }: Context): Message {
  const bytes = keys.open(sealed, PURPOSE);
  assert(bytes !== undefined, "what was sealed here opens here");
  const message: Message = JSON.parse(Buffer.from(bytes).toString("utf8"));
  return { ...message, isReplayed: true };
}
