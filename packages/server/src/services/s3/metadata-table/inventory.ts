/**
 * The live inventory of a bucket: what objects and versions there are.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html
 */
import { sequencerAt } from "../notification/notify.ts";
import { toCells } from "./cells.ts";
import type { Listing } from "./listing.ts";
import { objectRow } from "./object-row.ts";
import { INVENTORY } from "./schema.ts";

export const INVENTORY_LISTING: Listing = {
  name: "inventory",
  schema: INVENTORY,
  rowsOf: () => 1,

  open: async ({ bucket }) =>
    async function* ({ key, version }) {
      const sequence_number = sequencerAt(version.modifiedAtMs);
      yield toCells({ bucket: bucket.name, key, sequence_number, ...objectRow(version) });
    },
};
