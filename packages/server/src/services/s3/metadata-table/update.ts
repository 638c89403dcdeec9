/** What may be changed of a configuration: when records expire, and whether there is an inventory. */
import { buckets, requireBucket } from "../bucket-row.ts";
import { requireIntegrity } from "../integrity.ts";
import { operation } from "../kit.ts";
import { clearInventory } from "./clearing.ts";
import { askAbout, makeInventory, requireConfiguration } from "./configuration.ts";
import { ofSecondVersion } from "./errors.ts";
import { keepDays, toDays } from "./expiration.ts";
import { beginInventory } from "./inventory.ts";
import { beginJournal } from "./journal.ts";
import { metadataConfigurations } from "./row.ts";

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
      const found = await requireConfiguration(input, context);
      if (found.version === 1) throw ofSecondVersion("PUT");
      const bucket = await requireBucket(input, context);
      const { inventory: isOn, ...rest } = bucket.metadata ?? {};
      const asked = input.InventoryTableConfiguration;
      if (asked.ConfigurationState === "DISABLED") {
        await clearInventory(found, context);
        const inventory = found.inventory && { ...found.inventory, state: "DISABLED" as const };
        context.tx.put(metadataConfigurations, { ...found, inventory });
        context.tx.put(buckets, { ...bucket, metadata: rest });
      } else if (isOn !== true) {
        const inventory = await makeInventory({ ...found, bucket, asked }, context);
        context.tx.put(metadataConfigurations, { ...found, inventory });
        if (inventory?.status === "FAILED") return {};
        context.tx.put(buckets, { ...bucket, metadata: { ...rest, inventory: true } });
        beginInventory(bucket, context);
      }
      return {};
    },
  },
);
