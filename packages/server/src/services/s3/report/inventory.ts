/**
 * Inventories: which lists of its objects a bucket has made, where to, and how often.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html
 */
import type {
  InventoryConfiguration,
  InventoryEncryption,
  InventoryOptionalField,
  InventoryS3BucketDestination,
} from "@aws-sdk/client-s3";
import { parseArn } from "../../../kernel/arn.ts";
import type { Validated } from "../../../service/sdk.ts";
import { requireBucket, type BucketInput } from "../bucket/row.ts";
import { malformedXml } from "../errors.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { idMismatch, invalidDestinationBucket } from "./errors.ts";
import { scheduleInventory } from "./inventory-run.ts";
import { isColumn } from "./inventory-column.ts";
import { inventoryFormat } from "./inventory-format.ts";
import { inventories } from "./inventory-row.ts";
import { asks, pageOfNamed, putNamed, removeNamed, requireNamed } from "./named.ts";

interface PutInput extends BucketInput {
  readonly InventoryConfiguration: Validated<InventoryConfiguration>;
}

export const putBucketInventoryConfiguration = operation("PutBucketInventoryConfiguration", {
  authorize: asks("s3:PutInventoryConfiguration", (input: PutInput) => ({
    "s3:InventoryAccessibleOptionalFields": input.InventoryConfiguration.OptionalFields,
  })),

  async handle({ Id: id, InventoryConfiguration: asked, ...input }, context) {
    const bucket = await requireBucket(input, context);
    await requireIntegrity(context.request);
    if (asked.Id !== id) throw idMismatch();
    const configuration = requireInventory(asked);
    await putNamed(inventories, { bucket: bucket.name, id, configuration }, context);
    scheduleInventory({ bucket: bucket.name, id, configuration }, context);
    return {};
  },
});

/** @throws {AwsError} `MalformedXML`, `InvalidS3DestinationBucket` */
function requireInventory(asked: Validated<InventoryConfiguration>): InventoryConfiguration {
  const { Id, IsEnabled, IncludedObjectVersions, OptionalFields, Filter } = asked;
  const { Frequency } = asked.Schedule;
  if (Frequency !== "Daily" && Frequency !== "Weekly") throw malformedXml();
  if (IncludedObjectVersions !== "All" && IncludedObjectVersions !== "Current") throw malformedXml();
  const S3BucketDestination = requireDestination(asked.Destination.S3BucketDestination);
  return {
    Id,
    IsEnabled,
    Destination: { S3BucketDestination },
    ...(Filter && { Filter: { ...Filter } }),
    IncludedObjectVersions,
    ...(OptionalFields && { OptionalFields: OptionalFields.map((field) => requireField(field)) }),
    Schedule: { Frequency },
  };
}

function requireField(field: InventoryOptionalField): InventoryOptionalField {
  if (!isColumn(field)) throw malformedXml();
  return field;
}

function requireDestination(asked: Validated<InventoryS3BucketDestination>): InventoryS3BucketDestination {
  const { Format, Bucket, Encryption } = asked;
  if (inventoryFormat(Format) === undefined) throw malformedXml();
  if (parseArn(Bucket)?.service !== "s3") throw invalidDestinationBucket();
  return { ...asked, ...(Encryption && { Encryption: requireEncryption(Encryption) }) };
}

function requireEncryption({ SSES3, SSEKMS }: Validated<InventoryEncryption>): InventoryEncryption {
  if ((SSES3 === undefined) === (SSEKMS === undefined)) throw malformedXml();
  return SSEKMS === undefined ? { SSES3: {} } : { SSEKMS: { KeyId: SSEKMS.KeyId } };
}

export const getBucketInventoryConfiguration = operation("GetBucketInventoryConfiguration", {
  authorize: asks("s3:GetInventoryConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    return { InventoryConfiguration: await requireNamed(inventories, { bucket, id }, context) };
  },
});

export const deleteBucketInventoryConfiguration = operation("DeleteBucketInventoryConfiguration", {
  authorize: asks("s3:PutInventoryConfiguration"),

  async handle({ Id: id, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    await removeNamed(inventories, { bucket, id }, context);
    return {};
  },
});

export const listBucketInventoryConfigurations = operation("ListBucketInventoryConfigurations", {
  authorize: asks("s3:GetInventoryConfiguration"),

  async handle({ ContinuationToken: token, ...input }, context) {
    const { name: bucket } = await requireBucket(input, context);
    const { configurations, frame } = await pageOfNamed(inventories, { bucket, token }, context);
    return { ...frame, InventoryConfigurationList: configurations };
  },
});
