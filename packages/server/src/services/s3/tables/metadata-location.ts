/**
 * Which metadata of a table counts: who commits says from which version, so that nobody's commit is lost.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_UpdateTableMetadataLocation.html
 */
import { onTable } from "./access.ts";
import { locationInvalid } from "./errors.ts";
import { operation } from "./kit.ts";
import { requireOwnHands } from "./managed.ts";
import { requireVersion } from "./table.ts";
import { changed, putTable, requireTable, tableArn, type StoredTable } from "./table-row.ts";
import { locationOf } from "./warehouse.ts";

export const getTableMetadataLocation = operation("GetTableMetadataLocation", {
  authorize: (input, context) => onTable("GetTableMetadataLocation", input, context),

  async handle(input, context) {
    const stored = await requireTable(input, context);
    return {
      versionToken: stored.versionToken,
      metadataLocation: stored.metadataLocation,
      warehouseLocation: locationOf(stored),
    };
  },
});

export const updateTableMetadataLocation = operation("UpdateTableMetadataLocation", {
  authorize: ({ versionToken: _from, metadataLocation: _to, ...named }, context) =>
    onTable("UpdateTableMetadataLocation", named, context),

  async handle({ versionToken, metadataLocation, ...named }, context) {
    const stored = await requireTable(named, context);
    requireOwnHands({ type: stored.managedBy === undefined ? "customer" : "aws" }, context);
    requireVersion(versionToken, stored);
    if (!isMetadata(metadataLocation, stored)) throw locationInvalid();
    const next = changed({ ...stored, metadataLocation }, context);
    putTable(next, context);
    return {
      name: next.name,
      tableARN: tableArn(next),
      namespace: [next.namespace],
      versionToken: next.versionToken,
      metadataLocation,
    };
  },
});

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_UpdateTableMetadataLocation.html (within the warehouse, and how it ends) */
const isMetadata = (location: string, stored: StoredTable): boolean =>
  location.startsWith(`${locationOf(stored)}/`) && /\.metadata\.json(?:\.gz)?$/.test(location);
