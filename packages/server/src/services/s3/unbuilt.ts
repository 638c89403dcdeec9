/** Parameters of built operations that have no effect here yet: refused, never dropped. */
import { invalidEncryption, invalidStorageClass, notImplemented } from "./errors.ts";

/**
 * `parameters` by the header they travel in.
 *
 * @throws {AwsError} `NotImplemented` where one of them has a value.
 */
export function refuseUnbuilt(parameters: Readonly<Record<string, unknown>>): void {
  const header = Object.keys(parameters).find((name) => parameters[name] !== undefined);
  if (header !== undefined) throw notImplemented(header);
}

/** What may be said about how an object is kept, by any operation that writes one. */
export interface Keeping {
  readonly StorageClass?: string | undefined;
  readonly ServerSideEncryption?: string | undefined;
  readonly SSEKMSKeyId?: string | undefined;
  readonly SSEKMSEncryptionContext?: string | undefined;
  readonly BucketKeyEnabled?: boolean | undefined;
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** @throws {AwsError} */
export function refuseUnbuiltKeeping(input: Keeping & CustomerKey): void {
  const { StorageClass = "STANDARD", ServerSideEncryption = "AES256" } = input;
  refuseCustomerKey(input);
  if (!STORAGE_CLASSES.has(StorageClass)) throw invalidStorageClass(StorageClass);
  if (!ENCRYPTIONS.has(ServerSideEncryption)) throw invalidEncryption(ServerSideEncryption);
  refuseUnbuilt({
    "x-amz-storage-class": StorageClass === "STANDARD" ? undefined : StorageClass,
    "x-amz-server-side-encryption": ServerSideEncryption === "AES256" ? undefined : ServerSideEncryption,
    "x-amz-server-side-encryption-aws-kms-key-id": input.SSEKMSKeyId,
    "x-amz-server-side-encryption-context": input.SSEKMSEncryptionContext,
    "x-amz-server-side-encryption-bucket-key-enabled": input.BucketKeyEnabled || undefined,
    "x-amz-website-redirect-location": input.WebsiteRedirectLocation,
    "x-amz-object-lock-mode": input.ObjectLockMode,
    "x-amz-object-lock-retain-until-date": input.ObjectLockRetainUntilDate,
    "x-amz-object-lock-legal-hold": input.ObjectLockLegalHoldStatus,
  });
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (x-amz-storage-class) */
const STORAGE_CLASSES = new Set([
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "ONEZONE_IA",
  "INTELLIGENT_TIERING",
  "GLACIER",
  "DEEP_ARCHIVE",
  "OUTPOSTS",
  "GLACIER_IR",
  "SNOW",
  "EXPRESS_ONEZONE",
  "FSX_OPENZFS",
  "FSX_ONTAP",
]);

const ENCRYPTIONS = new Set(["AES256", "aws:kms", "aws:kms:dsse", "aws:fsx"]);

/** A key of the caller's own, for the object or for the source of a copy. */
export interface CustomerKey {
  readonly SSECustomerAlgorithm?: string | undefined;
  readonly SSECustomerKey?: string | undefined;
  readonly SSECustomerKeyMD5?: string | undefined;
  readonly CopySourceSSECustomerAlgorithm?: string | undefined;
  readonly CopySourceSSECustomerKey?: string | undefined;
  readonly CopySourceSSECustomerKeyMD5?: string | undefined;
}

/** @throws {AwsError} `NotImplemented` */
export function refuseCustomerKey(input: CustomerKey): void {
  refuseUnbuilt({
    "x-amz-server-side-encryption-customer-algorithm": input.SSECustomerAlgorithm,
    "x-amz-server-side-encryption-customer-key": input.SSECustomerKey,
    "x-amz-server-side-encryption-customer-key-MD5": input.SSECustomerKeyMD5,
    "x-amz-copy-source-server-side-encryption-customer-algorithm": input.CopySourceSSECustomerAlgorithm,
    "x-amz-copy-source-server-side-encryption-customer-key": input.CopySourceSSECustomerKey,
    "x-amz-copy-source-server-side-encryption-customer-key-MD5": input.CopySourceSSECustomerKeyMD5,
  });
}
