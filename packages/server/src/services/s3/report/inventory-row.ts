/** Inventories as they are kept, and how far the list that is being made has come. */
import type { InventoryConfiguration } from "@aws-sdk/client-s3";
import { table } from "../../../kernel/table.ts";
import type { VersionMarker } from "../version/walk.ts";
import { namedTable } from "./named.ts";

export const inventories = namedTable<InventoryConfiguration>("s3.inventory");

/** A file of a list, as the manifest names it. */
export interface InventoryFile {
  readonly key: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly md5: string;
}

/** A list that is waited for, or under way. */
export interface InventoryRun {
  readonly bucket: string;
  readonly id: string;
  /** When it begins, or began. */
  readonly startsAtMs: number;
  readonly files: readonly InventoryFile[];
  /** What the files have so far. */
  readonly after?: VersionMarker | undefined;
}

export const inventoryRuns = table<InventoryRun>("s3.inventory-run", "global", ({ bucket, id }) => [bucket, id]);
