import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketLifecycleConfigurationCommand,
  PutBucketLoggingCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { policyOf, s3World } from "../../../../test/s3-world.ts";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html (Lifecycle and logging)
test("a bucket's log has what its rules did", async () => {
  const { s3, bucket: Bucket, cloud, put } = await s3World();
  await s3.send(new CreateBucketCommand({ Bucket: "logs" }));
  const letIn = { Effect: "Allow", Principal: { Service: "logging.s3.amazonaws.com" }, Action: "s3:PutObject" };
  const Policy = policyOf({ ...letIn, Resource: "arn:aws:s3:::logs/*" });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "logs", Policy }));
  await s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const Rules = [
    {
      Filter: { ObjectSizeGreaterThan: 0 },
      Status: "Enabled" as const,
      Transitions: [{ Days: 1, StorageClass: "DEEP_ARCHIVE" as const }],
    },
    {
      Prefix: "",
      Status: "Enabled" as const,
      Expiration: { Days: 2 },
      NoncurrentVersionExpiration: { NoncurrentDays: 1 },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    },
  ];
  await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  await put("a/b c", "x");
  await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: "up" }));
  const LoggingEnabled = { TargetBucket: "logs", TargetPrefix: "" };
  await s3.send(new PutBucketLoggingCommand({ Bucket, BucketLoggingStatus: { LoggingEnabled } }));
  await cloud.clock.advance(8 * 24 * 3600);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: "logs" }));
  const texts = Contents.map(async ({ Key }) => {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "logs", Key }));
    return (await Body?.transformToString())?.trimEnd().split("\n") ?? [];
  });
  const lines = (await Promise.all(texts)).flat().map((line) => line.split(" "));
  // owner, bucket, time in two words, address, requester, request, operation, key
  const own = lines.filter((words) => words[7]?.startsWith("S3."));
  const told = own.map((words) => [words[7], words[8]]);
  // at the same midnight, in any order
  expect(new Set(told.slice(0, 2))).toEqual(
    new Set([
      ["S3.TRANSITION_GDA.OBJECT", "a/b%20c"],
      ["S3.DELETE.UPLOAD", "up"],
    ]),
  );
  expect(told.slice(2)).toEqual([
    ["S3.CREATE.DELETEMARKER", "a/b%20c"],
    ["S3.EXPIRE.OBJECT", "a/b%20c"],
    ["S3.EXPIRE.OBJECT", "a/b%20c"],
  ]);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html (27 fields, one of them with a space)
  expect(new Set(own.map((words) => words.length))).toEqual(new Set([28]));
});
