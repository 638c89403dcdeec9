/** The attributes of a topic, read and set. */
import { isoSeconds } from "../../../kernel/iso-seconds.ts";
import type { Context } from "../../../service/context.ts";
import { onTopic } from "../access.ts";
import { archiveChanged, archiveBegin } from "./archive.ts";
import { effectivePolicyOfTopic } from "./delivery-policy.ts";
import { operation } from "../kit.ts";
import { countOf } from "../subscription/row.ts";
import { requirePolicy, showPolicy, withDefaultPolicy } from "./policy.ts";
import { arnOf, homeOf, requireTopic, topics, type Settings, type Topic } from "./row.ts";
import { changedSettings } from "./setting.ts";
import { passedRoles } from "../passed-roles.ts";

export const getTopicAttributes = operation("GetTopicAttributes", {
  authorize: ({ TopicArn }, context) => onTopic("GetTopicAttributes", TopicArn, context),

  async handle({ TopicArn }, context) {
    const topic = await requireTopic(TopicArn, context);
    return { Attributes: await attributesOf(topic, context) };
  },
});

async function attributesOf(topic: Topic, context: Context): Promise<Settings> {
  const { confirmed, pending, deleted } = await countOf(topic, context.tx);
  const begin = await archiveBegin(topic, context.tx, context.now().getTime());
  return {
    TopicArn: arnOf(topic),
    Owner: topic.account,
    DisplayName: "",
    Policy: (await showPolicy(topic, context)) ?? "",
    SubscriptionsConfirmed: String(confirmed),
    SubscriptionsPending: String(pending),
    SubscriptionsDeleted: String(deleted),
    EffectiveDeliveryPolicy: effectivePolicyOfTopic(topic),
    ...topic.settings,
    ...(begin !== undefined && { BeginningArchiveTime: isoSeconds(begin) }),
  };
}

export const setTopicAttributes = operation("SetTopicAttributes", {
  authorize: async ({ TopicArn, AttributeName, AttributeValue }, context) => [
    await onTopic("SetTopicAttributes", TopicArn, context),
    ...passedRoles({ [AttributeName]: AttributeValue }),
  ],

  async handle({ TopicArn, AttributeName: name, AttributeValue: value = "" }, context) {
    const topic = await requireTopic(TopicArn, context);
    const changed = name === "Policy" ? await withPolicy(topic, value, context) : withSetting(topic, name, value);
    homeOf(topic, context.tx).put(topics, changed);
    if (name === "ArchivePolicy") await archiveChanged(changed, context);
    return {};
  },
});

/** Set to nothing, it is again what it was at first. */
async function withPolicy(topic: Topic, text: string, context: Context): Promise<Topic> {
  if (text === "") return withDefaultPolicy(topic, context);
  return { ...topic, policy: await requirePolicy(text, topic, context) };
}

const withSetting = (topic: Topic, name: string, value: string): Topic => ({
  ...topic,
  settings: changedSettings(topic, { name, value, parameter: "AttributeValue" }),
});
