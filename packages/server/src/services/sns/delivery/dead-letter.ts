/**
 * What cannot be delivered goes to the queue that the subscription names, where it names one that takes it.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
 */
import type { Context } from "../../../service/context.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import { measureCount } from "../measure.ts";
import type { Publication } from "../message/publication.ts";
import { deadLettersOf } from "../subscription/setting.ts";
import type { Subscription } from "../subscription/row.ts";
import { letterOf, sendLetter } from "./to-queue.ts";

export async function bury(publication: Publication, subscription: Subscription, context: Context): Promise<void> {
  const queueArn = deadLettersOf(subscription);
  if (queueArn === undefined) return;
  const letter = await letterOf(publication, subscription);
  try {
    await sendLetter(letter, { ...publication, queueArn }, context);
    measureCount(publication.topic, "NumberOfNotificationsRedrivenToDlq", context);
  } catch (error) {
    // a queue that does not take it: the message is lost, as AWS loses it
    if (!(error instanceof AwsError)) throw error;
    measureCount(publication.topic, "NumberOfNotificationsFailedToRedriveToDlq", context);
  }
}
