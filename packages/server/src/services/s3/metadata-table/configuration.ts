/**
 * Configurations of metadata tables, of both versions.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-create-configuration.html
 */
import type { MetadataConfigurationResult } from "@aws-sdk/client-s3";
import { parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type Bucket, type BucketInput } from "../bucket-row.ts";
import { requireIntegrity } from "../integrity.ts";
import { operation } from "../kit.ts";
import { bucketArn, MANAGED_BUCKET, requirePlace } from "../tables/bucket-row.ts";
import { clearConfiguration } from "./clearing.ts";
import {
  annotationsUnbuilt,
  configurationExists,
  configurationNotFound,
  destinationInvalid,
  ofSecondVersion,
} from "./errors.ts";
import { formatDays, keepDays, keptDays, toDays } from "./expiration.ts";
import { beginInventory } from "./inventory.ts";
import { beginJournal } from "./journal.ts";
import { makeTable } from "./making.ts";
import {
  metadataConfigurations,
  type InventoryTable,
  type JournalTable,
  type KeptTable,
  type MetadataConfiguration,
} from "./row.ts";

export const askAbout = (action: string, input: BucketInput, context: Context) =>
  requireBucket(input, context).then((bucket) => onBucket(`s3:${action}`, bucket, context));

export const createBucketMetadataConfiguration = operation("CreateBucketMetadataConfiguration", {
  authorize: (input, context) => askAbout("CreateBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    const bucket = await requireNewlyWatched(input, context);
    const { JournalTableConfiguration, InventoryTableConfiguration, AnnotationTableConfiguration } =
      input.MetadataConfiguration;
    if (AnnotationTableConfiguration?.ConfigurationState === "ENABLED") throw annotationsUnbuilt();
    const days = toDays(JournalTableConfiguration.RecordExpiration);
    const place = { bucket, tableBucket: managedBucketArn(bucket, context), namespace: namespaceOf(bucket) };
    const { EncryptionConfiguration: encryption } = JournalTableConfiguration;
    const journal = await makeTable({ ...place, name: "journal", encryption }, context);
    await keepDays(journal, days, context);
    const inventory = await makeInventory({ ...place, asked: InventoryTableConfiguration }, context);
    begin(
      {
        ...place,
        bucket: bucket.name,
        version: 2,
        journal: { ...journal, ...(days !== undefined && { days }) },
        inventory,
      },
      bucket,
      context,
    );
    return {};
  },
});

/** @throws {AwsError} `MetadataConfigurationAlreadyExists` */
async function requireNewlyWatched(input: BucketInput, context: Context): Promise<Bucket> {
  const bucket = await requireBucket(input, context);
  await requireIntegrity(context.request);
  if (await context.tx.get(metadataConfigurations, bucket.name)) throw configurationExists(bucket.name);
  return bucket;
}

const managedBucketArn = ({ owner, region }: Bucket, { partition }: Context): Arn =>
  bucketArn({ account: owner, region, partition, name: MANAGED_BUCKET });

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-overview.html#metadata-tables-how-they-work (periods become underscores) */
const namespaceOf = ({ name }: Bucket): string => `b_${name.replaceAll(".", "_")}`;

interface InventoryPlan {
  readonly bucket: Bucket;
  readonly tableBucket: Arn;
  readonly namespace: string;
  readonly asked: AskedInventory | undefined;
}

interface AskedInventory {
  readonly ConfigurationState: "ENABLED" | "DISABLED";
  readonly EncryptionConfiguration?: Parameters<typeof makeTable>[0]["encryption"];
}

/** `undefined`: there never was one. */
export async function makeInventory(
  { asked, ...place }: InventoryPlan,
  context: Context,
): Promise<InventoryTable | undefined> {
  if (asked?.ConfigurationState !== "ENABLED") return undefined;
  const made = await makeTable({ ...place, name: "inventory", encryption: asked.EncryptionConfiguration }, context);
  return { ...made, state: "ENABLED" };
}

function begin(made: MetadataConfiguration, bucket: Bucket, context: Context): void {
  const hasJournal = made.journal.status !== "FAILED";
  const hasInventory = made.inventory !== undefined && made.inventory.status !== "FAILED";
  context.tx.put(metadataConfigurations, made);
  const metadata = { ...(hasJournal && { journal: true as const }), ...(hasInventory && { inventory: true as const }) };
  context.tx.put(buckets, { ...bucket, metadata });
  if (hasJournal) beginJournal(bucket, context);
  if (hasInventory) beginInventory(bucket, context);
}

