/**
 * The columns of an inventory.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html (Amazon S3 Inventory list)
 */
import type { InventoryConfiguration, InventoryOptionalField } from "@aws-sdk/client-s3";
import type { Bucket } from "../bucket/row.ts";
import { expirationOf } from "../lifecycle/due.ts";
import type { Rule } from "../lifecycle/rule.ts";
import type { StoredObject } from "../object/object.ts";
import { canonicalIdOfOwner } from "../acl/owner.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { isMarker } from "../version/row.ts";
import type { ListedVersion } from "../version/walk.ts";
import { formatAclColumn } from "./inventory-acl.ts";

export interface Listed extends ListedVersion {
  readonly bucket: Bucket;
  /** The rules by which objects expire. */
  readonly rules: readonly Rule[];
}

type ColumnType = "text" | "number" | "flag" | "time";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** `undefined`: there is nothing to say, as of delete markers for the most part. */
  readonly valueOf: (listed: Listed) => string | number | boolean | Date | undefined;
}

type Said = Omit<Column, "name">;

/** Of objects alone. */
const said = (
  type: ColumnType,
  valueOf: (object: StoredObject, listed: Listed) => ReturnType<Column["valueOf"]>,
): Said => ({
  type,
  valueOf: (listed) => (isMarker(listed.version) ? undefined : valueOf(listed.version, listed)),
});

const text = (valueOf: (object: StoredObject, listed: Listed) => string | undefined): Said => said("text", valueOf);

const time = (valueOf: (object: StoredObject, listed: Listed) => number | undefined): Said =>
  said("time", (object, listed) => {
    const ms = valueOf(object, listed);
    return ms === undefined ? undefined : new Date(ms);
  });

const ENCRYPTIONS = { AES256: "SSE-S3", "aws:kms": "SSE-KMS", "aws:kms:dsse": "DSSE-KMS", "SSE-C": "SSE-C" } as const;

const TIERS = { ARCHIVE_ACCESS: "ARCHIVE", DEEP_ARCHIVE_ACCESS: "DEEP_ARCHIVE" } as const;

/** In the order in which lists have them. */
const OPTIONAL: Readonly<Record<InventoryOptionalField, Said>> = {
  Size: said("number", ({ size }) => size),
  LastModifiedDate: { type: "time", valueOf: ({ version }) => new Date(version.modifiedAtMs) },
  ETag: text(({ etag }) => etag),
  StorageClass: text((object) => storageClassOf(object)),
  IsMultipartUploaded: said("flag", ({ etag }) => etag.includes("-")),
  ReplicationStatus: text(({ replication }) => replication?.status),
  EncryptionStatus: text(({ encryption }) => ENCRYPTIONS[encryption?.kind ?? "AES256"]),
  ObjectLockRetainUntilDate: time(({ retention }) => retention?.untilMs),
  ObjectLockMode: text(({ retention }) => retention?.mode),
  ObjectLockLegalHoldStatus: text(({ legalHold }) => legalHold),
  ObjectLockEventHoldDuration: text(() => undefined),
  ObjectLockEventHoldStatus: text(({ retention }) => retention?.eventHold?.status),
  IntelligentTieringAccessTier: text(({ storageClass, archiveTier }) =>
    storageClass === "INTELLIGENT_TIERING" ? (archiveTier ? TIERS[archiveTier] : "FREQUENT") : undefined,
  ),
  IntelligentTieringReferenceDate: time(() => undefined),
  BucketKeyStatus: text(({ encryption }) =>
    encryption?.kind === "aws:kms" && encryption.bucketKey ? "ENABLED" : "DISABLED",
  ),
  ChecksumAlgorithm: text(({ checksum }) => checksum.algorithm),
  ObjectAccessControlList: text((object, { bucket }) => formatAclColumn(object, bucket)),
  ObjectOwner: text(({ owner }, { bucket }) => canonicalIdOfOwner(owner ?? bucket.owner)),
  LifecycleExpirationDate: time((object, { isLatest, rules }) =>
    isLatest ? expirationOf(object, rules)?.dueMs : undefined,
  ),
};

export const isColumn = (field: string): field is InventoryOptionalField => Object.hasOwn(OPTIONAL, field);

const OF_ALL: readonly Column[] = [
  { name: "Bucket", type: "text", valueOf: ({ bucket }) => bucket.name },
  { name: "Key", type: "text", valueOf: ({ key }) => key },
];

const OF_VERSIONS: readonly Column[] = [
  { name: "VersionId", type: "text", valueOf: ({ version }) => version.versionId },
  { name: "IsLatest", type: "flag", valueOf: ({ isLatest }) => isLatest },
  { name: "IsDeleteMarker", type: "flag", valueOf: ({ version }) => isMarker(version) },
];

export function columnsOf({ IncludedObjectVersions, OptionalFields = [] }: InventoryConfiguration): readonly Column[] {
  const wanted = new Set<string>(OptionalFields);
  const optional = Object.entries(OPTIONAL).filter(([name]) => wanted.has(name));
  return [
    ...OF_ALL,
    ...(IncludedObjectVersions === "All" ? OF_VERSIONS : []),
    ...optional.map(([name, column]) => ({ name, ...column })),
  ];
}
