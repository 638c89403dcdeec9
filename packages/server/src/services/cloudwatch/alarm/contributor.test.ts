import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

const MINUTE = 60;

async function selected(Expression: string) {
  const cloud = await testCloud();
  await cloud.cloud.clock.freeze();
  await cloud.clock.advance(MINUTE - (cloud.clock.now().getTime() % 60_000) / 1000);
  const cloudwatch = cloud.client(CloudWatchClient);
  const measure = (host: string, Value: number) =>
    cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: "Fleet",
        MetricData: [{ MetricName: "load", Dimensions: [{ Name: "host", Value: host }], Value }],
      }),
    );
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      AlarmName: "busy",
      Metrics: [{ Id: "q1", Expression, Period: MINUTE, ReturnData: true }],
      EvaluationPeriods: 1,
      Threshold: 10,
      ComparisonOperator: "GreaterThanThreshold",
    }),
  );
  const alarm = async () => {
    await cloud.clock.advance(MINUTE);
    const { MetricAlarms } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ["busy"] }));
    return MetricAlarms?.[0];
  };
  const contributors = async (AlarmName = "busy") =>
    (await cloudwatch.send(new DescribeAlarmContributorsCommand({ AlarmName }))).AlarmContributors ?? [];
  return { ...cloud, cloudwatch, measure, alarm, contributors };
}

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-metrics-insights-alarms.html
test("an alarm over many series is on as long as one of them is, and tells which", async () => {
  const { measure, alarm, contributors, clock, cloudwatch } = await selected(
    'SELECT MAX(load) FROM SCHEMA("Fleet", host) GROUP BY host',
  );
  expect((await alarm())?.StateValue).toBe("INSUFFICIENT_DATA");
  await measure("one", 5);
  await measure("two", 20);
  expect(await alarm()).toMatchObject({ StateValue: "ALARM" });
  const since = clock.now();
  expect(await contributors()).toEqual([
    {
      ContributorId: expect.any(String),
      ContributorAttributes: { host: "two" },
      StateReason: expect.stringContaining("greater than the threshold (10.0)"),
      StateTransitionedTimestamp: since,
    },
  ]);
  // one that comes later, as two goes on
  await measure("two", 30);
  await measure("three", 11);
  await alarm();
  const found = await contributors();
  expect(new Set(found.map(({ ContributorAttributes }) => ContributorAttributes?.["host"]))).toEqual(
    new Set(["two", "three"]),
  );
  const two = found.find(({ ContributorAttributes }) => ContributorAttributes?.["host"] === "two");
  expect(two?.StateTransitionedTimestamp).toEqual(since);
  for (const host of ["one", "two", "three"]) await measure(host, 1);
  expect((await alarm())?.StateValue).toBe("OK");
  expect(await contributors()).toEqual([]);
  // asleep for long, and woken by the first that comes
  await clock.advance(86_400);
  await measure("four", 50);
  expect((await alarm())?.StateValue).toBe("ALARM");
  await cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: ["busy"] }));
  await expect(contributors()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
});

test("an alarm over all series as one has no contributors", async () => {
  const { measure, alarm, contributors } = await selected("SELECT SUM(load) FROM Fleet");
  await measure("one", 6);
  await measure("two", 6);
  const found = await alarm();
  expect(found?.StateValue).toBe("ALARM");
  expect(found?.StateReason).toContain("[12.0 (");
  expect(await contributors()).toEqual([]);
});
