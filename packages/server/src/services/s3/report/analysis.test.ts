import {
  CreateBucketCommand,
  GetObjectCommand,
  PutBucketAnalyticsConfigurationCommand,
  PutBucketPolicyCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, s3World } from "../../../../test/s3-world.ts";

const DAY_S = 86_400;

test("an analysis exports each night what is stored, by class and age", async () => {
  const { s3, bucket: Bucket, cloud, put } = await s3World();
  await s3.send(new CreateBucketCommand({ Bucket: "analyses" }));
  const Principal = { Service: "s3.amazonaws.com" };
  const write = { Effect: "Allow", Principal, Action: "s3:PutObject", Resource: "arn:aws:s3:::analyses/*" };
  await s3.send(new PutBucketPolicyCommand({ Bucket: "analyses", Policy: policyOf(write) }));
  await put("in/old", "x".repeat(1024 * 1024));
  await cloud.clock.advance(20 * DAY_S);
  await put("in/new", "x".repeat(512 * 1024));
  await put("out/new", "x");
  const cold = new PutObjectCommand({
    Bucket,
    Key: "in/cold",
    Body: "x".repeat(1024 * 1024),
    StorageClass: "STANDARD_IA",
  });
  await s3.send(cold);
  const S3BucketDestination = { Format: "CSV" as const, Bucket: "arn:aws:s3:::analyses", Prefix: "a" };
  const AnalyticsConfiguration = {
    Id: "all",
    Filter: { Prefix: "in/" },
    StorageClassAnalysis: {
      DataExport: { OutputSchemaVersion: "V_1" as const, Destination: { S3BucketDestination } },
    },
  };
  await s3.send(new PutBucketAnalyticsConfigurationCommand({ Bucket, Id: "all", AnalyticsConfiguration }));
  await cloud.clock.advance(2 * DAY_S);
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: "analyses", Key: `a/${Bucket}/all.csv` }));
  const [header, ...lines] = ((await Body?.transformToString()) ?? "").trim().split("\n");
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/analytics-storage-class.html#analytics-storage-class-export-file-layout
  expect(header).toBe(
    "Date,ConfigId,Filter,StorageClass,ObjectAge,ObjectCount,DataUploaded_MB,Storage_MB,DataRetrieved_MB,GetRequestCount,CumulativeAccessRatio,ObjectAgeForSIATransition,RecommendedObjectAgeForSIATransition",
  );
  const withoutDay = lines.map((line) => line.slice("2026-01-01".length));
  expect(withoutDay.slice(0, 5)).toEqual([
    ",all,prefix=in/,STANDARD,ALL,2,0.5,1.5,,,,,",
    ",all,prefix=in/,STANDARD,000-014,,,0.5,,,,,",
    ",all,prefix=in/,STANDARD,015-029,,,1,,,,,",
    ",all,prefix=in/,STANDARD_IA,ALL,1,1,1,,,,,",
    ",all,prefix=in/,STANDARD_IA,000-014,,,1,,,,,",
  ]);
  // the second night is added to the first
  expect(withoutDay[5]).toBe(",all,prefix=in/,STANDARD,ALL,2,0,1.5,,,,,");
});
