/**
 * The columns of an inventory.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-inventory.html (Amazon S3 Inventory list)
 */
import type { InventoryConfiguration, InventoryOptionalField } from "@aws-sdk/client-s3";
import type { Bucket } from "../bucket-row.ts";
import { expirationOf } from "../lifecycle/due.ts";
import type { Rule } from "../lifecycle/rule.ts";
import type { StoredObject } from "../object.ts";
import { canonicalIdOfOwner } from "../owner.ts";
import { storageClassOf } from "../storage-class.ts";
import { isMarker } from "../version-row.ts";
import type { ListedVersion } from "../version-walk.ts";
import { formatAclColumn } from "./inventory-acl.ts";

interface Listed extends ListedVersion {
  readonly bucket: Bucket;
  /** The rules by which objects expire. */
  readonly rules: readonly Rule[];
}

interface Column {
  readonly name: string;
  readonly valueOf: (listed: Listed) => string;
}

const flag = (is: boolean): string => String(is);

/** Without value for delete markers. */
const ofObject =
  (valueOf: (object: StoredObject, listed: Listed) => string | undefined) =>
  (listed: Listed): string =>
    isMarker(listed.version) ? "" : (valueOf(listed.version, listed) ?? "");

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

const ENCRYPTIONS = { AES256: "SSE-S3", "aws:kms": "SSE-KMS", "aws:kms:dsse": "DSSE-KMS", "SSE-C": "SSE-C" } as const;

const TIERS = { ARCHIVE_ACCESS: "ARCHIVE", DEEP_ARCHIVE_ACCESS: "DEEP_ARCHIVE" } as const;

/** In the order in which lists have them. */
const OPTIONAL: Readonly<Record<InventoryOptionalField, (listed: Listed) => string>> = {
  Size: ofObject(({ size }) => String(size)),
  LastModifiedDate: ({ version }) => new Date(version.modifiedAtMs).toISOString(),
  ETag: ofObject(({ etag }) => etag),
  StorageClass: ofObject((object) => storageClassOf(object)),
  IsMultipartUploaded: ofObject(({ etag }) => flag(etag.includes("-"))),
  ReplicationStatus: ofObject(({ replication }) => replication?.status),
  EncryptionStatus: ofObject(({ encryption }) => ENCRYPTIONS[encryption?.kind ?? "AES256"]),
  ObjectLockRetainUntilDate: ofObject(({ retention }) => timeOf(retention?.untilMs)),
  ObjectLockMode: ofObject(({ retention }) => retention?.mode),
  ObjectLockLegalHoldStatus: ofObject(({ legalHold }) => legalHold),
  ObjectLockEventHoldDuration: ofObject(() => undefined),
  ObjectLockEventHoldStatus: ofObject(() => undefined),
  IntelligentTieringAccessTier: ofObject(({ storageClass, archiveTier }) =>
    storageClass === "INTELLIGENT_TIERING" ? (archiveTier ? TIERS[archiveTier] : "FREQUENT") : undefined,
  ),
  IntelligentTieringReferenceDate: ofObject(() => undefined),
  BucketKeyStatus: ofObject(({ encryption }) =>
    encryption?.kind === "aws:kms" ? (encryption.bucketKey ? "ENABLED" : "DISABLED") : "DISABLED",
  ),
  ChecksumAlgorithm: ofObject(({ checksum }) => checksum.algorithm),
  ObjectAccessControlList: ofObject((object, { bucket }) => formatAclColumn(object, bucket)),
  ObjectOwner: ofObject(({ owner }, { bucket }) => canonicalIdOfOwner(owner ?? bucket.owner)),
  LifecycleExpirationDate: ofObject((object, { isLatest, rules }) =>
    isLatest ? timeOf(expirationOf(object, rules)?.dueMs) : undefined,
  ),
};

export const isColumn = (field: string): field is InventoryOptionalField => field in OPTIONAL;

const OF_ALL: readonly Column[] = [
  { name: "Bucket", valueOf: ({ bucket }) => bucket.name },
  { name: "Key", valueOf: ({ key }) => encodeURIComponent(key).replaceAll("%2F", "/") },
];

const OF_VERSIONS: readonly Column[] = [
  { name: "VersionId", valueOf: ({ version }) => version.versionId ?? "" },
  { name: "IsLatest", valueOf: ({ isLatest }) => flag(isLatest) },
  { name: "IsDeleteMarker", valueOf: ({ version }) => flag(isMarker(version)) },
];

export function columnsOf({ IncludedObjectVersions, OptionalFields = [] }: InventoryConfiguration): readonly Column[] {
  const wanted = new Set<string>(OptionalFields);
  const optional = Object.entries(OPTIONAL).filter(([name]) => wanted.has(name));
  return [
    ...OF_ALL,
    ...(IncludedObjectVersions === "All" ? OF_VERSIONS : []),
    ...optional.map(([name, valueOf]) => ({ name, valueOf })),
  ];
}

/** A line of a file: all values in quotes. */
export const formatLine = (columns: readonly Column[], listed: Listed): string =>
  `${columns.map(({ valueOf }) => `"${valueOf(listed).replaceAll('"', '""')}"`).join(",")}\n`;
