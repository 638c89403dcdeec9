import {
  GetBucketAccelerateConfigurationCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketReplicationCommand,
  GetBucketWebsiteCommand,
  GetObjectLockConfigurationCommand,
  ListBucketAnalyticsConfigurationsCommand,
  ListBucketIntelligentTieringConfigurationsCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  RenameObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const Bucket = "photos";

// Source: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html (codes, statuses); texts recorded by clients
test.each([
  [
    "NoSuchCORSConfiguration",
    "The CORS configuration does not exist",
    (s3: S3Client) => s3.send(new GetBucketCorsCommand({ Bucket })),
  ],
  [
    "NoSuchLifecycleConfiguration",
    "The lifecycle configuration does not exist",
    (s3: S3Client) => s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket })),
  ],
  [
    "NoSuchWebsiteConfiguration",
    "The specified bucket does not have a website configuration",
    (s3: S3Client) => s3.send(new GetBucketWebsiteCommand({ Bucket })),
  ],
  [
    "ReplicationConfigurationNotFoundError",
    "The replication configuration was not found",
    (s3: S3Client) => s3.send(new GetBucketReplicationCommand({ Bucket })),
  ],
  [
    "ObjectLockConfigurationNotFoundError",
    "Object Lock configuration does not exist for this bucket",
    (s3: S3Client) => s3.send(new GetObjectLockConfigurationCommand({ Bucket })),
  ],
])("a bucket that never had the setting answers %s", async (code, message, ask) => {
  const { s3 } = await s3World(Bucket);
  expect(await refusal(ask(s3))).toMatchObject({ code, message, status: 404, error: { BucketName: Bucket } });
});

// Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/default-bucket-encryption.html
test("objects are encrypted with keys of S3's own", async () => {
  const { s3 } = await s3World(Bucket);
  const { ServerSideEncryptionConfiguration } = await s3.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules).toEqual([
    {
      ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" },
      BucketKeyEnabled: false,
      BlockedEncryptionTypes: { EncryptionType: ["SSE-C"] },
    },
  ]);
});

// Source: the pages of these operations, e.g. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLogging.html
test.each([
  ["no log", async (s3: S3Client) => (await s3.send(new GetBucketLoggingCommand({ Bucket }))).LoggingEnabled],
  [
    "no acceleration",
    async (s3: S3Client) => (await s3.send(new GetBucketAccelerateConfigurationCommand({ Bucket }))).Status,
  ],
  [
    "nobody notified",
    async (s3: S3Client) => {
      const { $metadata: _, ...settings } = await s3.send(new GetBucketNotificationConfigurationCommand({ Bucket }));
      return Object.keys(settings)[0];
    },
  ],
  [
    "no analytics",
    async (s3: S3Client) =>
      (await s3.send(new ListBucketAnalyticsConfigurationsCommand({ Bucket }))).AnalyticsConfigurationList?.[0],
  ],
  [
    "no tiering",
    async (s3: S3Client) =>
      (await s3.send(new ListBucketIntelligentTieringConfigurationsCommand({ Bucket })))
        .IntelligentTieringConfigurationList?.[0],
  ],
  [
    "no inventory",
    async (s3: S3Client) =>
      (await s3.send(new ListBucketInventoryConfigurationsCommand({ Bucket }))).InventoryConfigurationList?.[0],
  ],
  [
    "no metrics",
    async (s3: S3Client) =>
      (await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }))).MetricsConfigurationList?.[0],
  ],
])("a bucket that never had the setting has %s", async (_name, ask) => {
  const { s3 } = await s3World(Bucket);
  expect(await ask(s3)).toBeUndefined();
});

test("the settings of a bucket are not for everybody, and those of no bucket are for nobody", async () => {
  const { s3, user } = await s3World(Bucket);
  const ann = await user([{ Effect: "Allow", Action: "s3:GetBucketCORS", Resource: "*" }]);
  expect(await refusal(ann.send(new GetBucketCorsCommand({ Bucket })))).toMatchObject({
    code: "NoSuchCORSConfiguration",
  });
  expect(await refusal(ann.send(new GetBucketWebsiteCommand({ Bucket })))).toMatchObject({
    code: "AccessDenied",
    message: expect.stringContaining("s3:GetBucketWebsite"),
  });
  expect(await refusal(s3.send(new GetBucketCorsCommand({ Bucket: "nowhere" })))).toMatchObject({
    code: "NoSuchBucket",
  });
});

test("an operation that is not built is refused, not dropped", async () => {
  const { s3 } = await s3World(Bucket);
  const refused = await refusal(s3.send(new RenameObjectCommand({ Bucket, Key: "b", RenameSource: "a" })));
  expect(refused).toMatchObject({ code: "NotImplemented", status: 501 });
});