/** The namespace of tables of the first version. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_S3TablesDestinationResult.html */
const FIRST_NAMESPACE = "aws_s3_metadata";

export const createBucketMetadataTableConfiguration = operation("CreateBucketMetadataTableConfiguration", {
  authorize: (input, context) => askAbout("CreateBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    const bucket = await requireNewlyWatched(input, context);
    const { TableBucketArn, TableName: name } = input.MetadataTableConfiguration.S3TablesDestination;
    const { account, region } = parseArn(TableBucketArn) ?? {};
    if (account !== bucket.owner || region !== bucket.region) throw destinationInvalid();
    const place = { bucket, tableBucket: bucketArn(requirePlace(TableBucketArn)), namespace: FIRST_NAMESPACE };
    const journal = await makeTable({ ...place, name, encryption: undefined }, context);
    begin({ ...place, bucket: bucket.name, version: 1, journal, inventory: undefined }, bucket, context);
    return {};
  },
});

/** @throws {AwsError} `MetadataConfigurationNotFound` */
export async function requireConfiguration(input: BucketInput, context: Context): Promise<MetadataConfiguration> {
  const { name } = await requireBucket(input, context);
  const found = await context.tx.get(metadataConfigurations, name);
  if (found === undefined) throw configurationNotFound(name);
  return found;
}

export const getBucketMetadataConfiguration = operation("GetBucketMetadataConfiguration", {
  authorize: (input, context) => askAbout("GetBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    const { version, tableBucket, namespace, journal, inventory } = await requireConfiguration(input, context);
    const shown: MetadataConfigurationResult = {
      DestinationResult: {
        TableBucketType: version === 2 ? "aws" : "customer",
        TableBucketArn: tableBucket,
        TableNamespace: namespace,
      },
      JournalTableConfigurationResult: {
        ...formatTable(journal),
        RecordExpiration: formatDays(await shownDays(journal, context)),
      },
      ...(version === 2 && { InventoryTableConfigurationResult: formatInventory(inventory) }),
    };
    return { GetBucketMetadataConfigurationResult: { MetadataConfigurationResult: shown } };
  },
});

const shownDays = async (journal: JournalTable, context: Context): Promise<number | undefined> =>
  journal.arn === undefined ? journal.days : keptDays(journal, context);

const formatInventory = (inventory: InventoryTable | undefined) =>
  inventory?.state === "ENABLED"
    ? { ConfigurationState: inventory.state, ...formatTable(inventory) }
    : { ConfigurationState: "DISABLED" as const };

const formatTable = ({ name, arn, status, failure }: KeptTable) => ({
  TableStatus: status,
  TableName: name,
  ...(arn !== undefined && { TableArn: arn }),
  ...(failure && { Error: { ErrorCode: failure.code, ErrorMessage: failure.message } }),
});

export const getBucketMetadataTableConfiguration = operation("GetBucketMetadataTableConfiguration", {
  authorize: (input, context) => askAbout("GetBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    const { version, tableBucket, namespace, journal } = await requireConfiguration(input, context);
    if (version === 2) throw ofSecondVersion("GET");
    const { TableStatus: Status, TableName, TableArn = "", Error: failure } = formatTable(journal);
    const S3TablesDestinationResult = { TableBucketArn: tableBucket, TableName, TableArn, TableNamespace: namespace };
    return {
      GetBucketMetadataTableConfigurationResult: {
        MetadataTableConfigurationResult: { S3TablesDestinationResult },
        Status,
        ...(failure && { Error: failure }),
      },
    };
  },
});

export const deleteBucketMetadataConfiguration = operation("DeleteBucketMetadataConfiguration", {
  authorize: (input, context) => askAbout("DeleteBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    await clearConfiguration(await requireConfiguration(input, context), context);
    return {};
  },
});

export const deleteBucketMetadataTableConfiguration = operation("DeleteBucketMetadataTableConfiguration", {
  authorize: (input, context) => askAbout("DeleteBucketMetadataTableConfiguration", input, context),

  async handle(input, context) {
    const found = await requireConfiguration(input, context);
    if (found.version === 2) throw ofSecondVersion("DELETE");
    await clearConfiguration(found, context);
    return {};
  },
});
