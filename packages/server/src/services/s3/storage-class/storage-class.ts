/**
 * The storage classes of objects.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html
 */
import { invalidStorageClass } from "../errors.ts";

/** Those of buckets of general use, from the nearest to the coldest. */
const STORAGE_CLASSES = [
  "STANDARD",
  "REDUCED_REDUNDANCY",
  "STANDARD_IA",
  "INTELLIGENT_TIERING",
  "ONEZONE_IA",
  "GLACIER_IR",
  "GLACIER",
  "DEEP_ARCHIVE",
] as const;

export type StorageClass = (typeof STORAGE_CLASSES)[number];

/** A class as rows keep it. */
export interface Classed {
  /** `STANDARD` where left out. */
  readonly storageClass?: StorageClass | undefined;
}

/**
 * The class that a request asks for. Those of other kinds of storage (Outposts, Snow, directory buckets, FSx) are none
 * of a bucket's here.
 *
 * @throws {AwsError} `InvalidStorageClass`
 */
export function toStorageClass(asked: string | undefined): Classed {
  if (asked === undefined) return {};
  const storageClass = STORAGE_CLASSES.find((known) => known === asked);
  if (storageClass === undefined) throw invalidStorageClass(asked);
  return storageClass === "STANDARD" ? {} : { storageClass };
}

/** As listings and attributes tell it. */
export const storageClassOf = ({ storageClass = "STANDARD" }: Classed): StorageClass => storageClass;

/** As headers tell it: the usual one is not told. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html (x-amz-storage-class) */
export const formatStorageClass = ({ storageClass }: Classed): { readonly StorageClass?: StorageClass } =>
  storageClass === undefined ? {} : { StorageClass: storageClass };
