/**
 * What a commit changes of a table's metadata.
 * Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (TableUpdate),
 * https://iceberg.apache.org/spec/#table-metadata-fields
 */
import { findOwn } from "../../../../kernel/lookup.ts";
import { requestInvalid } from "../errors.ts";
import { idOf, isJson, listIn, numberIn, requireJson, textIn, valuesIn, type Json } from "./json.ts";

interface Change {
  readonly update: Json;
  readonly metadata: Json;
  readonly nowMs: number;
}

type Apply = (change: Change) => Json;

/** Stands for what was added last. */
const LAST_ADDED = -1;

/** An update that adds to a list, and one that names what counts of it. */
interface Listed {
  readonly list: string;
  readonly id: string;
  readonly member: string;
  readonly current: string;
}

const SCHEMAS: Listed = { list: "schemas", id: "schema-id", member: "schema", current: "current-schema-id" };
const SPECS: Listed = { list: "partition-specs", id: "spec-id", member: "spec", current: "default-spec-id" };
const ORDERS: Listed = { list: "sort-orders", id: "order-id", member: "sort-order", current: "default-sort-order-id" };

const added =
  ({ list, id, member }: Listed, besides: (added: Json, metadata: Json) => Json = () => ({})): Apply =>
  ({ update, metadata }) => {
    const given = requireJson(update[member], member);
    const before = listIn(metadata, list);
    const taken = before.some((each) => each[id] === given[id]);
    const next = 1 + Math.max(-1, ...before.map((each) => numberIn(each, id)));
    const made = taken || numberIn(given, id) < 0 ? { ...given, [id]: next } : given;
    return { ...metadata, [list]: [...before, made], ...besides(made, metadata) };
  };

const chosen =
  ({ list, id, current }: Listed, named = id): Apply =>
  ({ update, metadata }) => {
    const asked = numberIn(update, named);
    const last = listIn(metadata, list).at(-1);
    const value = asked === LAST_ADDED && last !== undefined ? numberIn(last, id) : asked;
    if (!listIn(metadata, list).some((each) => each[id] === value)) throw requestInvalid(`Cannot find ${id} ${asked}`);
    return { ...metadata, [current]: value };
  };

const without =
  ({ list, id }: Listed, named: string): Apply =>
  ({ update, metadata }) => {
    const gone = valuesIn(update, named);
    return { ...metadata, [list]: listIn(metadata, list).filter((each) => !gone.includes(each[id])) };
  };

const APPLIED: Readonly<Record<string, Apply>> = {
  "assign-uuid": ({ update, metadata }) => ({ ...metadata, "table-uuid": textIn(update, "uuid") }),
  "upgrade-format-version": ({ update, metadata }) => ({
    ...metadata,
    "format-version": numberIn(update, "format-version"),
  }),
  "add-schema": added(SCHEMAS, (schema, metadata) => ({
    "last-column-id": Math.max(numberIn(metadata, "last-column-id"), ...fieldIdsIn(schema)),
  })),
  "set-current-schema": chosen(SCHEMAS),
  "remove-schemas": without(SCHEMAS, "schema-ids"),
  "add-spec": added(SPECS, (spec, metadata) => ({
    "last-partition-id": Math.max(
      numberIn(metadata, "last-partition-id"),
      ...listIn(spec, "fields").map((field) => numberIn(field, "field-id")),
    ),
  })),
  "set-default-spec": chosen(SPECS),
  "remove-partition-specs": without(SPECS, "spec-ids"),
  "add-sort-order": added(ORDERS),
  "set-default-sort-order": chosen(ORDERS, "sort-order-id"),
  "add-snapshot": addSnapshot,
  "set-snapshot-ref": setRef,
  "remove-snapshot-ref": ({ update, metadata }) => withoutRef(textIn(update, "ref-name"), metadata),
  "remove-snapshots": removeSnapshots,
  "set-properties": ({ update, metadata }) => ({
    ...metadata,
    properties: { ...propertiesOf(metadata), ...requireJson(update["updates"] ?? update["updated"], "updates") },
  }),
  "remove-properties": ({ update, metadata }) => {
    const gone = valuesIn(update, "removals");
    const kept = Object.entries(propertiesOf(metadata)).filter(([name]) => !gone.includes(name));
    return { ...metadata, properties: Object.fromEntries(kept) };
  },
  // Source: the consideration that a table stays where S3 Tables has put it
  "set-location": ({ update, metadata }) => {
    if (textIn(update, "location") !== metadata["location"])
      throw requestInvalid("The location of a table cannot be changed.");
    return metadata;
  },
};

