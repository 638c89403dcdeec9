/**
 * What rules do, as the bucket's log of accesses has it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-and-other-bucket-config.html (Lifecycle and logging)
 */
import type { ChangeKind } from "../object/change.ts";
import { lifecycleAction } from "../logging/access-log.ts";
import { requestIdOf } from "../notification/request-id.ts";
import { storageClassOf, type StorageClass } from "../storage-class/storage-class.ts";
import type { Upload } from "../upload/row.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";
import type { Round } from "./stage.ts";

type Where = Pick<Round, "bucket" | "context">;

export function logChange(kind: ChangeKind, version: StoredVersion, { bucket, context }: Where): Promise<void> {
  const { key, versionId } = version;
  const size = isMarker(version) ? undefined : version.size;
  const operation = operationOf(kind, version);
  const requestId = requestIdOf(context);
  return lifecycleAction(
    { bucket, operation, requestId, atMs: context.now().getTime(), key, versionId, size },
    context,
  );
}

export function logGivenUp({ key }: Upload, { bucket, context }: Where): Promise<void> {
  const requestId = requestIdOf(context);
  const atMs = context.now().getTime();
  return lifecycleAction({ bucket, operation: "S3.DELETE.UPLOAD", requestId, atMs, key }, context);
}

function operationOf(kind: ChangeKind, version: StoredVersion): string {
  if (kind === "LifecycleExpiration:DeleteMarkerCreated") return "S3.CREATE.DELETEMARKER";
  if (kind !== "LifecycleTransition" || isMarker(version)) return "S3.EXPIRE.OBJECT";
  return `S3.TRANSITION${SHORT_NAMES[storageClassOf(version)] ?? ""}.OBJECT`;
}

/** That of Glacier came first and has none. */
const SHORT_NAMES: Readonly<Partial<Record<StorageClass, string>>> = {
  STANDARD_IA: "_SIA",
  ONEZONE_IA: "_ZIA",
  INTELLIGENT_TIERING: "_INT",
  GLACIER_IR: "_GIR",
  DEEP_ARCHIVE: "_GDA",
};
