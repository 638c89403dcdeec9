/**
 * Configurations of metadata tables, of both versions.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-create-configuration.html
 */
import type { MetadataConfigurationResult } from "@aws-sdk/client-s3";
import { parseArn, type Arn } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { onBucket } from "../access.ts";
import { buckets, requireBucket, type Bucket, type BucketInput } from "../bucket/row.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { passRole } from "../pass-role.ts";
import { bucketArn, MANAGED_BUCKET, requirePlace } from "../tables/bucket-row.ts";
import { METADATA_SERVICE } from "../tables/managed.ts";
import { clearConfiguration } from "./clearing.ts";
import {
  configurationExists,
  configurationNotFound,
  destinationInvalid,
  ofSecondVersion,
  roleMissing,
} from "./errors.ts";
import { formatDays, keepDays, keptDays, toDays } from "./expiration.ts";
import { beginJournal } from "./journal.ts";
import { beginListing, type ListingName } from "./listing-row.ts";
import { makeTable } from "./making.ts";
import {
  metadataConfigurations,
  type AnnotationTable,
  type JournalTable,
  type KeptTable,
  type ListedTable,
  type MetadataConfiguration,
} from "./row.ts";

export const askAbout = (action: string, input: BucketInput, context: Context) =>
  requireBucket(input, context).then((bucket) => onBucket(`s3:${action}`, bucket, context));

/** With the right to hand its role on, where one is named. */
export async function askAboutAnnotations(
  action: string,
  { role, ...input }: BucketInput & { readonly role: string | undefined },
  context: Context,
): Promise<readonly Access[]> {
  const asked = await askAbout(action, input, context);
  if (role === undefined) return [asked];
  return [asked, passRole({ role, service: METADATA_SERVICE, bucket: input.Bucket }, context)];
}

export const createBucketMetadataConfiguration = operation("CreateBucketMetadataConfiguration", {
  authorize(input, context) {
    const role = input.MetadataConfiguration.AnnotationTableConfiguration?.Role;
    return askAboutAnnotations("CreateBucketMetadataTableConfiguration", { ...input, role }, context);
  },

  async handle(input, context) {
    const bucket = await requireNewlyWatched(input, context);
    const { JournalTableConfiguration, InventoryTableConfiguration, AnnotationTableConfiguration } =
      input.MetadataConfiguration;
    const role = roleOf(AnnotationTableConfiguration);
    const days = toDays(JournalTableConfiguration.RecordExpiration);
    const place = { bucket, tableBucket: managedBucketArn(bucket, context), namespace: namespaceOf(bucket) };
    const { EncryptionConfiguration: encryption } = JournalTableConfiguration;
    const journal = await makeTable({ ...place, name: "journal", encryption }, context);
    await keepDays(journal, days, context);
    const inventory = await makeListed("inventory", { ...place, asked: InventoryTableConfiguration }, context);
    const annotation = await makeListed("annotation", { ...place, asked: AnnotationTableConfiguration }, context);
    begin(
      {
        ...place,
        bucket: bucket.name,
        version: 2,
        journal: { ...journal, ...(days !== undefined && { days }) },
        inventory,
        annotation: withRole(annotation, role),
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

interface ListedPlan {
  readonly bucket: Bucket;
  readonly tableBucket: Arn;
  readonly namespace: string;
  readonly asked: AskedListed | undefined;
}

interface AskedListed {
  readonly ConfigurationState: "ENABLED" | "DISABLED";
  readonly EncryptionConfiguration?: Parameters<typeof makeTable>[0]["encryption"];
}

/** `undefined`: there never was one. */
export async function makeListed(
  name: ListingName,
  { asked, ...place }: ListedPlan,
  context: Context,
): Promise<ListedTable | undefined> {
  if (asked?.ConfigurationState !== "ENABLED") return undefined;
  const made = await makeTable({ ...place, name, encryption: asked.EncryptionConfiguration }, context);
  return { ...made, state: "ENABLED" };
}

interface AskedAnnotations {
  readonly ConfigurationState: "ENABLED" | "DISABLED";
  readonly Role?: string | undefined;
}

/** The role that is asked for, or that there was before. @throws {AwsError} `InvalidArgument` */
export function roleOf(asked: AskedAnnotations | undefined, before?: AnnotationTable): string | undefined {
  const role = asked?.Role ?? before?.role;
  if (asked?.ConfigurationState === "ENABLED" && role === undefined) throw roleMissing();
  return role;
}

/** Annotations cannot be read without one. */
export const withRole = (table: ListedTable | undefined, role: string | undefined): AnnotationTable | undefined =>
  table && role !== undefined ? { ...table, role } : undefined;

function begin(made: MetadataConfiguration, bucket: Bucket, context: Context): void {
  const hasJournal = made.journal.status !== "FAILED";
  const hasInventory = isMade(made.inventory);
  const hasAnnotations = isMade(made.annotation);
  context.tx.put(metadataConfigurations, made);
  const metadata = {
    ...(hasJournal && { journal: true as const }),
    ...(hasInventory && { inventory: true as const }),
    ...(hasAnnotations && { annotation: true as const }),
  };
  context.tx.put(buckets, { ...bucket, metadata });
  if (hasJournal) beginJournal(bucket, context);
  if (hasInventory) beginListing("inventory", bucket, context);
  if (hasAnnotations) beginListing("annotation", bucket, context);
}

const isMade = (table: ListedTable | undefined): boolean => table !== undefined && table.status !== "FAILED";

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
    const { version, tableBucket, namespace, journal, inventory, annotation } = await requireConfiguration(
      input,
      context,
    );
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
      ...(version === 2 && { InventoryTableConfigurationResult: formatListed(inventory) }),
      ...(annotation && {
        AnnotationTableConfigurationResult: { ...formatListed(annotation), Role: annotation.role },
      }),
    };
    return { GetBucketMetadataConfigurationResult: { MetadataConfigurationResult: shown } };
  },
});

const shownDays = async (journal: JournalTable, context: Context): Promise<number | undefined> =>
  journal.arn === undefined ? journal.days : keptDays(journal, context);

const formatListed = (table: ListedTable | undefined) =>
  table?.state === "ENABLED"
    ? { ConfigurationState: table.state, ...formatTable(table) }
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
