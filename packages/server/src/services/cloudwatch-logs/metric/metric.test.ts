import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  DeleteMetricFilterCommand,
  DescribeLogGroupsCommand,
  DescribeMetricFiltersCommand,
  PutLogEventsCommand,
  PutMetricFilterCommand,
  type MetricTransformation,
} from "@aws-sdk/client-cloudwatch-logs";
import { expect, test } from "vitest";
import { logWorld } from "../../../../test/logs.ts";

async function countingWorld() {
  const world = await logWorld();
  const { logs, cloud } = world;
  const watch = cloud.client(CloudWatchClient);
  const filter = (filterName: string, filterPattern: string, metric: Partial<MetricTransformation> = {}) =>
    logs.send(
      new PutMetricFilterCommand({
        logGroupName: "app",
        filterName,
        filterPattern,
        metricTransformations: [{ metricName: "m", metricNamespace: "shop", metricValue: "1", ...metric }],
      }),
    );
  const statistics = async (MetricName: string, dimensions: Record<string, string> = {}, Namespace = "shop") => {
    await cloud.clock.advance(60);
    const now = cloud.clock.now();
    const { Datapoints = [] } = await watch.send(
      new GetMetricStatisticsCommand({
        Namespace,
        MetricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        StartTime: new Date(now.getTime() - 3_600_000),
        EndTime: now,
        Period: 3600,
        Statistics: ["Sum", "SampleCount"],
      }),
    );
    return Datapoints.map(({ Sum, SampleCount }) => ({ Sum, SampleCount }));
  };
  return { ...world, watch, filter, statistics };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/MonitoringPolicyExamples.html
test("events that match are counted as a metric", async () => {
  const { filter, put, statistics } = await countingWorld();
  await filter("errors", "ERROR");
  await put(["ERROR 1", "fine", "ERROR 2"]);
  expect(await statistics("m")).toEqual([{ Sum: 2, SampleCount: 2 }]);
});

test("values and dimensions are taken from properties and from fields", async () => {
  const { filter, put, statistics } = await countingWorld();
  await filter("latency", "{ $.ms > 10 }", { metricName: "ms", metricValue: "$.ms", dimensions: { path: "$.path" } });
  await filter("bytes", "[ip, bytes]", { metricName: "bytes", metricValue: "$bytes" });
  await put([
    JSON.stringify({ ms: 20, path: "/a" }),
    JSON.stringify({ ms: 5, path: "/a" }),
    JSON.stringify({ ms: 30, path: "/b" }),
    JSON.stringify({ ms: 40 }),
    "10.0.0.1 512",
    "10.0.0.1 none",
  ]);
  expect(await statistics("ms", { path: "/a" })).toEqual([{ Sum: 20, SampleCount: 1 }]);
  expect(await statistics("ms", { path: "/b" })).toEqual([{ Sum: 30, SampleCount: 1 }]);
  expect(await statistics("ms")).toEqual([]);
  expect(await statistics("bytes")).toEqual([{ Sum: 512, SampleCount: 1 }]);
});

test("a default value is reported where nothing matches", async () => {
  const { filter, put, statistics } = await countingWorld();
  await filter("errors", "ERROR", { defaultValue: 0 });
  await put(["fine"]);
  expect(await statistics("m")).toEqual([{ Sum: 0, SampleCount: 1 }]);
});

// Source: https://itblogbuchs.blogspot.com/2019/05/back-filling-aws-cloudwatch-events.html,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html#changing-default-increment-value
test("what is counted is of the time of the event, and the default value of each minute that has no match", async () => {
  const { filter, logs, watch, cloud } = await countingWorld();
  await filter("errors", "ERROR", { defaultValue: 0 });
  await filter("words", "[word, value]", { metricName: "value", metricValue: "$value" });
  const minute = 60_000;
  const startMs = Math.floor(cloud.clock.now().getTime() / minute) * minute - 600 * minute;
  const logEvents = ["ERROR 1", "fine 2", "fine 4", "ERROR 8"].map((message, at) => ({
    timestamp: startMs + Math.floor(at / 2) * 20_000 + at * 30_000,
    message,
  }));
  await logs.send(new PutLogEventsCommand({ logGroupName: "app", logStreamName: "main", logEvents }));
  await cloud.clock.advance(60);
  const perMinute = async (MetricName: string) => {
    const { Datapoints = [] } = await watch.send(
      new GetMetricStatisticsCommand({
        Namespace: "shop",
        MetricName,
        StartTime: new Date(startMs - 10 * minute),
        EndTime: cloud.clock.now(),
        Period: 60,
        Statistics: ["Sum"],
      }),
    );
    const points = Datapoints.map(({ Timestamp, Sum }) => [((Timestamp?.getTime() ?? 0) - startMs) / minute, Sum]);
    return points.toSorted(([one = 0], [other = 0]) => one - other);
  };
  // the events are of 0:00, 0:30, 1:20 and 1:50
  expect(await perMinute("m")).toEqual([
    [0, 1],
    [1, 1],
  ]);
  expect(await perMinute("value")).toEqual([
    [0, 3],
    [1, 12],
  ]);
  const quiet = [{ timestamp: startMs + 5 * minute, message: "fine" }];
  await logs.send(new PutLogEventsCommand({ logGroupName: "app", logStreamName: "main", logEvents: quiet }));
  await cloud.clock.advance(60);
  expect(await perMinute("m")).toContainEqual([5, 0]);
});

test("filters are listed by group, by name and by metric", async () => {
  const { filter, logs } = await countingWorld();
  await filter("b", "B", { metricName: "n" });
  await filter("a", "A");
  await filter("a", "A again", { metricName: "o" });
  const names = async (input: DescribeMetricFiltersCommand["input"]) => {
    const { metricFilters = [] } = await logs.send(new DescribeMetricFiltersCommand(input));
    return metricFilters.map(({ filterName, filterPattern }) => `${filterName}: ${filterPattern}`);
  };
  expect(await names({ logGroupName: "app" })).toEqual(["a: A again", "b: B"]);
  expect(await names({ filterNamePrefix: "b" })).toEqual(["b: B"]);
  expect(await names({ metricNamespace: "shop", metricName: "o" })).toEqual(["a: A again"]);
  expect(await names({ metricNamespace: "shop", metricName: "m" })).toEqual([]);
  const { logGroups } = await logs.send(new DescribeLogGroupsCommand({}));
  expect(logGroups).toMatchObject([{ metricFilterCount: 2 }]);
  await logs.send(new DeleteMetricFilterCommand({ logGroupName: "app", filterName: "a" }));
  expect(await names({})).toEqual(["b: B"]);
  const again = logs.send(new DeleteMetricFilterCommand({ logGroupName: "app", filterName: "a" }));
  await expect(again).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test.each([[{ metricValue: "many" }], [{ metricValue: "1", defaultValue: 0, dimensions: { a: "$.a" } }]])(
  "%j is no transformation",
  async (transformation) => {
    const { filter } = await countingWorld();
    await expect(filter("f", "x", transformation)).rejects.toMatchObject({ name: "InvalidParameterException" });
  },
);

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
test("metrics that an event carries are counted, in each set of its dimensions", async () => {
  const { put, statistics, cloud } = await countingWorld();
  const head = {
    Timestamp: cloud.clock.now().getTime(),
    CloudWatchMetrics: [
      {
        Namespace: "shop",
        Dimensions: [["service"], ["service", "path"], ["missing"]],
        Metrics: [{ Name: "took", Unit: "Milliseconds" }, { Name: "absent" }],
      },
      { Namespace: "shop", Dimensions: [[]], Metrics: [{ Name: "orders", Unit: "Count" }] },
    ],
  };
  await put([
    JSON.stringify({ ["_aws"]: head, service: "cart", path: "/a", took: [10, 20], orders: 3 }),
    '{"_aws":1}',
    '{"_aws"',
  ]);
  expect(await statistics("took", { service: "cart" })).toEqual([{ Sum: 30, SampleCount: 2 }]);
  expect(await statistics("took", { service: "cart", path: "/a" })).toEqual([{ Sum: 30, SampleCount: 2 }]);
  expect(await statistics("took")).toEqual([]);
  expect(await statistics("orders")).toEqual([{ Sum: 3, SampleCount: 1 }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html,
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html (two weeks, two hours)
test("metrics that an event carries are of the time that it says, unless that is too long ago or to come", async () => {
  const { put, watch, cloud } = await countingWorld();
  const nowMs = Math.floor(cloud.clock.now().getTime() / 60_000) * 60_000;
  const Metrics = [{ Name: "took" }];
  const event = (Timestamp: number | undefined, took: number) =>
    JSON.stringify({ ["_aws"]: { Timestamp, CloudWatchMetrics: [{ Namespace: "shop", Metrics }] }, took });
  const hour = 3_600_000;
  await put([
    event(nowMs - 30 * hour, 1),
    event(nowMs - 15 * 24 * hour, 2),
    event(nowMs + 3 * hour, 4),
    event(undefined, 8),
  ]);
  await cloud.clock.advance(60);
  const { Datapoints = [] } = await watch.send(
    new GetMetricStatisticsCommand({
      Namespace: "shop",
      MetricName: "took",
      StartTime: new Date(nowMs - 20 * 24 * hour),
      EndTime: new Date(nowMs + 10 * hour),
      Period: 3600,
      Statistics: ["Sum"],
    }),
  );
  expect(Datapoints.map(({ Sum, Timestamp }) => [Sum, (Timestamp?.getTime() ?? 0) <= nowMs - 30 * hour])).toEqual([
    [1, true],
  ]);
});

// Source: https://github.com/awslabs/aws-embedded-metrics-node (`ConsoleSink`, which writes with `console.log` in Lambda)
test("metrics are found behind what Lambda puts in front of a line", async () => {
  const { put, statistics, cloud } = await countingWorld();
  const nowMs = cloud.clock.now().getTime();
  const head = { Timestamp: nowMs, CloudWatchMetrics: [{ Namespace: "shop", Metrics: [{ Name: "took" }] }] };
  const text = JSON.stringify({ ["_aws"]: head, took: 7 });
  await put([
    `${new Date(nowMs).toISOString()}\t9ad1c482-6271-467a-8e34-dca6fa19b19f\tINFO\t${text}\n`,
    `about ${text}`,
  ]);
  expect(await statistics("took")).toEqual([{ Sum: 7, SampleCount: 1 }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
test("how much comes into a group is a metric of CloudWatch Logs itself", async () => {
  const { put, statistics } = await countingWorld();
  await put(["four", "five5"]);
  const group = { LogGroupName: "app" };
  expect(await statistics("IncomingLogEvents", group, "AWS/Logs")).toEqual([{ Sum: 2, SampleCount: 1 }]);
  expect(await statistics("IncomingBytes", group, "AWS/Logs")).toEqual([{ Sum: 9, SampleCount: 1 }]);
});

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions
test("a group has five filters with regular expressions at the most, and any of them may be put again", async () => {
  const { filter } = await countingWorld();
  for (const name of ["a", "b", "c", "d", "e"]) await filter(name, "%x+%");
  await filter("e", "%y+%");
  await filter("plain", "x");
  await expect(filter("f", "%x+%")).rejects.toMatchObject({ name: "LimitExceededException" });
});
