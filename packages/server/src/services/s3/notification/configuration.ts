/**
 * What a bucket tells of, and to whom.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 */
import { table } from "../../../kernel/table.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket } from "../bucket/row.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { requireDestinations } from "./destination.ts";
import { formatKeyFilter } from "./key-filter.ts";
import { requireRules, type DestinationKind, type NotificationRule } from "./rule.ts";

interface Notification {
  readonly bucket: string;
  readonly rules: readonly NotificationRule[];
  /** Whether everything goes to the account's default event bus. */
  readonly eventBridge: boolean;
}

export const notifications = table<Notification>("s3.notification", "global", ({ bucket }) => [bucket]);

export const putBucketNotificationConfiguration = operation("PutBucketNotificationConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:PutBucketNotification", await requireBucket(input, context), context),

  async handle(input, context) {
    const { notifies: _before, ...bucket } = await requireBucket(input, context);
    await requireIntegrity(context.request);
    const asked = input.NotificationConfiguration;
    const rules = requireRules(asked, bucket, context);
    if (!input.SkipDestinationValidation) await requireDestinations(rules, bucket, context);
    const eventBridge = asked.EventBridgeConfiguration !== undefined;
    if (rules.length === 0 && !eventBridge) {
      context.tx.delete(notifications, bucket.name);
      context.tx.put(buckets, bucket);
    } else {
      context.tx.put(notifications, { bucket: bucket.name, rules, eventBridge });
      context.tx.put(buckets, { ...bucket, notifies: true });
    }
    return {};
  },
});

export const getBucketNotificationConfiguration = operation("GetBucketNotificationConfiguration", {
  authorize: async (input, context) =>
    onBucket("s3:GetBucketNotification", await requireBucket(input, context), context),

  async handle(input, context) {
    const { name } = await requireBucket(input, context);
    const found = await context.tx.get(notifications, name);
    if (found === undefined) return {};
    const [topics, queues, functions] = (["topic", "queue", "function"] as const).map((kind) => of(kind, found));
    return {
      ...(topics?.length && { TopicConfigurations: topics.map((rule) => ({ TopicArn: rule.arn, ...format(rule) })) }),
      ...(queues?.length && { QueueConfigurations: queues.map((rule) => ({ QueueArn: rule.arn, ...format(rule) })) }),
      ...(functions?.length && {
        LambdaFunctionConfigurations: functions.map((rule) => ({ LambdaFunctionArn: rule.arn, ...format(rule) })),
      }),
      ...(found.eventBridge && { EventBridgeConfiguration: {} }),
    };
  },
});

const of = (kind: DestinationKind, { rules }: Notification): readonly NotificationRule[] =>
  rules.filter((rule) => rule.kind === kind);

const format = ({ id, events, filter }: NotificationRule) => ({
  Id: id,
  Events: [...events],
  ...(filter && { Filter: formatKeyFilter(filter) }),
});
