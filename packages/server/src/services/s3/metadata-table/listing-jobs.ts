/** The jobs that write listings. */
import { ANNOTATION_LISTING } from "./annotations.ts";
import { INVENTORY_LISTING } from "./inventory.ts";
import { LISTING_ROWS } from "./listing-row.ts";
import { writeListing } from "./listing.ts";

export const LISTING_JOBS = {
  [LISTING_ROWS.inventory.job]: writeListing(INVENTORY_LISTING),
  [LISTING_ROWS.annotation.job]: writeListing(ANNOTATION_LISTING),
};
