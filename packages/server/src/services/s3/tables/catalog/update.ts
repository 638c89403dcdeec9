/**
 * What a commit changes of a table's metadata.
 * Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (TableUpdate),
 * https://iceberg.apache.org/spec/#table-metadata-fields
 */
import { findOwn } from "../../../../kernel/lookup.ts";
import { requestInvalid } from "../errors.ts";
import { IdList } from "./id-list.ts";
import { isJson, numberIn, requireJson, textIn, valuesIn, type Json } from "./json.ts";
import { highestFieldId, requireSchema, requireSortOrder, withFieldIds } from "./field.ts";
import { SnapshotList, type StatisticsName } from "./snapshot-list.ts";

/** A table's metadata while a commit changes it: each update costs what it says, however much there is. */
interface Draft {
  readonly before: Json;
  readonly nowMs: number;
  readonly schemas: IdList;
  readonly specs: IdList;
  readonly orders: IdList;
  readonly snapshots: SnapshotList;
  readonly properties: Map<string, unknown>;
  formatVersion: number;
  lastColumnId: number;
  lastPartitionId: number;
}

const SCHEMAS = { list: "schemas", id: "schema-id", current: "current-schema-id" };
const SPECS = { list: "partition-specs", id: "spec-id", current: "default-spec-id" };
const ORDERS = { list: "sort-orders", id: "order-id", current: "default-sort-order-id" };

const propertiesOf = ({ properties }: Json): Json => (isJson(properties) ? properties : {});

const draftOf = (before: Json, nowMs: number): Draft => ({
  before,
  nowMs,
  schemas: new IdList(before, SCHEMAS),
  specs: new IdList(before, SPECS),
  orders: new IdList(before, ORDERS),
  snapshots: new SnapshotList(before),
  properties: new Map(Object.entries(propertiesOf(before))),
  formatVersion: numberIn(before, "format-version"),
  lastColumnId: numberIn(before, "last-column-id"),
  lastPartitionId: numberIn(before, "last-partition-id"),
});

const taken = ({ before, nowMs, schemas, specs, orders, snapshots, properties, ...facts }: Draft): Json => {
  const { statistics: _files, "partition-statistics": _more, ...rest } = before;
  return {
    ...rest,
    "format-version": facts.formatVersion,
    "last-updated-ms": nowMs,
    "last-column-id": facts.lastColumnId,
    ...schemas.taken(),
    ...specs.taken(),
    "last-partition-id": facts.lastPartitionId,
    ...orders.taken(),
    properties: Object.fromEntries(properties),
    ...snapshots.taken(),
  };
};

type Apply = (update: Json, draft: Draft) => void;

const described =
  (name: StatisticsName): Apply =>
  (update, { snapshots }) =>
    snapshots.describe(name, requireJson(update[name], name));

const undescribed =
  (name: StatisticsName): Apply =>
  (update, { snapshots }) =>
    snapshots.undescribe(name, update["snapshot-id"]);

const APPLIED: Readonly<Record<string, Apply>> = {
  // Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (AssignUUIDUpdate: it is not safe to re-assign it)
  "assign-uuid"(update, { before }) {
    if (textIn(update, "uuid") !== before["table-uuid"]) throw requestInvalid("Cannot reassign uuid");
  },
  "upgrade-format-version"(update, draft) {
    const version = numberIn(update, "format-version");
    if (version > FORMAT_VERSION_MAX)
      throw requestInvalid(`Cannot upgrade table to unsupported format version: v${version}`);
    if (version < draft.formatVersion) {
      throw requestInvalid(`Cannot downgrade v${draft.formatVersion} table to v${version}`);
    }
    draft.formatVersion = version;
  },
  "add-schema"(update, draft) {
    const schema = requireSchema(update["schema"]);
    draft.schemas.add(schema);
    draft.lastColumnId = Math.max(draft.lastColumnId, highestFieldId(schema));
  },
  "set-current-schema": (update, { schemas }) => schemas.choose(numberIn(update, "schema-id")),
  "remove-schemas": (update, { schemas }) => schemas.remove(valuesIn(update, "schema-ids")),
  "add-spec"(update, draft) {
    const { spec, lastId } = withFieldIds(requireJson(update["spec"], "spec"), draft.lastPartitionId);
    draft.specs.add(spec);
    draft.lastPartitionId = lastId;
  },
  "set-default-spec": (update, { specs }) => specs.choose(numberIn(update, "spec-id")),
  "remove-partition-specs": (update, { specs }) => specs.remove(valuesIn(update, "spec-ids")),
  "add-sort-order": (update, { orders }) => orders.add(requireSortOrder(update["sort-order"])),
  "set-default-sort-order": (update, { orders }) => orders.choose(numberIn(update, "sort-order-id")),
  "add-snapshot": (update, { snapshots }) => snapshots.add(requireJson(update["snapshot"], "snapshot")),
  "set-snapshot-ref": (update, { snapshots, nowMs }) => snapshots.point(update, nowMs),
  "remove-snapshot-ref": (update, { snapshots }) => snapshots.unpoint(textIn(update, "ref-name")),
  "remove-snapshots": (update, { snapshots }) => snapshots.remove(valuesIn(update, "snapshot-ids")),
  "set-statistics": described("statistics"),
  "remove-statistics": undescribed("statistics"),
  "set-partition-statistics": described("partition-statistics"),
  "remove-partition-statistics": undescribed("partition-statistics"),
  "set-properties"(update, { properties }) {
    const given = requireJson(update["updates"] ?? update["updated"], "updates");
    for (const [name, value] of Object.entries(given)) properties.set(name, value);
  },
  "remove-properties"(update, { properties }) {
    for (const name of valuesIn(update, "removals")) properties.delete(String(name));
  },
  // Source: the consideration that a table stays where S3 Tables has put it
  "set-location"(update, { before }) {
    if (textIn(update, "location") !== before["location"]) {
      throw requestInvalid("The location of a table cannot be changed.");
    }
  },
};

/** Source: https://iceberg.apache.org/spec/#format-versioning */
const FORMAT_VERSION_MAX = 3;

/** The metadata as it is with all updates, one after the other. @throws {AwsError} `BadRequestException` */
export function withUpdates(before: Json, updates: readonly Json[], nowMs: number): Json {
  const draft = draftOf(before, nowMs);
  for (const update of updates) {
    const action = textIn(update, "action");
    const apply = findOwn(APPLIED, action);
    if (apply === undefined) throw requestInvalid(`Unsupported update: ${action}`);
    apply(update, draft);
  }
  return taken(draft);
}
