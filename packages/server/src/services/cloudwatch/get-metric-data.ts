/** Metrics and expressions over them, in one call. */
import type { MetricDataResult } from "@aws-sdk/client-cloudwatch";
import { decodeToken, encodeToken } from "../../kernel/page.ts";
import type { Context } from "../../service/context.ts";
import { answersOf, requireSeries, type Answers } from "./answer.ts";
import { invalidToken, timesEqual, timesReversed, tooMany } from "./errors.ts";
import { streaming } from "./kit.ts";
import { filledLabel, toldOf, usualLabel, type Told } from "./label.ts";
import { QUERIED_DATAPOINTS_MAX, QUERIES_MAX } from "./limits.ts";
import { lookAt, samplesOf } from "./look.ts";
import type { Point, Series } from "./math/value.ts";
import { metricOf, readQueries, type Query } from "./query.ts";
import { secondOf } from "./series.ts";

export const getMetricData = streaming("GetMetricData", {
  authorize: () => ({ action: "cloudwatch:GetMetricData", resource: "*" }),

  async receive({ MetricDataQueries }, context) {
    await context.measured();
    const asked = MetricDataQueries.flatMap(({ MetricStat }) => (MetricStat ? [metricOf(MetricStat)] : []));
    return samplesOf(asked, context.now().getTime(), context);
  },

  async handle(input, context, samples) {
    const { MetricDataQueries, StartTime, EndTime, NextToken, MaxDatapoints, ScanBy, LabelOptions } = input;
    if (MetricDataQueries.length > QUERIES_MAX) throw tooMany("MetricDataQueries", QUERIES_MAX);
    const [startMs, endMs] = [secondOf(StartTime), secondOf(EndTime)];
    if (startMs === endMs) throw timesEqual();
    if (startMs > endMs) throw timesReversed();
    const queries = readQueries(MetricDataQueries, "MetricDataQueries");
    await lookAt(samples, context);
    const answers = await answersOf(queries, { startMs, endMs }, context);
    const isAscending = ScanBy === "TimestampAscending";
    const results = queries
      .filter(({ isReturned }) => isReturned)
      .flatMap((query) => resultsOf(query, { queries, answers, timezone: LabelOptions?.Timezone }, context))
      .map((found) => (isAscending ? found : { ...found, points: found.points.toReversed() }));
    const max = Math.min(MaxDatapoints ?? QUERIED_DATAPOINTS_MAX, QUERIED_DATAPOINTS_MAX);
    const { page, next } = pageOf(results, { max, place: placeOf(NextToken), isAscending });
    return { MetricDataResults: page, Messages: [], ...(next !== undefined && { NextToken: next }) };
  },
});

interface Found {
  readonly id: string;
  readonly label: string;
  readonly points: readonly Point[];
  readonly units: readonly string[];
}

interface Around {
  readonly queries: readonly Query[];
  readonly answers: Answers;
  readonly timezone: string | undefined;
}

function resultsOf(query: Query, { queries, answers, timezone }: Around, context: Context): Found[] {
  const value = answers.valueOf(query);
  const units = query.kind === "stat" ? answers.unitsOf(query) : [];
  return requireSeries(value, query.id).map((series) => {
    const told: Told | undefined = query.kind === "stat" ? query : toldOf(series);
    const usual = query.kind === "stat" ? usualLabel(query, queries) : usualOf(query, series, value.type === "list");
    const { account, region } = context;
    const around = { series, told, account, region, timezone, usual };
    return { id: query.id, label: labelOf(query, around, value.type === "list"), points: series.points, units };
  });
}

/** Of many series each is called by its own name. */
const usualOf = ({ id }: Query, { label }: Series, isOneOfMany: boolean): string =>
  isOneOfMany && label !== "" ? label : id;

/** Of one of many series the label of the query comes first. */
function labelOf({ label }: Query, around: Parameters<typeof filledLabel>[1], isOneOfMany: boolean): string {
  if (label === undefined) return around.usual;
  const filled = filledLabel(label, around);
  return isOneOfMany && around.series.label !== "" && !label.includes("${")
    ? `${filled} ${around.usual}`.trim()
    : filled;
}

/** A place among all points: the result, and the time of the last point that was given. */
interface Place {
  readonly index: number;
  readonly afterMs: number | undefined;
}

function placeOf(token: string | undefined): Place {
  if (token === undefined) return { index: 0, afterMs: undefined };
  const [index, afterMs] = decodeToken(token, invalidToken);
  if (typeof index !== "number" || (afterMs !== undefined && typeof afterMs !== "number")) throw invalidToken();
  return { index, afterMs };
}

interface Paging {
  readonly max: number;
  readonly place: Place;
  readonly isAscending: boolean;
}

function pageOf(results: readonly Found[], { max, place, isAscending }: Paging) {
  const page: MetricDataResult[] = [];
  let room = max;
  for (const [index, found] of results.entries()) {
    if (index < place.index) continue;
    const points = index > place.index ? found.points : rest(found.points, place.afterMs, isAscending);
    const given = points.slice(0, room);
    room -= given.length;
    const isPart = given.length < points.length;
    page.push(resultOf(found, given, isPart));
    const last = given.at(-1)?.[0] ?? place.afterMs;
    if (isPart) return { page, next: encodeToken(last === undefined ? [index] : [index, last]) };
    if (room === 0 && index + 1 < results.length) return { page, next: encodeToken([index + 1]) };
  }
  return { page, next: undefined };
}

const rest = (points: readonly Point[], afterMs: number | undefined, isAscending: boolean): readonly Point[] =>
  afterMs === undefined ? points : points.filter(([atMs]) => (isAscending ? atMs > afterMs : atMs < afterMs));

function resultOf({ id, label, units }: Found, points: readonly Point[], isPart: boolean): MetricDataResult {
  return {
    Id: id,
    Label: label,
    Timestamps: points.map(([atMs]) => new Date(atMs)),
    Values: points.map(([, value]) => value),
    StatusCode: isPart ? "PartialData" : "Complete",
    // Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_get_metric_data_different_units_no_unit_in_query)
    ...(units.length > 1 && {
      Messages: [{ Code: "MultipleUnits", Value: `Multiple units returned: '[${units.join(", ")}]'` }],
    }),
  };
}
