/** Ids of columns, and of fields by which a table is partitioned. */
import { requestInvalid } from "../errors.ts";
import { isJson, numberIn, requireJson, textIn, type Json } from "./json.ts";

/** @throws {AwsError} `BadRequestException` where it has none */
function fieldsIn(document: Json): readonly Json[] {
  const { fields } = document;
  if (!Array.isArray(fields)) throw requestInvalid("fields must be a list.");
  return fields.map((field: unknown) => requireJson(field, "field"));
}

/** @throws {AwsError} `BadRequestException` */
export function requireSchema(value: unknown): Json {
  const schema = requireJson(value, "schema");
  for (const field of fieldsIn(schema)) {
    numberIn(field, "id");
    textIn(field, "name");
    if (!isJson(field["type"])) textIn(field, "type");
  }
  return schema;
}

/** @throws {AwsError} `BadRequestException` */
export function requireSortOrder(value: unknown): Json {
  const order = requireJson(value, "sort-order");
  fieldsIn(order);
  return order;
}

const ID_NAMES: ReadonlySet<string> = new Set(["id", "element-id", "key-id", "value-id"]);

/** Of all columns, those inside of others included; 0 where there is none. */
export function highestFieldId(type: unknown): number {
  if (typeof type !== "object" || type === null) return 0;
  return Object.entries(type).reduce((highest, [name, value]: [string, unknown]) => {
    const isId = typeof value === "number" && ID_NAMES.has(name);
    return Math.max(highest, isId ? value : highestFieldId(value));
  }, 0);
}

interface Numbered {
  readonly spec: Json;
  readonly lastId: number;
}

/**
 * A way to be partitioned, whose fields have ids: those that the client left out are the next ones.
 * Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (PartitionField: `field-id` is not required)
 *
 * @throws {AwsError} `BadRequestException`
 */
export function withFieldIds(spec: Json, before: number): Numbered {
  const given = fieldsIn(spec);
  let lastId = given.reduce(
    (highest, field) => (field["field-id"] === undefined ? highest : Math.max(highest, numberIn(field, "field-id"))),
    before,
  );
  const fields = given.map((field) => (field["field-id"] === undefined ? { ...field, "field-id": ++lastId } : field));
  return { spec: { ...spec, fields }, lastId };
}
