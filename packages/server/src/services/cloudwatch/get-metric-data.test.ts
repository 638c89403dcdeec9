import {
  CloudWatchClient,
  GetMetricDataCommand,
  PutMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const MINUTE = 60_000;

async function shop() {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  const cloudwatch = cloud.client(CloudWatchClient);
  const minute = Math.floor(cloud.clock.now().getTime() / MINUTE) * MINUTE - 10 * MINUTE;
  const put = (MetricName: string, values: readonly number[], more: object = {}) =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "Shop",
        MetricData: values.map((Value, index) => ({
          MetricName,
          Value,
          Timestamp: new Date(minute + index * MINUTE),
          ...more,
        })),
      }),
    );
  const get = (MetricDataQueries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}) =>
    cloudwatch.send(
      new GetMetricDataCommand({
        MetricDataQueries,
        StartTime: new Date(minute),
        EndTime: new Date(minute + 5 * MINUTE),
        ScanBy: "TimestampAscending",
        ...more,
      }),
    );
  return { ...cloud, put, get, minute };
}

const sum = (Id: string, MetricName: string, more: object = {}): MetricDataQuery => ({
  Id,
  MetricStat: { Metric: { Namespace: "Shop", MetricName }, Period: 60, Stat: "Sum", ...more },
});

test("expressions are worked out over metrics, which need not be returned", async () => {
  const { put, get, minute } = await shop();
  await put("errors", [1, 0, 3]);
  await put("orders", [10, 10, 12]);
  const { MetricDataResults } = await get([
    { Id: "rate", Expression: "100 * e / n", Label: "errors [max ${MAX}] of ${PROP('Region')}" },
    { ...sum("e", "errors"), ReturnData: false },
    { ...sum("n", "orders"), ReturnData: false },
  ]);
  expect(MetricDataResults).toEqual([
    {
      Id: "rate",
      Label: "errors [max 25] of us-east-1",
      StatusCode: "Complete",
      Timestamps: [0, 1, 2].map((index) => new Date(minute + index * MINUTE)),
      Values: [10, 0, 25],
    },
  ]);
});

test("a search finds metrics by schema and words", async () => {
  const { put, get } = await shop();
  await put("errors", [1], { Dimensions: [{ Name: "shop", Value: "kyoto" }] });
  await put("errors", [2], { Dimensions: [{ Name: "shop", Value: "nara" }] });
  await put("errors", [4]);
  const Expression = "SEARCH('{Shop,shop} MetricName=\"errors\"', 'Sum', 60)";
  const { MetricDataResults = [] } = await get([{ Id: "e1", Expression }]);
  expect(new Map(MetricDataResults.map(({ Label, Values }) => [Label, Values]))).toEqual(
    new Map([
      ["kyoto errors", [1]],
      ["nara errors", [2]],
    ]),
  );
  const summed = await get([{ Id: "e1", Expression: `SUM(${Expression})` }]);
  expect(summed.MetricDataResults).toMatchObject([{ Id: "e1", Label: "e1", Values: [3] }]);
});

