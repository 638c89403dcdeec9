/** Ids of columns, and of fields by which a table is partitioned. */
import { listIn, numberIn, type Json } from "./json.ts";

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
 */
export function withFieldIds(spec: Json, before: number): Numbered {
  let lastId = listIn(spec, "fields").reduce(
    (highest, field) => (field["field-id"] === undefined ? highest : Math.max(highest, numberIn(field, "field-id"))),
    before,
  );
  const fields = listIn(spec, "fields").map((field) =>
    field["field-id"] === undefined ? { ...field, "field-id": ++lastId } : field,
  );
  return { spec: { ...spec, fields }, lastId };
}