const propertiesOf = ({ properties }: Json): Json => (isJson(properties) ? properties : {});

function addSnapshot({ update, metadata }: Change): Json {
  const snapshot = requireJson(update["snapshot"], "snapshot");
  const last = numberIn(metadata, "last-sequence-number");
  const sequence = snapshot["sequence-number"] === undefined ? last : numberIn(snapshot, "sequence-number");
  return {
    ...metadata,
    "last-sequence-number": Math.max(last, sequence),
    snapshots: [...listIn(metadata, "snapshots"), snapshot],
  };
}

function setRef({ update, metadata, nowMs }: Change): Json {
  const { action: _set, "ref-name": _name, ...ref } = update;
  const name = textIn(update, "ref-name");
  const { "snapshot-id": id } = update;
  if (!listIn(metadata, "snapshots").some((each) => idOf(each["snapshot-id"]) === idOf(id))) {
    throw requestInvalid(`Cannot set ${name} to unknown snapshot: ${JSON.stringify(id)}`);
  }
  const refs = { ...(isJson(metadata["refs"]) && metadata["refs"]), [name]: ref };
  if (name !== "main") return { ...metadata, refs };
  const log = [...listIn(metadata, "snapshot-log"), { "snapshot-id": id, "timestamp-ms": nowMs }];
  return { ...metadata, refs, "current-snapshot-id": id, "snapshot-log": log };
}

function withoutRef(name: string, metadata: Json): Json {
  const refs = isJson(metadata["refs"]) ? metadata["refs"] : {};
  const kept = Object.fromEntries(Object.entries(refs).filter(([other]) => other !== name));
  return { ...metadata, refs: kept, ...(name === "main" && { "current-snapshot-id": LAST_ADDED }) };
}

function removeSnapshots({ update, metadata }: Change): Json {
  const gone = new Set(valuesIn(update, "snapshot-ids").map(idOf));
  const stays = (each: Json): boolean => !gone.has(idOf(each["snapshot-id"]));
  return {
    ...metadata,
    snapshots: listIn(metadata, "snapshots").filter((each) => stays(each)),
    "snapshot-log": listIn(metadata, "snapshot-log").filter((each) => stays(each)),
  };
}

/** Of all fields, those inside of others included. */
export function fieldIdsIn(type: unknown): readonly number[] {
  if (Array.isArray(type)) return type.flatMap((each: unknown) => fieldIdsIn(each));
  if (!isJson(type)) return [];
  return Object.entries(type).flatMap(([name, value]) => {
    const isId = name === "id" || name === "element-id" || name === "key-id" || name === "value-id";
    return isId && typeof value === "number" ? [value] : fieldIdsIn(value);
  });
}

/** The metadata as it is with all updates, one after the other. @throws {AwsError} `BadRequestException` */
export function withUpdates(before: Json, updates: readonly Json[], nowMs: number): Json {
  let metadata: Json = before;
  for (const update of updates) {
    const action = textIn(update, "action");
    const apply = findOwn(APPLIED, action);
    if (apply === undefined) throw requestInvalid(`Unsupported update: ${action}`);
    metadata = apply({ update, metadata, nowMs });
  }
  return { ...metadata, "last-updated-ms": nowMs };
}