test("points are given in pages, newest first where nothing else is said", async () => {
  const { put, get } = await shop();
  await put("orders", [1, 2, 3, 4]);
  await put("errors", [5]);
  const queries = [sum("o", "orders"), sum("e", "errors")];
  const seen: (readonly [string | undefined, number[] | undefined, string | undefined])[] = [];
  let NextToken: string | undefined;
  do {
    const page = await get(queries, { MaxDatapoints: 3, NextToken, ScanBy: undefined });
    for (const { Id, Values, StatusCode } of page.MetricDataResults ?? []) seen.push([Id, Values, StatusCode]);
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  expect(seen).toEqual([
    ["o", [4, 3, 2], "PartialData"],
    ["o", [1], "Complete"],
    ["e", [5], "Complete"],
  ]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_get_metric_data_different_units_no_unit_in_query)
test("of several units the first counts, and a message says so", async () => {
  const { put, get } = await shop();
  await put("latency", [5], { Unit: "Seconds" });
  await put("latency", [60_000], { Unit: "Milliseconds" });
  const { MetricDataResults } = await get([sum("m1", "latency")]);
  expect(MetricDataResults).toMatchObject([
    {
      Values: [60_000],
      Messages: [{ Code: "MultipleUnits", Value: "Multiple units returned: '[Milliseconds, Seconds]'" }],
    },
  ]);
});

// Source: the same, test_label_generation
test("labels that nobody chose tell what differs", async () => {
  const { put, get } = await shop();
  await put("orders", [1]);
  const { MetricDataResults = [] } = await get([
    sum("a", "orders"),
    { Id: "b", MetricStat: { Metric: { Namespace: "Shop", MetricName: "orders" }, Period: 30, Stat: "Minimum" } },
  ]);
  expect(MetricDataResults.map(({ Label }) => Label)).toEqual(["orders Sum 60", "orders Minimum 30"]);
});

// Source: https://github.com/getmoto/moto/blob/master/tests/test_cloudwatch (test_get_metric_data*)
test.each<readonly [MetricDataQuery[], string]>([
  [[{ Id: "e1" }], "The parameter MetricDataQueries.member.1.MetricStat is required.\n"],
  [
    [{ ...sum("e1", "orders"), Expression: "1" }],
    "The parameters MetricDataQueries.member.1.Expression and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both.",
  ],
])("queries are a metric or an expression", async (queries, message) => {
  const { get } = await shop();
  await expect(get(queries)).rejects.toMatchObject({ name: "ValidationException", message });
});

test("expressions that rest on themselves, or on nothing, are refused", async () => {
  const { get } = await shop();
  const refused = { name: "ValidationException" };
  await expect(
    get([
      { Id: "a", Expression: "b + 1" },
      { Id: "b", Expression: "a" },
    ]),
  ).rejects.toMatchObject(refused);
  await expect(get([{ Id: "a", Expression: "nothing + 1" }])).rejects.toMatchObject(refused);
  await expect(get([{ Id: "a", Expression: "1 +" }])).rejects.toMatchObject(refused);
  await expect(get([{ Id: "a", Expression: "1" }])).rejects.toMatchObject(refused);
  const band = { Id: "a", Expression: "ANOMALY_DETECTION_BAND(m, 2)" };
  await expect(get([band, sum("m", "errors")])).rejects.toMatchObject({ name: "NotImplemented" });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-querylanguage.html
test("Metrics Insights selects over many metrics, in groups, in order", async () => {
  const { put, get } = await shop();
  await put("errors", [1, 2], { Dimensions: [{ Name: "shop", Value: "kyoto" }] });
  await put("errors", [10], { Dimensions: [{ Name: "shop", Value: "nara" }] });
  await put("errors", [100], {
    Dimensions: [
      { Name: "shop", Value: "nara" },
      { Name: "floor", Value: "2" },
    ],
  });
  const select = async (Expression: string) => {
    const { MetricDataResults = [] } = await get([{ Id: "q", Expression, Period: 60 }]);
    return MetricDataResults.map(({ Label, Values }) => [Label, Values]);
  };
  expect(await select('SELECT SUM(errors) FROM SCHEMA("Shop", shop)')).toEqual([["q", [11, 2]]]);
  expect(await select('SELECT SUM(errors) FROM "Shop"')).toEqual([["q", [111, 2]]]);
  expect(await select('SELECT MAX(errors) FROM SCHEMA("Shop", shop) GROUP BY shop ORDER BY MAX() DESC')).toEqual([
    ["nara", [10]],
    ["kyoto", [1, 2]],
  ]);
  expect(
    await select("SELECT COUNT(errors) FROM Shop WHERE shop = 'nara' AND floor != '1' GROUP BY floor LIMIT 1"),
  ).toEqual([["2", [1]]]);
  await expect(select("SELECT MEDIAN(errors) FROM Shop")).rejects.toThrow("Undefined function: MEDIAN");
});

test("values for every period begin with the oldest data there can be, and are not more than one call may ask for", async () => {
  const { get, clock } = await shop();
  const StartTime = new Date(0);
  const EndTime = clock.now();
  const ask = (Expression: string, Period: number) =>
    get([{ Id: "all", Expression, Period }], { StartTime, EndTime, MaxDatapoints: 1 });
  const { MetricDataResults } = await ask("TIME_SERIES(1)", 3600);
  const first = MetricDataResults?.[0]?.Timestamps?.[0]?.getTime() ?? 0;
  expect(Math.floor((EndTime.getTime() - first) / (24 * 60 * MINUTE))).toBe(455);
  for (const Expression of ["TIME_SERIES(1)", "FILL(METRICS(), 0) + TIME_SERIES(1)"]) {
    await expect(ask(Expression, 1)).rejects.toMatchObject({ name: "ValidationException" });
  }
});
