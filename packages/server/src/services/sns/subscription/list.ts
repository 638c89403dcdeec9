/** Lists of subscriptions: of a topic, and of an account. */
import { page } from "../../../kernel/page.ts";
import { onAccount, onTopic } from "../access.ts";
import { invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { nextToken } from "../next-token.ts";
import { LISTED_MAX } from "../limits.ts";
import { findSubscription, ownSubscriptions, subscriptions, topicArnOf, type Subscription } from "./row.ts";
import { homeOf, requireTopic } from "../topic/row.ts";

export const listSubscriptionsByTopic = operation("ListSubscriptionsByTopic", {
  authorize: ({ TopicArn }, context) => onTopic("ListSubscriptionsByTopic", TopicArn, context),

  async handle({ TopicArn, NextToken: token }, context) {
    const topic = await requireTopic(TopicArn, context);
    const asked = { prefix: [topic.id], token, max: LISTED_MAX, invalidToken };
    const { rows, next } = await page(homeOf(topic, context.tx), subscriptions, asked);
    return { Subscriptions: rows.map(shown), ...nextToken(next) };
  },
});

export const listSubscriptions = operation("ListSubscriptions", {
  authorize: (_input, context) => onAccount("ListSubscriptions", context),

  async handle({ NextToken: token }, context) {
    const { rows, next } = await page(context.tx, ownSubscriptions, { token, max: LISTED_MAX, invalidToken });
    const found: Subscription[] = [];
    for (const { arn } of rows) {
      const subscription = await findSubscription(arn, context);
      if (subscription !== undefined) found.push(subscription);
    }
    return { Subscriptions: found.map(shown), ...nextToken(next) };
  },
});

const shown = ({ arn, owner, protocol, endpoint, state }: Subscription) => ({
  SubscriptionArn: state === "pending" ? "PendingConfirmation" : arn,
  Owner: owner,
  Protocol: protocol,
  Endpoint: endpoint,
  TopicArn: topicArnOf(arn),
});
