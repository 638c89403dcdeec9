import { CloudWatchClient, GetMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import {
  CreateBucketCommand,
  DeleteBucketMetricsConfigurationCommand,
  GetObjectCommand,
  PutBucketMetricsConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html (request metrics)
test("requests are counted for each configuration that they are about, as long as it is there", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  const Bucket = "counted";
  await s3.send(new CreateBucketCommand({ Bucket }));
  const put = (Id: string, Filter: { readonly Prefix: string } | undefined) =>
    s3.send(new PutBucketMetricsConfigurationCommand({ Bucket, Id, MetricsConfiguration: { Id, Filter } }));
  await put("all", undefined);
  await put("logs", { Prefix: "logs/" });
  await s3.send(new PutObjectCommand({ Bucket, Key: "logs/a", Body: "12345" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "1" }));
  await s3.send(new GetObjectCommand({ Bucket, Key: "logs/a" }));
  await expect(s3.send(new GetObjectCommand({ Bucket, Key: "none" }))).rejects.toThrow("key does not exist");
  const nowMs = cloud.clock.now().getTime();
  const sum = async (FilterId: string, names: readonly string[]) => {
    const Dimensions = [
      { Name: "BucketName", Value: Bucket },
      { Name: "FilterId", Value: FilterId },
    ];
    const { MetricDataResults = [] } = await cloud.client(CloudWatchClient).send(
      new GetMetricDataCommand({
        StartTime: new Date(nowMs - 300_000),
        EndTime: new Date(nowMs + 300_000),
        MetricDataQueries: names.map((MetricName, index) => ({
          Id: `m${index}`,
          MetricStat: { Metric: { Namespace: "AWS/S3", MetricName, Dimensions }, Period: 600, Stat: "Sum" },
        })),
      }),
    );
    return MetricDataResults.map(({ Values }) => Values?.[0]);
  };
  const names = ["PutRequests", "GetRequests", "BytesDownloaded", "4xxErrors"];
  expect(await sum("logs", names)).toEqual([1, 1, 5, 0]);
  expect((await sum("all", names))[3]).toBe(1);
  for (const Id of ["all", "logs"]) await s3.send(new DeleteBucketMetricsConfigurationCommand({ Bucket, Id }));
  const before = await sum("logs", ["AllRequests"]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "logs/a", Body: "12345" }));
  expect(await sum("logs", ["AllRequests"])).toEqual(before);
});
