/**
 * The time series of an alarm over many, each judged by itself.
 * Differs: only the alarm acts, its contributors do not.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html
 */
import { hash } from "node:crypto";
import type { AlarmContributor } from "@aws-sdk/client-cloudwatch";
import { page } from "../../../kernel/page.ts";
import { table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { alarmMissing, invalidToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { CONTRIBUTORS_PER_PAGE, SEARCHED_METRICS_MAX } from "../limits.ts";
import { onAlarms } from "./access.ts";
import { findAlarm } from "./alarm.ts";

/** A series that is in the state ALARM. */
interface Contributor {
  readonly alarm: string;
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly reason: string;
  readonly sinceMs: number;
}

export type Contribution = Pick<Contributor, "attributes" | "reason">;

const contributors = table<Contributor>("cloudwatch.contributor", "region", ({ alarm, id }) => [alarm, id]);

const ID_CHARACTERS = 32;

const idOf = (alarm: string, { attributes }: Contribution): string =>
  hash("sha256", JSON.stringify([alarm, attributes]), "hex").slice(0, ID_CHARACTERS);

/** These are in ALARM now, and no others. */
export async function keepContributors(alarm: string, now: readonly Contribution[], context: Context): Promise<void> {
  const { tx } = context;
  const were = await tx.scan(contributors, { prefix: [alarm], limit: SEARCHED_METRICS_MAX });
  const since = new Map(were.map(({ id, sinceMs }) => [id, sinceMs]));
  const ids = new Set(now.map((one) => idOf(alarm, one)));
  for (const { id } of were) if (!ids.has(id)) tx.delete(contributors, alarm, id);
  for (const one of now) {
    const id = idOf(alarm, one);
    tx.put(contributors, { alarm, id, ...one, sinceMs: since.get(id) ?? context.now().getTime() });
  }
}

export const describeAlarmContributors = operation("DescribeAlarmContributors", {
  authorize: ({ AlarmName }, context) => onAlarms("DescribeAlarmContributors", [AlarmName], context),

  async handle({ AlarmName: alarm, NextToken: token }, context) {
    if ((await findAlarm(alarm, context)) === undefined) throw alarmMissing(alarm);
    const paging = { prefix: [alarm], token, limit: CONTRIBUTORS_PER_PAGE, max: CONTRIBUTORS_PER_PAGE, invalidToken };
    const { rows, next } = await page(context.tx, contributors, paging);
    return { AlarmContributors: rows.map(show), ...(next !== undefined && { NextToken: next }) };
  },
});

const show = ({ id, attributes, reason, sinceMs }: Contributor): AlarmContributor => ({
  ContributorId: id,
  ContributorAttributes: { ...attributes },
  StateReason: reason,
  StateTransitionedTimestamp: new Date(sinceMs),
});
