/** Topics: made, listed and taken away. */
import { hash } from "node:crypto";
import { page } from "../../../kernel/page.ts";
import type { Context } from "../../../service/context.ts";
import { onAccount, onTopic } from "../access.ts";
import { archiveChanged } from "./archive.ts";
import { archiveDaysOf } from "./archive-policy.ts";
import { clearLater } from "./clearing.ts";
import { requireProtection } from "./data-protection.ts";
import { attributeNameInvalid, invalidToken, topicDiffers, topicHasArchive, topicNameInvalid } from "../errors.ts";
import { arn, operation } from "../kit.ts";
import { nextToken } from "../next-token.ts";
import { LISTED_MAX, TOPIC_NAME_CHARACTERS_MAX } from "../limits.ts";
import { requireTags, tagsOf } from "./tag.ts";
import { requirePolicy, withDefaultPolicy, showPolicy } from "./policy.ts";
import { arnOf, isFifo, placeOf, topicAt, topics, type Settings, type Topic } from "./row.ts";
import { changedSettings, usualSettings } from "./setting.ts";
import { passedRoles } from "../passed-roles.ts";

export const createTopic = operation("CreateTopic", {
  authorize({ Name, Attributes, Tags = [] }, context) {
    const access = { resource: arn(context, Name), requestTags: tagsOf(Tags) };
    const creation = { ...access, action: "SNS:CreateTopic" };
    // Source: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html (Tags)
    const tagging = Tags.length === 0 ? [] : [{ ...access, action: "SNS:TagResource" }];
    return [creation, ...tagging, ...passedRoles(Attributes)];
  },

  async handle({ Name: name, Attributes = {}, Tags = [], DataProtectionPolicy }, context) {
    const { FifoTopic, Policy, ...given } = Attributes;
    requireName(name, FifoTopic?.toLowerCase() === "true");
    const { tx, account, region, partition } = context;
    const there = await tx.get(topics, name);
    const settings = settingsOf(name, given);
    if (there !== undefined) {
      await requireSame(there, { given: Object.keys(given), settings, policy: Policy }, context);
      if (Object.entries(tagsOf(Tags)).some(([key, value]) => there.tags[key] !== value)) throw topicDiffers("Tags");
      return { TopicArn: arnOf(there) };
    }
    const bare: Topic = {
      id: context.newId(),
      name,
      account,
      region,
      partition,
      createdAtMs: context.now().getTime(),
      settings,
      tags: requireTags({}, Tags),
      ...(DataProtectionPolicy !== undefined && { protection: requireProtection(DataProtectionPolicy) }),
    };
    const topic =
      Policy === undefined
        ? await withDefaultPolicy(bare, context)
        : { ...bare, policy: await requirePolicy(Policy, bare, context) };
    tx.put(topics, topic);
    if (archiveDaysOf(settings) !== undefined) await archiveChanged(topic, context);
    return { TopicArn: arnOf(topic) };
  },
});

/** @throws {AwsError} `InvalidParameter` */
function requireName(name: string, isOrdered: boolean): void {
  const plain = isOrdered ? name.replace(/\.fifo$/, "") : name;
  const isEnded = !isOrdered || isFifo({ name });
  if (!/^[\w-]+$/.test(plain) || name.length > TOPIC_NAME_CHARACTERS_MAX || !isEnded) throw topicNameInvalid();
}

function settingsOf(name: string, given: Readonly<Record<string, string | undefined>>): Settings {
  let settings = usualSettings({ name });
  for (const [setting, value] of Object.entries(given)) {
    if (value === undefined) throw attributeNameInvalid();
    settings = changedSettings({ name, settings }, { name: setting, value, parameter: "Attributes" });
  }
  return settings;
}

interface Asked {
  readonly given: readonly string[];
  readonly settings: Settings;
  readonly policy: string | undefined;
}

/** What is not said again may be different. @throws {AwsError} `InvalidParameter` */
async function requireSame(there: Topic, { given, settings, policy }: Asked, context: Context): Promise<void> {
  if (given.some((name) => settings[name] !== there.settings[name])) throw topicDiffers("Attributes");
  if (policy !== undefined && digestOf(policy) !== digestOf((await showPolicy(there, context)) ?? "")) {
    throw topicDiffers("Attributes");
  }
}

/** Of a policy, however it is laid out. */
function digestOf(policy: string): string {
  try {
    return hash("sha256", JSON.stringify(JSON.parse(policy)));
  } catch {
    return policy;
  }
}

export const listTopics = operation("ListTopics", {
  authorize: (_input, context) => onAccount("ListTopics", context),

  async handle({ NextToken: token }, { tx }) {
    const { rows, next } = await page(tx, topics, { token, max: LISTED_MAX, invalidToken });
    return {
      Topics: rows.map((topic) => ({ TopicArn: arnOf(topic) })),
      ...nextToken(next),
    };
  },
});

export const deleteTopic = operation("DeleteTopic", {
  authorize: ({ TopicArn }, context) => onTopic("DeleteTopic", TopicArn, context),

  /** One that is gone already is no error. Source: https://docs.aws.amazon.com/sns/latest/api/API_DeleteTopic.html */
  async handle({ TopicArn }, context) {
    const place = placeOf(TopicArn, "TopicArn", context);
    const topic = await topicAt(place);
    if (topic === undefined) return {};
    if (archiveDaysOf(topic.settings) !== undefined) throw topicHasArchive();
    place.tx.delete(topics, topic.name);
    await clearLater(topic, context);
    return {};
  },
});
