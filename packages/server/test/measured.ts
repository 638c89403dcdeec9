/** What CloudWatch has of a service's own metrics. */
import { CloudWatchClient, GetMetricStatisticsCommand, type Datapoint } from "@aws-sdk/client-cloudwatch";
import type { TestCloud } from "./test-cloud.ts";

/** Of the last hour and this minute, in one wherever hours and minutes begin; `undefined`: nothing was measured. */
export async function measured(
  cloud: TestCloud,
  [Namespace, MetricName]: readonly [namespace: string, name: string],
  dimensions: Readonly<Record<string, string>>,
): Promise<Required<Pick<Datapoint, "Maximum" | "Sum" | "SampleCount">> | undefined> {
  const now = cloud.clock.now().getTime();
  const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      StartTime: new Date(now - 3_600_000),
      // what is measured when it is asked for is of the minute that begins then
      EndTime: new Date(now + 60_000),
      Period: 3600,
      Statistics: ["Maximum", "Sum", "SampleCount"],
    }),
  );
  if (Datapoints.length === 0) return undefined;
  const total = (of: "Sum" | "SampleCount") => Datapoints.reduce((sum, point) => sum + (point[of] ?? 0), 0);
  const Maximum = Math.max(...Datapoints.map((point) => point.Maximum ?? Number.NaN));
  return { Maximum, Sum: total("Sum"), SampleCount: total("SampleCount") };
}
