/**
 * The questions that SNS's operations ask of IAM.
 * Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { OperationName } from "../../service/sdk.ts";
import { arn, type SnsSdk } from "./kit.ts";
import { findSubscription, topicArnOf } from "./subscription/row.ts";
import { placeOf, topicAt, type Place } from "./topic/row.ts";

type Action = OperationName<SnsSdk>;

/** A question about a topic that its policy may answer too, also for those of other accounts. */
export async function onTopic(
  action: Action,
  topicArn: string | undefined,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  return questionAbout(action, placeOf(topicArn, "TopicArn", context), context, more);
}

export async function questionAbout(
  action: Action,
  place: Place,
  context: Context,
  more: Partial<Access> = {},
): Promise<Access> {
  const topic = await topicAt(place);
  const document = topic?.policy?.document;
  return {
    action: `SNS:${action}`,
    resource: place.arn,
    owner: place.account,
    resourcePolicy: document === undefined ? undefined : { name: `topic policy of ${place.resource}`, document },
    resourceTags: topic?.tags,
    ...more,
    keys: { ...sourceOwner(context), ...more.keys },
  };
}

/**
 * The services that say whose resource they speak for by `aws:SourceOwner`, which the policy that every topic begins
 * with asks for. The others have to be let in by a policy of the owner's.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html (aws:SourceAccount versus aws:SourceOwner)
 */
const OWNER_SERVICES: ReadonlySet<string> = new Set([
  "cloudwatch.amazonaws.com",
  "codedeploy.amazonaws.com",
  "elasticache.amazonaws.com",
  "lambda.amazonaws.com",
  "monitoring.amazonaws.com",
]);

function sourceOwner({ principal }: Context): { "aws:SourceOwner"?: readonly string[] } {
  if (principal.type !== "service" || OWNER_SERVICES.has(principal.service)) return {};
  return { "aws:SourceOwner": [] };
}

/** A question about a subscription: to whom the topic belongs, and who has subscribed. */
export async function onSubscription(action: Action, subscriptionArn: string, context: Context): Promise<Access> {
  const place = placeOf(topicArnOf(subscriptionArn), "SubscriptionArn", context);
  const subscription = await findSubscription(subscriptionArn, context);
  const question = await questionAbout(action, place, context);
  const { principal } = context;
  const isOwn = "account" in principal && subscription?.owner === principal.account;
  return isOwn ? { ...question, owner: subscription.owner } : question;
}

/** A question about the account as a whole. Source: refusals of AWS name it `arn:aws:sns:us-east-1:123456789012:*` */
export const onAccount = (action: Action, context: Context, more: Partial<Access> = {}): Access => ({
  action: `SNS:${action}`,
  resource: arn(context, "*"),
  ...more,
});

/** A question about an application or one of its endpoints. */
export const onNamed = (action: Action, place: Place): Access => ({
  action: `SNS:${action}`,
  resource: place.arn,
  owner: place.account,
});
