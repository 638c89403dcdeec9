/**
 * The attributes that subscriptions can be set to.
 * Source: https://docs.aws.amazon.com/sns/latest/api/API_SetSubscriptionAttributes.html
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { parseArn } from "../../../kernel/arn.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import { requireDeliveryPolicy } from "../topic/delivery-policy.ts";
import { attributeNameInvalid, invalid } from "../errors.ts";
import { compileFilter, type FilterScope } from "../filter/compile.ts";
import { JsonProblem, readJson, unparsed } from "../filter/json-reader.ts";
import { parseObject } from "../json-object.ts";
import { requireReplayPolicy } from "./replay-policy.ts";
import type { Subscription } from "./row.ts";
import { isFifo, type Settings, type Topic } from "../topic/row.ts";

/** What attributes are set on, and how AWS begins to say that one is wrong. */
export interface SettingOf {
  readonly topic: Topic;
  readonly protocol: Subscription["protocol"];
  readonly endpoint: string;
  /** `Attributes Reason: ` where they come together. */
  readonly prefix: "" | "Attributes Reason: ";
}

const RAW: ReadonlySet<string> = new Set(["firehose", "http", "https", "sqs"]);

type Refuse = (problem: string) => AwsError;

type Check = (value: string, of: SettingOf, refuse: Refuse) => string;

const CHECKS: Readonly<Record<string, Check>> = {
  /** Source: https://github.com/aws-controllers-k8s/community/issues/2192, https://github.com/libertymutual/herman/issues/81 (also `false`) */
  RawMessageDelivery(value, { protocol }, refuse) {
    if (!RAW.has(protocol)) throw refuse(`Delivery protocol [${protocol}] does not support raw message delivery.`);
    const shown = value.toLowerCase();
    if (shown === "true" || shown === "false") return shown;
    throw refuse(`RawMessageDelivery: Invalid value [${value}]. Must be true or false.`);
  },
  FilterPolicyScope(value, _of, refuse) {
    if (value === "MessageAttributes" || value === "MessageBody") return value;
    throw refuse(`FilterPolicyScope: Invalid value [${value}]. Please use either MessageBody or MessageAttributes`);
  },
  // looked at when the scope is known
  FilterPolicy: (value) => value,
  /** Any may have one, web pages alone heed it. Source: https://github.com/hashicorp/terraform-provider-aws/blob/main/internal/service/sns/topic_subscription_test.go (deliveryPolicy: of a queue) */
  DeliveryPolicy: requireDeliveryPolicy,
  RedrivePolicy: requireRedrive,
  ReplayPolicy: (value, { topic, protocol }, refuse) => requireReplayPolicy(value, { topic, protocol }, refuse),
  SubscriptionRoleArn: (value) => value,
};

function requireRedrive(value: string, { topic, endpoint }: SettingOf, refuse: Refuse): string {
  try {
    readJson(value);
  } catch (error) {
    if (error instanceof JsonProblem) throw refuse(`RedrivePolicy: ${unparsed(value, error)}`);
    throw error;
  }
  const named = parseObject(value)?.["deadLetterTargetArn"];
  const target = parseArn(typeof named === "string" ? named : "");
  if (target?.service !== "sqs") throw refuse("RedrivePolicy: deadLetterTargetArn is an invalid arn");
  // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_validations_for_fifo)
  if (isFifo(topic) && endpoint.endsWith(".fifo") && !target.resource.endsWith(".fifo")) {
    throw refuse("RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.");
  }
  return value;
}

/** What holds where nothing was said. Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/sns/test_sns.snapshot.json (test_subscribe_idempotency) */
export const USUAL_SETTINGS: Settings = { RawMessageDelivery: "false", FilterPolicyScope: "MessageAttributes" };

/** Set to nothing, they are taken away. Source: https://docs.aws.amazon.com/sns/latest/dg/message-filtering-policy-remove.html */
const isRemoval = (name: string, value: string): boolean =>
  name !== "RawMessageDelivery" && name !== "FilterPolicyScope" && (value === "" || value === "{}");

/** `settings` with what `given` changes, in the form that they are read back in. @throws {AwsError} `InvalidParameter` */
export function changedSettings(
  settings: Settings,
  given: Readonly<Record<string, string | undefined>>,
  of: SettingOf,
): Settings {
  const refuse: Refuse = (problem) => invalid(`${of.prefix}${problem}`);
  const changed: Record<string, string> = { ...settings };
  for (const [name, value = ""] of Object.entries(given)) {
    const check = findOwn(CHECKS, name);
    if (check === undefined) throw of.prefix === "" ? attributeNameInvalid() : refuse(`Unknown attribute: ${name}`);
    if (isRemoval(name, value)) delete changed[name];
    else changed[name] = check(value, of, refuse);
  }
  const filter = changed["FilterPolicy"];
  if (filter !== undefined && (given["FilterPolicy"] !== undefined || given["FilterPolicyScope"] !== undefined)) {
    compileFilter(filter, scopeOf(changed), { ofPolicy: refuse, ofScope: refuse });
  }
  return changed;
}

export const scopeOf = (settings: Settings): FilterScope =>
  settings["FilterPolicyScope"] === "MessageBody" ? "MessageBody" : "MessageAttributes";

export const isRaw = ({ settings }: Pick<Subscription, "settings">): boolean =>
  settings["RawMessageDelivery"] === "true";

/** Where it sends what cannot be delivered. */
export function deadLettersOf({ settings }: Pick<Subscription, "settings">): string | undefined {
  const target = parseObject(settings["RedrivePolicy"] ?? "")?.["deadLetterTargetArn"];
  return typeof target === "string" ? target : undefined;
}
