import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { expect, test } from "vitest";
import { makeQueue, queueArn, withQueue } from "../../../test/schedules.ts";
import { testCloud } from "../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
test("CloudWatch counts attempts, errors and what was dropped, by group", async () => {
  const cloud = await testCloud();
  const { create } = await withQueue(cloud);
  await makeQueue(cloud, "dead");
  const StartTime = new Date(cloud.clock.now().getTime() - 60_000);
  await create({ Name: "well", ScheduleExpression: "rate(1 day)" });
  await create({
    Name: "ill",
    ScheduleExpression: "rate(1 day)",
    target: {
      Arn: queueArn("missing"),
      RetryPolicy: { MaximumRetryAttempts: 1 },
      DeadLetterConfig: { Arn: queueArn("dead") },
    },
  });
  await cloud.clock.advance(600);
  const sumOf = async (MetricName: string) => {
    const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/Scheduler",
        MetricName,
        Dimensions: [{ Name: "ScheduleGroup", Value: "default" }],
        StartTime,
        EndTime: cloud.clock.now(),
        Period: 3600,
        Statistics: ["Sum"],
      }),
    );
    return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
  };
  expect(await sumOf("InvocationAttemptCount")).toBe(3);
  expect(await sumOf("TargetErrorCount")).toBe(2);
  expect(await sumOf("InvocationDroppedCount")).toBe(1);
  expect(await sumOf("InvocationsSentToDeadLetterCount")).toBe(1);
});
