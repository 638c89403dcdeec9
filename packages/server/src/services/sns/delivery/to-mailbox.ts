/** Mails: they are kept in the cloud's outbox. Source: https://docs.aws.amazon.com/sns/latest/dg/sns-email-notifications.html */
import type { Context } from "../../../service/context.ts";
import { textFor } from "../message/message.ts";
import { layOut, unsubscribeUrlOf } from "../message/notification.ts";
import type { Publication } from "../message/publication.ts";
import type { Subscription } from "../subscription/row.ts";
import type { Topic } from "../topic/row.ts";

const ADDRESS = "no-reply@sns.amazonaws.com";

export async function toMailbox(publication: Publication, subscription: Subscription, context: Context): Promise<void> {
  const { topic, message } = publication;
  const subject = message.subject ?? "AWS Notification Message";
  const text =
    subscription.protocol === "email-json"
      ? layOut(await publication.envelopeFor(subscription))
      : withFooter(textFor(message, subscription.protocol), subscription);
  await mail({ subscription, topic, subject, text }, context);
}

interface Mail {
  readonly subscription: Subscription;
  readonly topic: Topic;
  readonly subject: string;
  readonly text: string;
}

export function mail({ subscription, topic, subject, text }: Mail, context: Context): Promise<void> {
  const { DisplayName: name = "" } = topic.settings;
  const from = name === "" ? `AWS Notifications <${ADDRESS}>` : `${name} <${ADDRESS}>`;
  return context.post({ kind: "email", from, to: subscription.endpoint, subject, text }, topic);
}

const withFooter = (text: string, subscription: Subscription): string =>
  `${text}\n\n--\nIf you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:\n${unsubscribeUrlOf(subscription)}\n`;
