/** Parameters of built operations that have no effect here yet: refused, never dropped. */
import { invalidStorageClass, notImplemented } from "./errors.ts";

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
  readonly WebsiteRedirectLocation?: string | undefined;
  readonly ObjectLockMode?: string | undefined;
  readonly ObjectLockRetainUntilDate?: Date | undefined;
  readonly ObjectLockLegalHoldStatus?: string | undefined;
}

/** @throws {AwsError} */
export function refuseUnbuiltKeeping(input: Keeping): void {
  const { StorageClass = "STANDARD" } = input;
  if (!STORAGE_CLASSES.has(StorageClass)) throw invalidStorageClass(StorageClass);
  refuseUnbuilt({
    "x-amz-storage-class": StorageClass === "STANDARD" ? undefined : StorageClass,
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
