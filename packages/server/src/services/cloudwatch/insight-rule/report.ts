/**
 * What a rule has found.
 * Differs: the events are read when somebody asks for a report, in the name of who asks.
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html
 */
import { AwsError } from "../../../kernel/aws-error.ts";
import { SECOND_MS } from "../../../kernel/duration.ts";
import { parseArn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { insightRuleNotFound, reportTooLarge, timesInvalid, valueInvalid } from "../errors.ts";
import { streaming } from "../kit.ts";
import { CONTRIBUTORS_MAX, CONTRIBUTORS_USUAL, REPORT_EVENTS_MAX, REPORT_PERIODS_MAX } from "../limits.ts";
import type { TimeRange } from "../datum.ts";
import { parseDefinition, type Definition } from "./definition.ts";
import { onInsightRules } from "./insight-rule.ts";
import { contributionOf } from "./record.ts";
import { insightRules, type InsightRule } from "./row.ts";
import { ContributorTally, isReportMetric, type Ranking } from "./tally.ts";

type LogsSdk = typeof import("@aws-sdk/client-cloudwatch-logs");

interface Asked {
  readonly StartTime: Date;
  readonly EndTime: Date;
  readonly Period: number;
  readonly MaxContributorCount?: number | undefined;
  readonly Metrics?: readonly string[] | undefined;
  readonly OrderBy?: string | undefined;
}

export const getInsightRuleReport = streaming("GetInsightRuleReport", {
  authorize: ({ RuleName }, context) => onInsightRules("GetInsightRuleReport", [RuleName], context),

  async receive(input, context) {
    requireReport(input);
    const rule = await context.tx.get(insightRules, input.RuleName);
    if (rule === undefined) throw insightRuleNotFound(input.RuleName);
    const definition = parseDefinition(rule.definition);
    const tally = new ContributorTally(input.Period * SECOND_MS);
    const range = { fromMs: input.StartTime.getTime(), toMs: input.EndTime.getTime() };
    let left = REPORT_EVENTS_MAX;
    for (const stretch of enabledIn(rule, range)) left -= await read({ definition, stretch, left }, tally, context);
    return { definition, tally, range };
  },

  async handle(input, _context, { definition: { keys, summed }, tally, range }) {
    const { MaxContributorCount = CONTRIBUTORS_USUAL, Metrics = [], OrderBy = "Sum" } = input;
    return {
      KeyLabels: [...keys],
      AggregationStatistic: summed === undefined ? "SampleCount" : "Sum",
      AggregateValue: tally.total,
      ApproximateUniqueCount: tally.size,
      Contributors: tally.contributors(MaxContributorCount, rankingOf(OrderBy)),
      MetricDatapoints: Metrics.length === 0 ? [] : tally.points(Metrics, range),
    };
  },
});

/** @throws {AwsError} `InvalidParameterValue` */
function requireReport({ StartTime, EndTime, Period, MaxContributorCount, Metrics, OrderBy = "Sum" }: Asked): void {
  if (StartTime >= EndTime) throw timesInvalid();
  if (Period % 60 !== 0) throw valueInvalid(Period, "Period");
  const periods = (EndTime.getTime() - StartTime.getTime()) / (Period * SECOND_MS);
  if (periods > REPORT_PERIODS_MAX) throw valueInvalid(Period, "Period");
  const count = MaxContributorCount ?? CONTRIBUTORS_USUAL;
  if (count < 1 || count > CONTRIBUTORS_MAX) throw valueInvalid(count, "MaxContributorCount");
  const unknown = Metrics?.find((name) => !isReportMetric(name));
  if (unknown !== undefined) throw valueInvalid(unknown, "Metrics");
  rankingOf(OrderBy);
}

function rankingOf(given: string): Ranking {
  if (given === "Sum" || given === "Maximum") return given;
  throw valueInvalid(given, "OrderBy");
}

/** The times in the range in which the rule was enabled. */
const enabledIn = ({ spans }: InsightRule, { fromMs, toMs }: TimeRange): readonly TimeRange[] =>
  spans
    .map((span) => ({ fromMs: Math.max(fromMs, span.fromMs), toMs: Math.min(toMs, span.toMs ?? toMs) }))
    .filter((stretch) => stretch.fromMs < stretch.toMs);

interface Reading {
  readonly definition: Definition;
  readonly stretch: TimeRange;
  /** As many events may still be looked at. */
  readonly left: number;
}

/** How many events it looked at. @throws {AwsError} `InvalidParameterValue` where there are too many */
async function read({ definition, stretch, left }: Reading, tally: ContributorTally, context: Context) {
  const seen = new Set<string>();
  let events = 0;
  for (const text of definition.groups) {
    for (const group of await groupsOf(text, context)) {
      if (seen.has(group)) continue;
      seen.add(group);
      for await (const { message = "", timestamp = 0 } of eventsOf(group, stretch, context)) {
        if (++events > left) throw reportTooLarge(REPORT_EVENTS_MAX);
        const contribution = contributionOf(definition, message);
        if (contribution !== undefined) tally.add(contribution, timestamp);
      }
    }
  }
  return events;
}

/** The groups of that name, of all whose names begin so, or of the ARN. */
async function groupsOf(text: string, context: Context): Promise<readonly string[]> {
  const parts = parseArn(text);
  if (parts !== undefined && parts.account !== context.account && parts.account !== "*") return [];
  const name = parts === undefined ? text : parts.resource.replace(/^log-group[:/]/, "");
  if (!name.endsWith("*")) return [name];
  const found: string[] = [];
  let nextToken: string | undefined;
  do {
    const answer = await context.call<LogsSdk, "DescribeLogGroups">({
      service: "cloudwatch-logs",
      operation: "DescribeLogGroups",
      input: { ...(name.length > 1 && { logGroupNamePrefix: name.slice(0, -1) }), ...(nextToken && { nextToken }) },
    });
    found.push(...(answer.logGroups ?? []).map(({ logGroupName = "" }) => logGroupName));
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
  return found;
}

async function* eventsOf(logGroupName: string, { fromMs, toMs }: TimeRange, context: Context) {
  let nextToken: string | undefined;
  do {
    const input = { logGroupName, startTime: fromMs, endTime: toMs - 1, ...(nextToken && { nextToken }) };
    const answer = await filterEvents(input, context);
    yield* answer.events ?? [];
    ({ nextToken } = answer);
  } while (nextToken !== undefined);
}

type Filtering = Parameters<InstanceType<LogsSdk["CloudWatchLogs"]>["filterLogEvents"]>[0];

/** Of a group that is not there, there are no events. */
async function filterEvents(input: Filtering, context: Context) {
  try {
    return await context.call<LogsSdk, "FilterLogEvents">({
      service: "cloudwatch-logs",
      operation: "FilterLogEvents",
      input,
    });
  } catch (error) {
    if (error instanceof AwsError && error.code === "ResourceNotFoundException") return { events: [] };
    throw error;
  }
}
