/** What metadata tables say of an object, or a delete marker. */
import type { StoredObject } from "../object/object.ts";
import { storageClassOf } from "../storage-class/storage-class.ts";
import { isMarker, type StoredVersion } from "../version/row.ts";

/** As JSON has it: times in milliseconds. */
export interface ObjectRow {
  readonly version_id?: string;
  readonly is_delete_marker?: boolean;
  readonly size?: number;
  readonly last_modified_date?: number;
  readonly e_tag?: string;
  readonly storage_class?: string;
  readonly is_multipart?: boolean;
  readonly encryption_status?: string;
  readonly is_bucket_key_enabled?: boolean;
  readonly kms_key_arn?: string;
  readonly checksum_algorithm?: string;
  readonly object_tags?: Readonly<Record<string, string>>;
  readonly user_metadata?: Readonly<Record<string, string>>;
}

const ENCRYPTIONS = { AES256: "SSE-S3", "aws:kms": "SSE-KMS", "aws:kms:dsse": "DSSE-KMS", "SSE-C": "SSE-C" } as const;

export function objectRow(version: StoredVersion): ObjectRow {
  const id = version.versionId === undefined ? {} : { version_id: version.versionId };
  if (isMarker(version)) return { ...id, is_delete_marker: true, last_modified_date: version.modifiedAtMs };
  return {
    ...id,
    is_delete_marker: false,
    size: version.size,
    last_modified_date: version.modifiedAtMs,
    e_tag: version.etag,
    storage_class: storageClassOf(version),
    is_multipart: version.etag.includes("-"),
    ...encryptionOf(version),
    checksum_algorithm: version.checksum.algorithm,
    object_tags: version.tags,
    user_metadata: version.userMetadata,
  };
}

function encryptionOf({ encryption = { kind: "AES256" } }: StoredObject): ObjectRow {
  const encryption_status = ENCRYPTIONS[encryption.kind];
  if (encryption.kind !== "aws:kms" && encryption.kind !== "aws:kms:dsse") {
    return { encryption_status, is_bucket_key_enabled: false };
  }
  const { bucketKey, keyArn: kms_key_arn } = encryption;
  return { encryption_status, is_bucket_key_enabled: bucketKey, kms_key_arn };
}
