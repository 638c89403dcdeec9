/**
 * What has to be so of a table for a commit to be taken.
 * Source: https://github.com/apache/iceberg/blob/main/open-api/rest-catalog-open-api.yaml (TableRequirement)
 */
import { findOwn } from "../../../../kernel/lookup.ts";
import { commitFailed, requestInvalid } from "../errors.ts";
import { idOf, isJson, textIn, type Json } from "./json.ts";

type Check = (asked: Json, metadata: Json | undefined) => boolean;

/** Whether what the table has under `member` is what is asked for under `as`. */
const same =
  (member: string, as: string): Check =>
  (asked, metadata) =>
    metadata?.[member] === asked[as];

const CHECKS: Readonly<Record<string, Check>> = {
  "assert-create": (_asked, metadata) => metadata === undefined,
  "assert-table-uuid": same("table-uuid", "uuid"),
  "assert-ref-snapshot-id": (asked, metadata) =>
    (snapshotOf(textIn(asked, "ref"), metadata) ?? null) === (idOf(asked["snapshot-id"]) ?? null),
  "assert-last-assigned-field-id": same("last-column-id", "last-assigned-field-id"),
  "assert-current-schema-id": same("current-schema-id", "current-schema-id"),
  "assert-last-assigned-partition-id": same("last-partition-id", "last-assigned-partition-id"),
  "assert-default-spec-id": same("default-spec-id", "default-spec-id"),
  "assert-default-sort-order-id": same("default-sort-order-id", "default-sort-order-id"),
};

function snapshotOf(ref: string, metadata: Json | undefined): unknown {
  const refs = metadata?.["refs"];
  const found = isJson(refs) ? findOwn(refs, ref) : undefined;
  return isJson(found) ? idOf(found["snapshot-id"]) : undefined;
}

/** @throws {AwsError} `ConflictException`, `BadRequestException` */
export function requireAll(requirements: readonly Json[], metadata: Json | undefined): void {
  for (const asked of requirements) {
    const type = textIn(asked, "type");
    const check = findOwn(CHECKS, type);
    if (check === undefined) throw requestInvalid(`Unknown requirement type: ${type}`);
    if (!check(asked, metadata)) throw commitFailed(type);
  }
}
