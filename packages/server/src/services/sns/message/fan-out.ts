/**
 * A message goes to all who have subscribed and want it: to the first hundred in the transaction that publishes it, to
 * the others a hundred at a time behind it.
 */
import { assert } from "../../../kernel/assert.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { deliver } from "../delivery/deliver.ts";
import { storedFilter } from "../filter/compile.ts";
import { fits, isFilterable } from "../filter/match.ts";
import { measureCount, measurePublished } from "../measure.ts";
import { textFor, type Message } from "./message.ts";
import { publicationOf, type Publication } from "./publication.ts";
import { scopeOf } from "../subscription/setting.ts";
import { subscriptions, type Subscription } from "../subscription/row.ts";
import { arnOf, homeOf, requireTopic, type Topic } from "../topic/row.ts";

/** A message that has not been to all subscribers yet. */
interface Spreading {
  readonly id: string;
  readonly topicArn: string;
  readonly topicId: string;
  /** The last subscription that it was sent to. */
  readonly after: string;
  /** The message, sealed. */
  readonly sealed: string;
}

const spreadings = table<Spreading>("sns.spreading", "global", ({ id }) => [id]);

const AT_ONCE = 100;
const PURPOSE = "sns message";

export function fanOut(topic: Topic, message: Message, context: Context): Promise<void> {
  measurePublished(topic, message, context);
  return sendOn(publicationOf(topic, message, context), undefined, context);
}

async function sendOn(publication: Publication, after: string | undefined, context: Context): Promise<void> {
  const { topic, message } = publication;
  const home = homeOf(topic, context.tx);
  const rows = await home.scan(subscriptions, {
    prefix: [topic.id],
    limit: AT_ONCE,
    ...(after !== undefined && { after: [topic.id, after] }),
  });
  for (const subscription of rows) {
    if (subscription.state !== "confirmed") continue;
    if (wants(subscription, message)) await deliver(publication, subscription, context);
    else measureFiltered({ topic, message, subscription }, context);
  }
  const last = rows.at(-1);
  if (last === undefined || rows.length < AT_ONCE) return;
  const id = context.newId();
  const sealed = context.keys.seal(JSON.stringify(message), PURPOSE);
  context.tx.put(spreadings, { id, topicArn: arnOf(topic), topicId: topic.id, after: last.id, sealed });
  context.at(context.now().getTime(), "spread", id);
}

interface FilteredOut {
  readonly topic: Topic;
  readonly message: Message;
  readonly subscription: Subscription;
}

function measureFiltered({ topic, message, subscription }: FilteredOut, context: Context): void {
  const { settings, protocol } = subscription;
  const scope = scopeOf(settings);
  measureCount(topic, "NumberOfNotificationsFilteredOut", context);
  measureCount(topic, `NumberOfNotificationsFilteredOut-${scope}`, context);
  if (scope === "MessageAttributes" && Object.keys(message.attributes).length === 0)
    measureCount(topic, "NumberOfNotificationsFilteredOut-NoMessageAttributes", context);
  if (scope === "MessageBody" && !isFilterable(textFor(message, protocol)))
    measureCount(topic, "NumberOfNotificationsFilteredOut-InvalidMessageBody", context);
}

export function wants({ settings, protocol }: Subscription, message: Message): boolean {
  const filter = settings["FilterPolicy"];
  return filter === undefined || fits(message, textFor(message, protocol), storedFilter(filter), scopeOf(settings));
}

/** The job: goes on where the transaction before left off. */
export async function spread(context: Context, id: string): Promise<void> {
  const row = await context.tx.get(spreadings, id);
  if (row === undefined) return;
  context.tx.delete(spreadings, id);
  const topic = await requireTopic(row.topicArn, context);
  if (topic.id !== row.topicId) return;
  const opened = context.keys.open(row.sealed, PURPOSE);
  assert(opened !== undefined, "what was sealed here opens here");
  const message: Message = JSON.parse(Buffer.from(opened).toString("utf8"));
  await sendOn(publicationOf(topic, message, context), row.after, context);
}
