/**
 * The attributes of queues that can be set: their defaults and bounds.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { findOwn } from "../../../kernel/lookup.ts";
import type { Context } from "../../../service/context.ts";
import {
  highThroughputNeedsGroups,
  invalidAttribute,
  ofFifoAlone,
  twoEncryptions,
  typeFixed,
  unknownAttribute,
} from "../errors.ts";
import { isFifo, type Queue, type Settings } from "./row.ts";
import { requireRedrive, requireRedriveAllow, shownRedrive, shownRedriveAllow } from "./redrive-policy.ts";

interface Range {
  readonly min: number;
  readonly max: number;
  readonly usual: number;
}

/** Source: https://aws.amazon.com/about-aws/whats-new/2025/08/amazon-sqs-max-payload-size-1mib/ (MaximumMessageSize) */
const NUMBERS: Readonly<Record<string, Range>> = {
  DelaySeconds: { min: 0, max: 900, usual: 0 },
  MaximumMessageSize: { min: 1024, max: 1_048_576, usual: 1_048_576 },
  MessageRetentionPeriod: { min: 60, max: 1_209_600, usual: 345_600 },
  ReceiveMessageWaitTimeSeconds: { min: 0, max: 20, usual: 0 },
  VisibilityTimeout: { min: 0, max: 43_200, usual: 30 },
  KmsDataKeyReusePeriodSeconds: { min: 60, max: 86_400, usual: 300 },
};

/** What else there is to choose from. */
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  FifoQueue: ["true"],
  ContentBasedDeduplication: ["true", "false"],
  DeduplicationScope: ["queue", "messageGroup"],
  FifoThroughputLimit: ["perQueue", "perMessageGroupId"],
  SqsManagedSseEnabled: ["true", "false"],
};

/** Set to nothing, they are taken away. */
const REMOVABLE: ReadonlySet<string> = new Set(["RedrivePolicy", "RedriveAllowPolicy", "KmsMasterKeyId"]);

/** What a standard queue answers to what FIFO queues alone have. */
const OF_FIFO: ReadonlyMap<string, (name: string) => AwsError> = new Map([
  ["FifoQueue", unknownAttribute],
  ["ContentBasedDeduplication", unknownAttribute],
  ["DeduplicationScope", ofFifoAlone],
  ["FifoThroughputLimit", ofFifoAlone],
]);

/** Of a queue of which nothing else was said. */
export function usualSettings({ name }: Pick<Queue, "name">): Settings {
  const numbers = Object.fromEntries(Object.entries(NUMBERS).map(([setting, { usual }]) => [setting, String(usual)]));
  const settings = { ...numbers, SqsManagedSseEnabled: "true" };
  if (!isFifo({ name })) return settings;
  return {
    ...settings,
    FifoQueue: "true",
    ContentBasedDeduplication: "false",
    DeduplicationScope: "queue",
    FifoThroughputLimit: "perQueue",
  };
}

/**
 * `settings` with what `given` changes, in the form that they are read back in.
 * @throws {AwsError} `InvalidAttributeName`, `InvalidAttributeValue`
 */
export function changedSettings({ name, settings }: Pick<Queue, "name" | "settings">, given: Settings): Settings {
  const changed: Record<string, string> = { ...settings };
  for (const [setting, value] of Object.entries(given)) {
    const refusal = isFifo({ name }) ? undefined : OF_FIFO.get(setting);
    if (refusal !== undefined) throw refusal(setting);
    if (setting === "FifoQueue" && value.toLowerCase() === "false") throw typeFixed();
    if (REMOVABLE.has(setting) && value === "") delete changed[setting];
    else changed[setting] = shownAs(setting, value);
  }
  requireOneEncryption(changed, given);
  if (changed["FifoThroughputLimit"] === "perMessageGroupId" && changed["DeduplicationScope"] !== "messageGroup") {
    throw highThroughputNeedsGroups();
  }
  return changed;
}

/** A key of KMS takes the place of SQS's own, and the other way round. */
function requireOneEncryption(changed: Record<string, string>, given: Settings): void {
  const isManaged = given["SqsManagedSseEnabled"] === "true";
  if (isManaged && (given["KmsMasterKeyId"] ?? "") !== "") throw twoEncryptions();
  if (isManaged) delete changed["KmsMasterKeyId"];
  else if (changed["KmsMasterKeyId"] !== undefined) changed["SqsManagedSseEnabled"] = "false";
}

function shownAs(setting: string, value: string): string {
  if (setting === "RedrivePolicy") return shownRedrive(value);
  if (setting === "RedriveAllowPolicy") return shownRedriveAllow(value);
  if (REMOVABLE.has(setting)) return value;
  const range = findOwn(NUMBERS, setting);
  if (range) {
    const number = /^\d+$/.test(value) ? Number(value) : NaN;
    if (!(number >= range.min && number <= range.max)) throw invalidAttribute(setting);
    return String(number);
  }
  const choices = findOwn(CHOICES, setting);
  if (choices === undefined) throw unknownAttribute(setting);
  const choice = choices.find((one) => one.toLowerCase() === value.toLowerCase());
  if (choice === undefined) throw invalidAttribute(setting);
  return choice;
}

/** What depends on other queues. @throws {AwsError} `InvalidParameterValue` */
export async function requireRedrives(queue: Queue, given: Settings, context: Context): Promise<void> {
  if (given["RedrivePolicy"] !== undefined) await requireRedrive(queue, context);
  if (given["RedriveAllowPolicy"] !== undefined) requireRedriveAllow(queue);
}

/** Shown only with a key of KMS. */
export function shownSettings({ settings }: Pick<Queue, "settings">): Settings {
  if (settings["KmsMasterKeyId"] !== undefined) return settings;
  const { KmsDataKeyReusePeriodSeconds: _unused, ...others } = settings;
  return others;
}
