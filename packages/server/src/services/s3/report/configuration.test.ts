import {
  DeleteBucketInventoryConfigurationCommand,
  DeleteBucketMetricsConfigurationCommand,
  GetBucketAnalyticsConfigurationCommand,
  GetBucketInventoryConfigurationCommand,
  GetBucketMetricsConfigurationCommand,
  ListBucketInventoryConfigurationsCommand,
  ListBucketMetricsConfigurationsCommand,
  PutBucketAnalyticsConfigurationCommand,
  PutBucketInventoryConfigurationCommand,
  PutBucketMetricsConfigurationCommand,
  type InventoryConfiguration,
} from "@aws-sdk/client-s3";
import { expect, test } from "vitest";
import { refusal, s3World } from "../../../../test/s3-world.ts";

const inventory = (Id: string, more: object = {}): InventoryConfiguration => ({
  Id,
  IsEnabled: true,
  IncludedObjectVersions: "All",
  Destination: { S3BucketDestination: { Bucket: "arn:aws:s3:::lists", Format: "CSV" } },
  Schedule: { Frequency: "Daily" },
  ...more,
});

// Source of the expectations in this file: https://github.com/localstack/localstack/blob/main/tests/aws/services/s3/test_s3.snapshot.json

test("an inventory comes back as it was put, until it is deleted", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const InventoryConfiguration = inventory("weekly", { OptionalFields: ["Size", "ETag"], Filter: { Prefix: "a/" } });
  const put = new PutBucketInventoryConfigurationCommand({ Bucket, Id: "weekly", InventoryConfiguration });
  expect((await s3.send(put)).$metadata.httpStatusCode).toBe(204);
  const get = new GetBucketInventoryConfigurationCommand({ Bucket, Id: "weekly" });
  expect((await s3.send(get)).InventoryConfiguration).toEqual(InventoryConfiguration);
  await s3.send(new DeleteBucketInventoryConfigurationCommand({ Bucket, Id: "weekly" }));
  expect(await refusal(s3.send(get))).toMatchObject({
    code: "NoSuchConfiguration",
    status: 404,
    message: "The specified configuration does not exist.",
  });
});

test("inventories are listed by id; a list of none has no element", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const list = async () => s3.send(new ListBucketInventoryConfigurationsCommand({ Bucket }));
  expect(await list()).toMatchObject({ IsTruncated: false });
  expect((await list()).InventoryConfigurationList).toBeUndefined();
  for (const Id of ["z", "a", "m"]) {
    await s3.send(new PutBucketInventoryConfigurationCommand({ Bucket, Id, InventoryConfiguration: inventory(Id) }));
  }
  expect((await list()).InventoryConfigurationList?.map(({ Id }) => Id)).toEqual(["a", "m", "z"]);
});

const MALFORMED = "The XML you provided was not well-formed or did not validate against our published schema";
const REFUSED: readonly [string, InventoryConfiguration, string, string][] = [
  ["another id", inventory("other"), "IdMismatch", "Document ID does not match the specified configuration ID."],
  [
    "a bucket's name",
    inventory("x", { Destination: { S3BucketDestination: { Bucket: "lists", Format: "CSV" } } }),
    "InvalidS3DestinationBucket",
    "Invalid bucket ARN.",
  ],
  [
    "an unknown format",
    inventory("x", { Destination: { S3BucketDestination: { Bucket: "arn:aws:s3:::lists", Format: "TSV" } } }),
    "MalformedXML",
    MALFORMED,
  ],
  ["an unknown frequency", inventory("x", { Schedule: { Frequency: "Hourly" } }), "MalformedXML", MALFORMED],
  ["unknown versions", inventory("x", { IncludedObjectVersions: "Wrong" }), "MalformedXML", MALFORMED],
  ["an unknown field", inventory("x", { OptionalFields: ["TestField"] }), "MalformedXML", MALFORMED],
  ["a field of all objects", inventory("x", { OptionalFields: ["toString"] }), "MalformedXML", MALFORMED],
];

test.each(REFUSED)("an inventory with %s is refused", async (_what, InventoryConfiguration, code, message) => {
  const { s3, bucket: Bucket } = await s3World();
  const put = s3.send(new PutBucketInventoryConfigurationCommand({ Bucket, Id: "x", InventoryConfiguration }));
  expect(await refusal(put)).toMatchObject({ code, message, status: 400 });
});

test("metrics are put, listed and deleted once", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const MetricsConfiguration = { Id: "all", Filter: { Prefix: "logs/" } };
  await s3.send(new PutBucketMetricsConfigurationCommand({ Bucket, Id: "all", MetricsConfiguration }));
  const get = new GetBucketMetricsConfigurationCommand({ Bucket, Id: "all" });
  expect((await s3.send(get)).MetricsConfiguration).toEqual(MetricsConfiguration);
  const list = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
  expect(list).toMatchObject({ IsTruncated: false, MetricsConfigurationList: [MetricsConfiguration] });
  const gone = new DeleteBucketMetricsConfigurationCommand({ Bucket, Id: "all" });
  expect((await s3.send(gone)).$metadata.httpStatusCode).toBe(204);
  expect(await refusal(s3.send(gone))).toMatchObject({ code: "NoSuchConfiguration", status: 404 });
});

test("configurations come in pages of a hundred", async () => {
  const { s3, bucket: Bucket } = await s3World();
  for (let at = 0; at < 101; at++) {
    const Id = String(at).padStart(3, "0");
    await s3.send(new PutBucketMetricsConfigurationCommand({ Bucket, Id, MetricsConfiguration: { Id } }));
  }
  const first = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket }));
  expect(first.IsTruncated).toBe(true);
  // Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBucketMetricsConfigurations.html
  expect(first.MetricsConfigurationList).toHaveLength(100);
  const ContinuationToken = first.NextContinuationToken;
  const second = await s3.send(new ListBucketMetricsConfigurationsCommand({ Bucket, ContinuationToken }));
  expect(second).toMatchObject({ IsTruncated: false, ContinuationToken });
  expect(second.MetricsConfigurationList?.map(({ Id }) => Id)).toEqual(["100"]);
});

test("an analysis comes back as it was put", async () => {
  const { s3, bucket: Bucket } = await s3World();
  const S3BucketDestination = { Format: "CSV" as const, Bucket: "arn:aws:s3:::analyses", Prefix: "test" };
  const AnalyticsConfiguration = {
    Id: "a",
    Filter: { And: { Prefix: "x/", Tags: [{ Key: "team", Value: "red" }] } },
    StorageClassAnalysis: {
      DataExport: { OutputSchemaVersion: "V_1" as const, Destination: { S3BucketDestination } },
    },
  };
  await s3.send(new PutBucketAnalyticsConfigurationCommand({ Bucket, Id: "a", AnalyticsConfiguration }));
  const found = await s3.send(new GetBucketAnalyticsConfigurationCommand({ Bucket, Id: "a" }));
  expect(found.AnalyticsConfiguration).toEqual(AnalyticsConfiguration);
  const other = s3.send(new PutBucketAnalyticsConfigurationCommand({ Bucket, Id: "b", AnalyticsConfiguration }));
  expect(await refusal(other)).toMatchObject({ code: "MalformedXML", status: 400 });
});
