import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

const MINUTE = 60_000;

async function measured() {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  const cloudwatch = cloud.client(CloudWatchClient);
  const now = cloud.clock.now();
  const put = (MetricName: string, more: object) =>
    cloudwatch.send(new PutMetricDataCommand({ Namespace: "Shop", MetricData: [{ MetricName, ...more }] }));
  const statistics = (MetricName: string, more: object) =>
    cloudwatch.send(
      new GetMetricStatisticsCommand({
        Namespace: "Shop",
        MetricName,
        StartTime: new Date(now.getTime() - 5 * MINUTE),
        EndTime: new Date(now.getTime() + 5 * MINUTE),
        Period: 600,
        ...more,
      }),
    );
  return { ...cloud, cloudwatch, now, put, statistics };
}

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_data_values_list)
test("values count as often as their counts say", async () => {
  const { put, statistics } = await measured();
  await put("orders", { Values: [1, 10], Counts: [2, 4], Unit: "Count" });
  const { Datapoints, Label } = await statistics("orders", { Statistics: ["SampleCount", "Sum", "Maximum"] });
  expect(Label).toBe("orders");
  expect(Datapoints).toMatchObject([{ SampleCount: 6, Sum: 42, Maximum: 10, Unit: "Count" }]);
});

// Source: the same, test_handle_different_units
test("statistics of different units are apart", async () => {
  const { put, statistics } = await measured();
  await put("latency", { Value: 5, Unit: "Count" });
  await put("latency", { Value: 1, Unit: "Seconds" });
  await put("latency", { Value: 10 });
  const { Datapoints = [] } = await statistics("latency", { Statistics: ["Average"] });
  expect(Object.fromEntries(Datapoints.map(({ Unit, Average }) => [Unit, Average]))).toEqual({
    Count: 5,
    None: 10,
    Seconds: 1,
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Statistics-definitions.html
test("percentiles and trimmed statistics are computed from the values themselves", async () => {
  const { put, statistics } = await measured();
  await put("latency", { Values: Array.from({ length: 100 }, (_, index) => index + 1) });
  const ExtendedStatistics = [
    "p50",
    "p100",
    "tm90",
    "TM(10%:90%)",
    "TC(10:20)",
    "TS(:3)",
    "PR(:30)",
    "IQM",
    "WM(:90%)",
  ];
  const { Datapoints = [] } = await statistics("latency", { ExtendedStatistics });
  expect(Datapoints[0]?.ExtendedStatistics).toEqual({
    p50: 50,
    p100: 100,
    tm90: 45.5,
    "TM(10%:90%)": 50.5,
    "TC(10:20)": 10,
    "TS(:3)": 6,
    "PR(:30)": 30,
    IQM: 50.5,
    "WM(:90%)": 49.95,
  });
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
test("of statistic sets there are no percentiles, but where all values are the same", async () => {
  const { put, statistics } = await measured();
  await put("set", { StatisticValues: { SampleCount: 3, Sum: 6, Minimum: 1, Maximum: 3 } });
  await put("same", { StatisticValues: { SampleCount: 3, Sum: 6, Minimum: 2, Maximum: 2 } });
  expect((await statistics("set", { ExtendedStatistics: ["p90"] })).Datapoints).toEqual([]);
  expect((await statistics("set", { Statistics: ["Average"] })).Datapoints).toMatchObject([{ Average: 2 }]);
  const same = await statistics("same", { ExtendedStatistics: ["p90"] });
  expect(same.Datapoints?.[0]?.ExtendedStatistics).toEqual({ p90: 2 });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_data_validation)
test("a datum has one kind of value", async () => {
  const { put } = await measured();
  await expect(put("m", { Value: 1, Values: [1] })).rejects.toMatchObject({
    name: "InvalidParameterCombinationException",
    message:
      "The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.",
  });
  await expect(put("m", { Values: [1, 2], Counts: [1] })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.",
  });
});

test("data of the last two weeks and of the next two hours is taken", async () => {
  const { put, now } = await measured();
  const at = (hours: number) => new Date(now.getTime() + hours * 60 * MINUTE);
  await put("m", { Value: 1, Timestamp: at(-14 * 24 + 1) });
  await put("m", { Value: 1, Timestamp: at(1.9) });
  const refused = { name: "InvalidParameterValueException" };
  await expect(put("m", { Value: 1, Timestamp: at(-14 * 24 - 1) })).rejects.toMatchObject(refused);
  await expect(put("m", { Value: 1, Timestamp: at(2.1) })).rejects.toMatchObject(refused);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html
test("metrics are listed for two weeks after their last data", async () => {
  const { put, cloudwatch, clock } = await measured();
  await put("old", { Value: 1, Dimensions: [{ Name: "shop", Value: "kyoto" }] });
  await clock.advance(4 * 3600);
  await put("new", { Value: 1 });
  const list = async (more: object = {}) =>
    (await cloudwatch.send(new ListMetricsCommand({ Namespace: "Shop", ...more }))).Metrics?.map(
      (metric) => metric.MetricName,
    );
  expect(await list()).toEqual(["new", "old"]);
  expect(await list({ RecentlyActive: "PT3H" })).toEqual(["new"]);
  expect(await list({ Dimensions: [{ Name: "shop" }] })).toEqual(["old"]);
  await clock.advance(14 * 24 * 3600 - 3600);
  expect(await list()).toEqual(["new"]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
test("data gets coarser with age: minutes, five minutes after 15 days, hours after 63, nothing after 455", async () => {
  const { put, statistics, clock, now } = await measured();
  const hour = new Date(Math.floor(now.getTime() / 3_600_000) * 3_600_000 - 3_600_000);
  for (let minute = 0; minute < 60; minute++) {
    await put("m", { Value: minute, Timestamp: new Date(hour.getTime() + minute * MINUTE) });
  }
  const read = async (Period: number) => {
    const EndTime = new Date(hour.getTime() + 60 * MINUTE);
    const { Datapoints = [] } = await statistics("m", { Statistics: ["Sum"], StartTime: hour, EndTime, Period });
    return Datapoints.map(({ Sum }) => Sum);
  };
  expect((await read(60)).length).toBe(60);
  await clock.advance(17 * 86_400);
  expect(await read(300)).toEqual([10, 35, 60, 85, 110, 135, 160, 185, 210, 235, 260, 285]);
  expect(await read(60)).toHaveLength(12);
  await clock.advance(48 * 86_400);
  expect(await read(60)).toEqual([1770]);
  await clock.advance(400 * 86_400);
  expect(await read(3600)).toEqual([]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/publishingMetrics.html#high-resolution-metrics
test("data of high resolution is read by the second, and as minutes after three hours", async () => {
  const { put, statistics, clock, now } = await measured();
  const minute = Math.floor(now.getTime() / MINUTE) * MINUTE - MINUTE;
  for (const second of [0, 1, 10, 30]) {
    await put("m", { Value: second, StorageResolution: 1, Timestamp: new Date(minute + second * 1000) });
  }
  const read = async (Period: number) => {
    const times = { StartTime: new Date(minute), EndTime: new Date(minute + MINUTE) };
    const { Datapoints = [] } = await statistics("m", { Statistics: ["Sum"], Period, ...times });
    return Datapoints.map(({ Sum }) => Sum);
  };
  expect(await read(1)).toEqual([0, 1, 10, 30]);
  expect(await read(10)).toEqual([1, 10, 30]);
  expect(await read(60)).toEqual([41]);
  await clock.advance(5 * 3600);
  expect(await read(1)).toEqual([]);
  expect(await read(60)).toEqual([41]);
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_invalid_amount_of_datapoints)
test("a call gives 1,440 points at the most, between two times in their order", async () => {
  const { statistics, now } = await measured();
  const asked = { Statistics: ["Sum"], StartTime: new Date(now.getTime() - 86_400_000), EndTime: now };
  await expect(statistics("m", { ...asked, Period: 1 })).rejects.toMatchObject({
    name: "InvalidParameterCombinationException",
    message:
      "You have requested up to 86400 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.",
  });
  await expect(statistics("m", { ...asked, EndTime: asked.StartTime, Period: 60 })).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The parameter StartTime must be less than the parameter EndTime.",
  });
});

// Source: https://github.com/localstack/localstack/blob/main/tests/aws/services/cloudwatch/test_cloudwatch.snapshot.json (test_put_metric_data_validation)
test("a list of values may come with what they come to, which counts", async () => {
  const { put, statistics } = await measured();
  const StatisticValues = { SampleCount: 10, Sum: 55, Minimum: 1, Maximum: 10 };
  await put("both", { Values: [1, 10], StatisticValues });
  expect((await statistics("both", { Statistics: ["Sum"] })).Datapoints).toMatchObject([{ Sum: 55 }]);
  await expect(put("other", { Value: 1, StatisticValues })).rejects.toMatchObject({
    message: expect.stringContaining("MetricData.member.1.Value and MetricData.member.1.StatisticValues"),
  });
});

// Source: the same, test_label_generation
test("data of whole minutes is in the shorter period that begins with its minute", async () => {
  const { put, statistics, now } = await measured();
  await put("minutes", { Value: 109 });
  const { Datapoints = [] } = await statistics("minutes", { Period: 30, Statistics: ["Sum"] });
  const minute = new Date(Math.floor(now.getTime() / MINUTE) * MINUTE);
  expect(Datapoints).toMatchObject([{ Sum: 109, Timestamp: minute }]);
});
