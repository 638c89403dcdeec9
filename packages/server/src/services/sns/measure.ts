/**
 * What CloudWatch is told of topics.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-monitoring-using-cloudwatch.html
 */
import type { Context } from "../../service/context.ts";
import { bytesOf, textFor, type Message } from "./message/message.ts";
import type { Topic } from "./topic/row.ts";

type Counted =
  | "NumberOfMessagesPublished"
  | "NumberOfNotificationsDelivered"
  | "NumberOfNotificationsFailed"
  | "NumberOfNotificationsFailedToRedriveToDlq"
  | "NumberOfNotificationsFilteredOut"
  | "NumberOfNotificationsFilteredOut-MessageAttributes"
  | "NumberOfNotificationsFilteredOut-MessageBody"
  | "NumberOfNotificationsFilteredOut-NoMessageAttributes"
  | "NumberOfNotificationsFilteredOut-InvalidMessageBody"
  | "NumberOfNotificationsRedrivenToDlq";

export const measureCount = (topic: Topic, name: Counted, context: Context): void =>
  context.measure(
    { namespace: "AWS/SNS", name, dimensions: { TopicName: topic.name }, value: 1, unit: "Count" },
    topic,
  );

/**
 * A text to a number that no topic is between: the number itself is not told. Differs: what texts cost is not known, so
 * `SMSMonthToDateSpentUSD` is not sent.
 */
export function measureText(hasArrived: boolean, context: Context): void {
  const outcome = hasArrived ? "NumberOfNotificationsDelivered" : "NumberOfNotificationsFailed";
  const all = { NumberOfMessagesPublished: 1, [outcome]: 1, SMSSuccessRate: hasArrived ? 1 : 0 };
  const dimensions = { PhoneNumber: "PhoneNumberDirect" };
  for (const [name, value] of Object.entries(all))
    context.measure({ namespace: "AWS/SNS", name, dimensions, value, unit: "Count" });
}

export function measurePublished(topic: Topic, message: Message, context: Context): void {
  measureCount(topic, "NumberOfMessagesPublished", context);
  const value = bytesOf(textFor(message, "default"), message.attributes);
  context.measure(
    { namespace: "AWS/SNS", name: "PublishSize", dimensions: { TopicName: topic.name }, value, unit: "Bytes" },
    topic,
  );
}
