/** The attributes of a subscription, read and set. */
import { onSubscription } from "../access.ts";
import type { Context } from "../../../service/context.ts";
import { effectivePolicyOf } from "../topic/delivery-policy.ts";
import { tooManyFilters } from "../errors.ts";
import { operation } from "../kit.ts";
import { FILTERS_PER_TOPIC_MAX } from "../limits.ts";
import { replayChanged, replayStatusOf } from "./replay.ts";
import { countOf, putSubscription, type Subscription } from "./row.ts";
import { changedSettings, scopeOf } from "./setting.ts";
import { requireSubscription } from "./subscription.ts";
import { arnOf, type Settings, type Topic } from "../topic/row.ts";
import { passedRoles } from "../passed-roles.ts";

export const getSubscriptionAttributes = operation("GetSubscriptionAttributes", {
  authorize: ({ SubscriptionArn }, context) => onSubscription("GetSubscriptionAttributes", SubscriptionArn, context),

  async handle({ SubscriptionArn }, context) {
    const { topic, subscription } = await requireSubscription(SubscriptionArn, context);
    return { Attributes: await attributesOf(topic, subscription, context) };
  },
});

async function attributesOf(topic: Topic, subscription: Subscription, context: Context): Promise<Settings> {
  const { protocol, settings } = subscription;
  const { FilterPolicyScope: _scope, ...others } = settings;
  const status = await replayStatusOf(subscription, context.tx);
  return {
    SubscriptionArn: subscription.arn,
    TopicArn: arnOf(topic),
    Owner: subscription.owner,
    SubscriptionPrincipal: subscription.principal,
    Protocol: protocol,
    Endpoint: subscription.endpoint,
    PendingConfirmation: String(subscription.state === "pending"),
    ConfirmationWasAuthenticated: String(subscription.wasAuthenticated),
    RawMessageDelivery: "false",
    ...others,
    ...(settings["FilterPolicy"] !== undefined && { FilterPolicyScope: scopeOf(settings) }),
    ...((protocol === "http" || protocol === "https") && {
      EffectiveDeliveryPolicy: effectivePolicyOf(subscription, topic),
    }),
    ...(status !== undefined && { ReplayStatus: status }),
  };
}

export const setSubscriptionAttributes = operation("SetSubscriptionAttributes", {
  authorize: async ({ SubscriptionArn, AttributeName, AttributeValue }, context) => [
    await onSubscription("SetSubscriptionAttributes", SubscriptionArn, context),
    ...passedRoles({ [AttributeName]: AttributeValue }),
  ],

  async handle({ SubscriptionArn, AttributeName: name, AttributeValue: value = "" }, context) {
    const { topic, subscription } = await requireSubscription(SubscriptionArn, context);
    const { protocol, endpoint } = subscription;
    const settings = changedSettings(
      subscription.settings,
      { [name]: value },
      { topic, protocol, endpoint, prefix: "" },
    );
    const isNewFilter = settings["FilterPolicy"] !== undefined && subscription.settings["FilterPolicy"] === undefined;
    if (isNewFilter && (await countOf(topic, context.tx)).filtered >= FILTERS_PER_TOPIC_MAX) throw tooManyFilters();
    const changed = { ...subscription, settings };
    await putSubscription(topic, changed, context.tx);
    if (name === "ReplayPolicy") await replayChanged(topic, changed, context);
    return {};
  },
});
