/**
 * Which archived messages a subscription wants once more.
 * Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-subscriber.html
 */
import type { AwsError } from "../../../kernel/aws-error.ts";
import { archiveDaysOf } from "../topic/archive-policy.ts";
import { parseObject } from "../json-object.ts";
import type { Subscription } from "./row.ts";
import type { Settings, Topic } from "../topic/row.ts";

export interface ReplayPeriod {
  readonly fromMs: number;
  /** Up to now where left out. */
  readonly untilMs: number | undefined;
}

interface ReplayOf extends Pick<Subscription, "protocol"> {
  readonly topic: Topic;
}

/** The policy as it is read back. */
export function requireReplayPolicy(
  text: string,
  { topic, protocol }: ReplayOf,
  refuse: (problem: string) => AwsError,
): string {
  if (archiveDaysOf(topic.settings) === undefined)
    throw refuse("ReplayPolicy: The topic does not have an archive policy.");
  if (protocol !== "sqs") throw refuse(`ReplayPolicy: Delivery protocol [${protocol}] does not support replay.`);
  if (periodIn(text) === undefined) throw refuse("ReplayPolicy: failed to parse JSON");
  return text;
}

export const replayPeriodOf = (settings: Settings): ReplayPeriod | undefined =>
  periodIn(settings["ReplayPolicy"] ?? "");

function periodIn(text: string): ReplayPeriod | undefined {
  const policy = parseObject(text);
  if (policy?.["PointType"] !== "Timestamp") return undefined;
  const [from, until] = [timeOf(policy["StartingPoint"]), timeOf(policy["EndingPoint"])];
  const isWrong = from === undefined || (policy["EndingPoint"] !== undefined && until === undefined);
  return isWrong ? undefined : { fromMs: from, untilMs: until };
}

function timeOf(value: unknown): number | undefined {
  const ms = typeof value === "string" ? Date.parse(value) : NaN;
  return Number.isNaN(ms) ? undefined : ms;
}
