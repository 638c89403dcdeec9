import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateBucketCommand, PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { testCloud } from "../../../../test/test-cloud.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metrics-dimensions.html (storage metrics)
test("how much a bucket holds is measured once a day, by storage class, older versions included", async () => {
  const cloud = await testCloud();
  const s3 = cloud.client(S3Client);
  const Bucket = "measured";
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "12345" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "a", Body: "1234567" }));
  await s3.send(new PutObjectCommand({ Bucket, Key: "b", Body: "123", StorageClass: "GLACIER" }));
  const read = async (MetricName: string, StorageType: string) => {
    const nowMs = cloud.clock.now().getTime();
    const { Datapoints = [] } = await cloud.client(CloudWatchClient).send(
      new GetMetricStatisticsCommand({
        Namespace: "AWS/S3",
        MetricName,
        Dimensions: [
          { Name: "BucketName", Value: Bucket },
          { Name: "StorageType", Value: StorageType },
        ],
        StartTime: new Date(nowMs - 3 * 86_400_000),
        EndTime: new Date(nowMs),
        Period: 3600,
        Statistics: ["Average"],
      }),
    );
    return Datapoints.map(({ Average }) => Average);
  };
  expect(await read("BucketSizeBytes", "StandardStorage")).toEqual([12]);
  expect(await read("BucketSizeBytes", "GlacierStorage")).toEqual([3]);
  expect(await read("NumberOfObjects", "AllStorageTypes")).toEqual([3]);
  await s3.send(new PutObjectCommand({ Bucket, Key: "c", Body: "1" }));
  expect(await read("NumberOfObjects", "AllStorageTypes")).toEqual([3]);
  await cloud.clock.advance(86_400);
  expect(await read("NumberOfObjects", "AllStorageTypes")).toEqual([3, 4]);
});
