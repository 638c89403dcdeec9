/** What is kept of a bucket's metadata tables. */
import type { Arn } from "../../../kernel/arn.ts";
import { table } from "../../../kernel/table.ts";
import type { Failure } from "./errors.ts";

export interface MetadataConfiguration {
  readonly bucket: string;
  /** The first version has one table, in a table bucket of its owner's; the second has S3's own bucket for its tables. */
  readonly version: 1 | 2;
  readonly tableBucket: Arn;
  readonly namespace: string;
  readonly journal: JournalTable;
  readonly inventory: ListedTable | undefined;
  readonly annotation?: AnnotationTable | undefined;
}

/** A table that S3 makes and writes. */
export interface KeptTable {
  readonly name: string;
  /** `undefined`: it could not be made. */
  readonly arn: Arn | undefined;
  readonly status: "CREATING" | "BACKFILLING" | "ACTIVE" | "FAILED";
  readonly failure?: Failure;
}

export interface JournalTable extends KeptTable {
  /** After so many days records expire. */
  readonly days?: number;
}

/** With a table still where it was enabled once. */
export type ListedTable = KeptTable & { readonly state: "ENABLED" | "DISABLED" };

/** The ARN of the role that annotations are read with. */
export type AnnotationTable = ListedTable & { readonly role: string };

export const metadataConfigurations = table<MetadataConfiguration>(
  "s3.metadata-configuration",
  "global",
  ({ bucket }) => [bucket],
);
