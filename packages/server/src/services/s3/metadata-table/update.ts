/** What may be changed of a configuration: when records expire, and whether there are the other tables. */
import type { Context } from "../../../service/context.ts";
import { buckets, requireBucket, type Bucket, type BucketInput } from "../bucket/row.ts";
import { requireIntegrity } from "../body/integrity.ts";
import { operation } from "../kit.ts";
import { clearListing } from "./clearing.ts";
import { askAbout, askAboutAnnotations, makeListed, requireConfiguration, roleOf, withRole } from "./configuration.ts";
import { ofSecondVersion } from "./errors.ts";
import { keepDays, toDays } from "./expiration.ts";
import { beginJournal } from "./journal.ts";
import { beginListing, type ListingName } from "./listing-row.ts";
import { metadataConfigurations, type ListedTable, type MetadataConfiguration } from "./row.ts";

export const updateBucketMetadataJournalTableConfiguration = operation(
  "UpdateBucketMetadataJournalTableConfiguration",
  {
    authorize: (input, context) => askAbout("UpdateBucketMetadataJournalTableConfiguration", input, context),

    async handle(input, context) {
      await requireIntegrity(context.request);
      const found = await requireConfiguration(input, context);
      if (found.version === 1) throw ofSecondVersion("PUT");
      const days = toDays(input.JournalTableConfiguration.RecordExpiration);
      const { days: _before, ...journal } = found.journal;
      await keepDays(journal, days, context);
      const kept = days === undefined ? journal : { ...journal, days };
      context.tx.put(metadataConfigurations, { ...found, journal: kept });
      if (days !== undefined && journal.status !== "FAILED") beginJournal({ name: found.bucket }, context);
      return {};
    },
  },
);

export const updateBucketMetadataInventoryTableConfiguration = operation(
  "UpdateBucketMetadataInventoryTableConfiguration",
  {
    authorize: (input, context) => askAbout("UpdateBucketMetadataInventoryTableConfiguration", input, context),

    async handle(input, context) {
      await requireIntegrity(context.request);
      const { found, bucket } = await requireSecondVersion(input, context);
      const asked = input.InventoryTableConfiguration;
      if (asked.ConfigurationState === "DISABLED") {
        const inventory = found.inventory && { ...found.inventory, state: "DISABLED" as const };
        await disable("inventory", { found, bucket }, context);
        context.tx.put(metadataConfigurations, { ...found, inventory });
      } else if (bucket.metadata?.inventory !== true) {
        await clearListing("inventory", found, context);
        const inventory = await makeListed("inventory", { ...found, bucket, asked }, context);
        context.tx.put(metadataConfigurations, { ...found, inventory });
        enable("inventory", { bucket, made: inventory }, context);
      }
      return {};
    },
  },
);

export const updateBucketMetadataAnnotationTableConfiguration = operation(
  "UpdateBucketMetadataAnnotationTableConfiguration",
  {
    authorize(input, context) {
      const role = input.AnnotationTableConfiguration.Role;
      return askAboutAnnotations("UpdateBucketMetadataAnnotationTableConfiguration", { ...input, role }, context);
    },

    async handle(input, context) {
      await requireIntegrity(context.request);
      const { found, bucket } = await requireSecondVersion(input, context);
      const asked = input.AnnotationTableConfiguration;
      const role = roleOf(asked, found.annotation);
      if (asked.ConfigurationState === "DISABLED") {
        const annotation = found.annotation && { ...found.annotation, state: "DISABLED" as const };
        await disable("annotation", { found, bucket }, context);
        context.tx.put(metadataConfigurations, { ...found, annotation: withRole(annotation, role) });
      } else if (bucket.metadata?.annotation === true) {
        // what was read before stays; the new role reads what changes from now on
        context.tx.put(metadataConfigurations, { ...found, annotation: withRole(found.annotation, role) });
      } else {
        await clearListing("annotation", found, context);
        const annotation = await makeListed("annotation", { ...found, bucket, asked }, context);
        context.tx.put(metadataConfigurations, { ...found, annotation: withRole(annotation, role) });
        enable("annotation", { bucket, made: annotation }, context);
      }
      return {};
    },
  },
);

interface Watched {
  readonly found: MetadataConfiguration;
  readonly bucket: Bucket;
}

/** @throws {AwsError} `MetadataConfigurationNotFound`, `MethodNotAllowed` */
async function requireSecondVersion(input: BucketInput, context: Context): Promise<Watched> {
  const found = await requireConfiguration(input, context);
  if (found.version === 1) throw ofSecondVersion("PUT");
  return { found, bucket: await requireBucket(input, context) };
}

async function disable(name: ListingName, { found, bucket }: Watched, context: Context): Promise<void> {
  const { [name]: _on, ...metadata } = bucket.metadata ?? {};
  await clearListing(name, found, context);
  context.tx.put(buckets, { ...bucket, metadata });
}

interface Making {
  readonly bucket: Bucket;
  readonly made: ListedTable | undefined;
}

function enable(name: ListingName, { bucket, made }: Making, context: Context): void {
  if (made?.status === "FAILED") return;
  context.tx.put(buckets, { ...bucket, metadata: { ...bucket.metadata, [name]: true } });
  beginListing(name, bucket, context);
}
