/**
 * The columns of metadata tables.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-schema.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-inventory-schema.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/metadata-tables-annotation-schema.html
 */
import type { Field, Schema } from "../tables/iceberg/table-metadata.ts";

type Column = readonly [name: string, type: "string" | "timestamp" | "boolean" | "long" | "map", required?: "required"];

/** What journals and inventories say of an object. */
const OF_OBJECT: readonly Column[] = [
  ["version_id", "string"],
  ["is_delete_marker", "boolean"],
  ["size", "long"],
  ["last_modified_date", "timestamp"],
  ["e_tag", "string"],
  ["storage_class", "string"],
  ["is_multipart", "boolean"],
  ["encryption_status", "string"],
  ["is_bucket_key_enabled", "boolean"],
  ["kms_key_arn", "string"],
  ["checksum_algorithm", "string"],
  ["object_tags", "map"],
  ["user_metadata", "map"],
];

const OF_KEY: readonly Column[] = [
  ["bucket", "string", "required"],
  ["key", "string", "required"],
  ["sequence_number", "string", "required"],
];

export const JOURNAL = schemaOf([
  ...OF_KEY,
  ["record_type", "string", "required"],
  ["record_timestamp", "timestamp", "required"],
  ...OF_OBJECT,
  ["requester", "string"],
  ["source_ip_address", "string"],
  ["request_id", "string"],
]);

export const INVENTORY = schemaOf([...OF_KEY, ...OF_OBJECT]);

export const ANNOTATIONS = schemaOf([
  ["bucket", "string", "required"],
  ["object_key", "string", "required"],
  ["object_version_id", "string"],
  ["object_join_key", "string", "required"],
  ["name", "string", "required"],
  ["sequence_number", "string", "required"],
  ["last_modified_date", "timestamp"],
  ["size", "long"],
  ["e_tag", "string"],
  ["checksum_algorithm", "string"],
  ["replication_status", "string"],
  ["text_value", "string"],
]);

/** Keys and values of maps have ids behind those of all columns. */
function schemaOf(columns: readonly Column[]): Schema {
  let next = columns.length;
  const fields = columns.map(([name, type, required], at): Field => {
    const field = { id: at + 1, name, required: required !== undefined };
    if (type !== "map") return { ...field, type };
    next += 2;
    const ids = { "key-id": next - 1, "value-id": next };
    return { ...field, type: { type: "map", ...ids, key: "string", value: "string", "value-required": true } };
  });
  return { type: "struct", "schema-id": 0, fields };
}
