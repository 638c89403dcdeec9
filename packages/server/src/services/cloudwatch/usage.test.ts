import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { testCloud } from "../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Usage-Metrics.html
test("calls of CloudWatch are counted as its usage", async () => {
  const cloud = await testCloud();
  const cloudwatch = cloud.client(CloudWatchClient);
  for (let call = 0; call < 3; call++) await cloudwatch.send(new DescribeAlarmsCommand({}));
  const Dimensions = Object.entries({ Type: "API", Resource: "DescribeAlarms", Service: "CloudWatch", Class: "None" });
  const nowMs = cloud.clock.now().getTime();
  const { MetricDataResults } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(nowMs - 120_000),
      EndTime: new Date(nowMs + 60_000),
      MetricDataQueries: [
        {
          Id: "calls",
          MetricStat: {
            Metric: {
              Namespace: "AWS/Usage",
              MetricName: "CallCount",
              Dimensions: Dimensions.map(([Name, Value]) => ({ Name, Value })),
            },
            Period: 300,
            Stat: "Sum",
          },
        },
      ],
    }),
  );
  expect(MetricDataResults).toMatchObject([{ Values: [3] }]);
});
