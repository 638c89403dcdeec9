/**
 * What a table begins as, in the words of S3 Tables.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_IcebergMetadata.html
 */
import type { IcebergMetadata } from "@aws-sdk/client-s3tables";
import type { Validated } from "../../../../service/sdk.ts";
import { schemaInvalid } from "../errors.ts";
import type { NewTable, PartitionSpec, Schema, SortOrder } from "./table-metadata.ts";

type Definition = Validated<IcebergMetadata>;

/** Source: https://iceberg.apache.org/spec/#primitive-types */
const PRIMITIVE =
  /^(?:boolean|int|long|float|double|date|time|timestamp|timestamptz|timestamp_ns|timestamptz_ns|string|uuid|binary|fixed\[\d+\]|decimal\(\d+,\s*\d+\))$/;

const FIRST_PARTITION_ID = 1000;

/** @throws {AwsError} `BadRequestException` */
export function toDefinition(given: Definition): Pick<NewTable, "schema" | "spec" | "order" | "properties"> {
  const { schema, schemaV2, partitionSpec, writeOrder, properties } = given;
  if ((schema === undefined) === (schemaV2 === undefined)) {
    throw schemaInvalid("Exactly one of schema and schemaV2 must be specified.");
  }
  const made = schema === undefined ? toNestedSchema(schemaV2) : toFlatSchema(schema);
  requireNames(made);
  return {
    schema: made,
    ...(partitionSpec && { spec: toSpec(partitionSpec, made) }),
    ...(writeOrder && { order: toOrder(writeOrder, made) }),
    ...(properties && { properties }),
  };
}

/** Fields without ids get the next ones. */
function toFlatSchema({ fields }: NonNullable<Definition["schema"]>): Schema {
  const given = fields.map(({ id }) => id ?? 0);
  let next = Math.max(0, ...given);
  return {
    type: "struct",
    "schema-id": 0,
    fields: fields.map(({ id, name, type, required = false }) => {
      if (!PRIMITIVE.test(type)) throw schemaInvalid(`Cannot parse type string to primitive: ${type}`);
      next += id === undefined ? 1 : 0;
      return { id: id ?? next, name, required, type };
    }),
  };
}

function toNestedSchema(schema: Definition["schemaV2"]): Schema {
  if (schema === undefined) throw schemaInvalid("A schema must be specified.");
  const { schemaId = 0, identifierFieldIds, fields } = schema;
  return {
    type: schema.type,
    "schema-id": schemaId,
    ...(identifierFieldIds && { "identifier-field-ids": identifierFieldIds }),
    fields: fields.map(({ id, name, type, required, doc }) => {
      if (typeof type === "string" && !PRIMITIVE.test(type)) {
        throw schemaInvalid(`Cannot parse type string to primitive: ${type}`);
      }
      return { id, name, required, type, ...(doc !== undefined && { doc }) };
    }),
  };
}

/** @throws {AwsError} `BadRequestException` */
function requireNames({ fields }: Schema): void {
  const names = new Set(fields.map(({ name }) => name));
  const ids = new Set(fields.map(({ id }) => id));
  if (names.size < fields.length) throw schemaInvalid("Field names must be unique.");
  if (ids.size < fields.length) throw schemaInvalid("Field IDs must be unique.");
}

/** @throws {AwsError} `BadRequestException` */
function requireField(sourceId: number, { fields }: Schema): void {
  if (!fields.some(({ id }) => id === sourceId)) throw schemaInvalid(`Cannot find source column: ${sourceId}`);
}

function toSpec({ specId = 0, fields }: NonNullable<Definition["partitionSpec"]>, schema: Schema): PartitionSpec {
  return {
    "spec-id": specId,
    fields: fields.map(({ sourceId, transform, name, fieldId }, at) => {
      requireField(sourceId, schema);
      return { name, transform, "source-id": sourceId, "field-id": fieldId ?? FIRST_PARTITION_ID + at };
    }),
  };
}

function toOrder({ orderId, fields }: NonNullable<Definition["writeOrder"]>, schema: Schema): SortOrder {
  return {
    "order-id": orderId,
    fields: fields.map(({ sourceId, transform, direction, nullOrder }) => {
      requireField(sourceId, schema);
      return { transform, "source-id": sourceId, direction, "null-order": nullOrder };
    }),
  };
}
