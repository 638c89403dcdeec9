/**
 * Which keys a notification is about.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-filtering.html
 */
import type { FilterRule, NotificationConfigurationFilter } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import { malformedXml } from "../errors.ts";
import { filterNameInvalid, filterRepeated, filterTooLong } from "./errors.ts";

export interface KeyFilter {
  readonly prefix?: string;
  readonly suffix?: string;
}

const VALUE_BYTES_MAX = 1024;

/** @throws {AwsError} `InvalidArgument`, `MalformedXML` */
export function requireKeyFilter(
  filter: Validated<NotificationConfigurationFilter> | undefined,
): KeyFilter | undefined {
  const rules = filter?.Key?.FilterRules;
  if (rules === undefined) return undefined;
  const wanted: { prefix?: string; suffix?: string } = {};
  for (const rule of rules) {
    const { name, value } = requireRule(rule);
    if (wanted[name] !== undefined) throw filterRepeated(name);
    wanted[name] = value;
  }
  return wanted;
}

function requireRule({ Name, Value }: Validated<FilterRule>): {
  readonly name: "prefix" | "suffix";
  readonly value: string;
} {
  if (Name === undefined || Value === undefined) throw malformedXml();
  const name = Name.toLowerCase();
  if (name !== "prefix" && name !== "suffix") throw filterNameInvalid(Name);
  if (Buffer.byteLength(Value) > VALUE_BYTES_MAX) throw filterTooLong(Value);
  return { name, value: Value };
}

export const isMeant = (key: string, { prefix = "", suffix = "" }: KeyFilter = {}): boolean =>
  key.startsWith(prefix) && key.endsWith(suffix);

/** Whether there are keys that both mean: one prefix begins with the other, and one suffix ends with the other. */
export function shareKeys(one: KeyFilter = {}, other: KeyFilter = {}): boolean {
  const [prefix = "", suffix = ""] = [one.prefix, one.suffix];
  const { prefix: otherPrefix = "", suffix: otherSuffix = "" } = other;
  const begin = prefix.startsWith(otherPrefix) || otherPrefix.startsWith(prefix);
  return begin && (suffix.endsWith(otherSuffix) || otherSuffix.endsWith(suffix));
}

/**
 * As S3 gives it back: names begin with a capital, however they were sent; the SDK's type knows small letters alone.
 * Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3_notifications_sqs.snapshot.json (recorded answers)
 */
export function formatKeyFilter({ prefix, suffix }: KeyFilter): { Key: { FilterRules: FilterRule[] } } {
  const FilterRules: FilterRule[] = [];
  if (prefix !== undefined)
    FilterRules.push(Object.assign({ Name: "prefix", Value: prefix } as const, { Name: "Prefix" }));
  if (suffix !== undefined)
    FilterRules.push(Object.assign({ Name: "suffix", Value: suffix } as const, { Name: "Suffix" }));
  return { Key: { FilterRules } };
}
