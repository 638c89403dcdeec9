/** The attributes of a queue, set and read. */
import type { Context } from "../../../service/context.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { onOwnQueue, onQueue } from "../access.ts";
import { unknownAttribute } from "../errors.ts";
import { operation } from "../kit.ts";
import { lengthOf } from "./length.ts";
import { requirePolicy } from "./policy-rules.ts";
import { arnOf, homeOf, queues, requireQueue, type Queue, type Settings } from "./row.ts";
import { retentionChanged } from "../message/retention.ts";
import { changedSettings, requireRedrives, shownSettings } from "./setting.ts";

const ATTRIBUTES: ReadonlySet<string> = new Set([
  "Policy",
  "VisibilityTimeout",
  "MaximumMessageSize",
  "MessageRetentionPeriod",
  "ApproximateNumberOfMessages",
  "ApproximateNumberOfMessagesNotVisible",
  "ApproximateNumberOfMessagesDelayed",
  "CreatedTimestamp",
  "LastModifiedTimestamp",
  "QueueArn",
  "DelaySeconds",
  "ReceiveMessageWaitTimeSeconds",
  "RedrivePolicy",
  "RedriveAllowPolicy",
  "FifoQueue",
  "ContentBasedDeduplication",
  "DeduplicationScope",
  "FifoThroughputLimit",
  "KmsMasterKeyId",
  "KmsDataKeyReusePeriodSeconds",
  "SqsManagedSseEnabled",
]);

export const getQueueAttributes = operation("GetQueueAttributes", {
  callers: "open",

  authorize: ({ QueueUrl }, context) => onQueue("GetQueueAttributes", QueueUrl, context),

  async handle({ QueueUrl, AttributeNames: names = [] }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const unknown = names.find((name) => name !== "All" && !ATTRIBUTES.has(name));
    if (unknown !== undefined) throw unknownAttribute(unknown);
    if (names.length === 0) return {};
    const isCounted = names.some((name) => name === "All" || name.startsWith("Approximate"));
    const counts = isCounted ? await countsOf(queue, context) : {};
    const all = Object.entries({ ...(await attributesOf(queue, context)), ...counts });
    const isWanted = ([name]: readonly [string, string]): boolean => names.some((one) => one === "All" || one === name);
    const wanted = all.filter(isWanted);
    return wanted.length === 0 ? {} : { Attributes: Object.fromEntries(wanted) };
  },
});

/** Of what is in it, which takes a look at all that is in flight. */
async function countsOf(queue: Queue, context: Context): Promise<Settings> {
  const { visible, inFlight, delayed } = await lengthOf(queue, context);
  return {
    ApproximateNumberOfMessages: String(visible),
    ApproximateNumberOfMessagesNotVisible: String(inFlight),
    ApproximateNumberOfMessagesDelayed: String(delayed),
  };
}

async function attributesOf(queue: Queue, context: Context): Promise<Settings> {
  return {
    ...shownSettings(queue),
    ...(queue.policy && { Policy: await context.directory.showPrincipals(queue.policy, { ...queue, tx: context.tx }) }),
    QueueArn: arnOf(queue),
    CreatedTimestamp: String(Math.floor(queue.createdAtMs / SECOND_MS)),
    LastModifiedTimestamp: String(Math.floor(queue.changedAtMs / SECOND_MS)),
  };
}

export const setQueueAttributes = operation("SetQueueAttributes", {
  authorize: ({ QueueUrl }, context) => onOwnQueue("SetQueueAttributes", QueueUrl, context),

  async handle({ QueueUrl, Attributes }, context) {
    const queue = await requireQueue(QueueUrl, context);
    const { Policy, ...given } = givenOf(Attributes);
    const settings = changedSettings(queue, given);
    const { policy: was, ...rest } = queue;
    const policy = Policy === undefined ? was : await requirePolicy(Policy, queue, context);
    const changed: Queue = { ...rest, settings, changedAtMs: context.now().getTime(), ...(policy && { policy }) };
    await requireRedrives(changed, given, context);
    homeOf(queue, context.tx).put(queues, changed);
    if (settings["MessageRetentionPeriod"] !== queue.settings["MessageRetentionPeriod"]) {
      await retentionChanged(changed, context);
    }
    return {};
  },
});

/** Attributes as texts by name; those without a value left out. */
export const givenOf = (attributes: Readonly<Record<string, string | undefined>>): Settings =>
  Object.fromEntries(
    Object.entries(attributes).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
