import {
  CloudWatchClient,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { lastingStore } from "../../../test/lasting-store.ts";
import { table } from "../../kernel/table.ts";

interface Row {
  readonly namespace: string;
  readonly name: string;
  readonly id: string;
}

const metrics = table<Row>("cloudwatch.metric", "region", ({ namespace, name, id }) => [namespace, name, id]);
const rounds = table<{ of: string }>("cloudwatch.metric-round", "region", ({ of }) => [of]);
const DAY_SECONDS = 86_400;
const Namespace = "Shop";

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html (two weeks),
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html (retention)
test("a metric without data for two weeks is forgotten, also an earlier version's, and its data stays", async () => {
  const { open, rewrite } = lastingStore();
  const before = await open();
  const put = (MetricName: string, client: CloudWatchClient) =>
    client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName, Value: 3 }] }));
  await put("old", before.client(CloudWatchClient));
  const StartTime = new Date(before.clock.now().getTime() - 60_000);
  await before.clock.advance(13 * DAY_SECONDS);
  await before.close();
  await rewrite(async (tx) => {
    // as many as are looked at in several steps, of none of which an earlier version has thought again
    const activeAtMs = StartTime.getTime();
    for (let at = 0; at < 1200; at += 1) {
      const row = { namespace: "Many", name: `m-${at}`, id: "x", dimensions: [], activeAtMs };
      tx.put(metrics, row);
    }
    await tx.clear(rounds, { limit: 10 });
  });
  const cloud = await open();
  const client = cloud.client(CloudWatchClient);
  await put("new", client);
  const names = async () => {
    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace }));
    return Metrics?.map(({ MetricName }) => MetricName);
  };
  expect(await names()).toEqual(["new", "old"]);
  await cloud.clock.advance(2 * DAY_SECONDS + 60);
  expect(await names()).toEqual(["new"]);
  const EndTime = cloud.clock.now();
  const asked = { Namespace, MetricName: "old", StartTime, EndTime, Period: 86_400, Statistics: ["Sum" as const] };
  const { Datapoints } = await client.send(new GetMetricStatisticsCommand(asked));
  expect(Datapoints).toMatchObject([{ Sum: 3 }]);
  await cloud.close();
  await rewrite(async (tx) => {
    const left = await tx.scan(metrics, { limit: 2000 });
    const own = left.filter(({ namespace }) => !namespace.startsWith("AWS/"));
    expect(own.map(({ name }) => name)).toEqual(["new"]);
  });
  const later = await open();
  await later.clock.advance(16 * DAY_SECONDS);
  await later.close();
  await rewrite(async (tx) => {
    expect(await tx.scan(metrics, { limit: 10 })).toEqual([]);
    expect(await tx.scan(rounds, { limit: 10 })).toEqual([]);
  });
});
