/** Notices of what happened to apps on devices, published. */
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { appNotices, type AppNotice } from "./event.ts";
import { publishTo, requireOrder, requirePublishable } from "../message/publish.ts";
import { requireTopic } from "../topic/row.ts";

/** The job. */
export async function tell(context: Context, id: string): Promise<void> {
  const notice = await context.tx.get(appNotices, id);
  if (notice === undefined) return;
  context.tx.delete(appNotices, id);
  try {
    await publishNotice(notice, context);
  } catch (error) {
    // a topic that is gone, or does not take it
    if (!(error instanceof AwsError)) throw error;
  }
}

async function publishNotice({ topicArn, subject, text }: AppNotice, context: Context): Promise<void> {
  const topic = await requireTopic(topicArn, context);
  await requirePublishable(topic, context);
  const content = { subject, texts: { default: text }, attributes: {} };
  await publishTo(topic, { content, order: requireOrder({ Message: text }, topic) }, context);
}
