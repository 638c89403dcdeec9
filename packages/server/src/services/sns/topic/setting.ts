/**
 * The attributes that topics can be set to.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_SetTopicAttributes.html
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { requireArchivePolicy } from "./archive-policy.ts";
import { requireTopicDeliveryPolicy } from "./delivery-policy.ts";
import { attributeNameInvalid, invalid } from "../errors.ts";
import { DISPLAY_NAME_CHARACTERS_MAX } from "../limits.ts";
import { isFifo, type Settings, type Topic } from "./row.ts";

const FEEDBACK =
  /^(?:HTTP|Firehose|Lambda|Application|SQS)(SuccessFeedbackRoleArn|FailureFeedbackRoleArn|SuccessFeedbackSampleRate)$/;

const OF_FIFO: ReadonlySet<string> = new Set(["ContentBasedDeduplication", "ArchivePolicy", "FifoThroughputScope"]);

const PERCENT_MAX = 100;

/** What a value becomes, by attribute; `undefined`: it is not a value. */
const VALUES: Readonly<Record<string, (value: string) => string | undefined>> = {
  DisplayName: (value) => (value.length <= DISPLAY_NAME_CHARACTERS_MAX && !/[\r\n]/.test(value) ? value : undefined),
  DeliveryPolicy: requireTopicDeliveryPolicy,
  KmsMasterKeyId: (value) => value,
  SignatureVersion: (value) => oneOf(["1", "2"], value),
  TracingConfig: (value) => oneOf(["PassThrough", "Active"], value),
  ContentBasedDeduplication: (value) => oneOf(["true", "false"], value.toLowerCase()),
  FifoThroughputScope: (value) => oneOf(["Topic", "MessageGroup"], value),
  ArchivePolicy: requireArchivePolicy,
};

const oneOf = (choices: readonly string[], value: string): string | undefined =>
  choices.includes(value) ? value : undefined;

/**
 * What takes them away, by attribute.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html (ArchivePolicy: `{}`)
 */
const REMOVAL: Readonly<Record<string, readonly string[]>> = {
  KmsMasterKeyId: [""],
  DeliveryPolicy: [""],
  ArchivePolicy: ["{}"],
};

export interface Setting {
  readonly name: string;
  readonly value: string;
  /** What AWS calls the parameter when the value is wrong. */
  readonly parameter: string;
}

/** `settings` with one changed. @throws {AwsError} `InvalidParameter` */
export function changedSettings(
  { name: topic, settings }: Pick<Topic, "name" | "settings">,
  { name, value, parameter }: Setting,
): Settings {
  const isFeedback = FEEDBACK.test(name);
  const read = isFeedback ? feedbackOf(name) : findOwn(VALUES, name);
  if (read === undefined || (OF_FIFO.has(name) && !isFifo({ name: topic }))) throw attributeNameInvalid();
  if (isFeedback ? value === "" : findOwn(REMOVAL, name)?.includes(value)) {
    const { [name]: _removed, ...others } = settings;
    return others;
  }
  const shown = read(value);
  if (shown === undefined) throw invalid(`${parameter} Reason: Invalid value [${value}] for ${name}`);
  return { ...settings, [name]: shown };
}

function feedbackOf(name: string): (value: string) => string | undefined {
  if (name.endsWith("RoleArn")) return (value) => (/^arn:[^:]*:iam::\d{12}:role\/.+/.test(value) ? value : undefined);
  return (value) => (/^\d{1,3}$/.test(value) && Number(value) <= PERCENT_MAX ? value : undefined);
}

/** Of a topic of which nothing else was said. */
export const usualSettings = (topic: Pick<Topic, "name">): Settings =>
  isFifo(topic) ? { FifoTopic: "true", ContentBasedDeduplication: "false" } : {};
