/**
 * Canned access control lists.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl
 */
import { findOwn } from "../../../kernel/lookup.ts";
import { fullControlOf, toGroup, type AclGrant } from "./grant.ts";

/** Canonical ids. */
export interface Owners {
  readonly owner: string;
  /** Of an object: who owns the bucket that it is in. */
  readonly bucketOwner: string;
}

/** Amazon EC2, which fetches bundles of images. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#canned-acl (aws-exec-read) */
const EC2_BUNDLES = "6aa5a366c34c1cbe25dc49211496e913e0351eb0e8c37aa3477e40942ec6b97c";

const MORE: Readonly<Record<string, (owners: Owners) => readonly AclGrant[]>> = {
  private: () => [],
  "public-read": () => [toGroup("AllUsers", "READ")],
  "public-read-write": () => [toGroup("AllUsers", "READ"), toGroup("AllUsers", "WRITE")],
  "authenticated-read": () => [toGroup("AuthenticatedUsers", "READ")],
  "aws-exec-read": () => [{ grantee: { type: "user", id: EC2_BUNDLES }, permission: "READ" }],
};

const ON_BUCKETS: typeof MORE = {
  ...MORE,
  "log-delivery-write": () => [toGroup("LogDelivery", "WRITE"), toGroup("LogDelivery", "READ_ACP")],
  "bucket-owner-read": () => [],
  "bucket-owner-full-control": () => [],
};

const ON_OBJECTS: typeof MORE = {
  ...MORE,
  "bucket-owner-read": (owners) => forBucketOwner(owners, "READ"),
  "bucket-owner-full-control": (owners) => forBucketOwner(owners, "FULL_CONTROL"),
};

const forBucketOwner = ({ owner, bucketOwner }: Owners, permission: AclGrant["permission"]): readonly AclGrant[] =>
  owner === bucketOwner ? [] : [{ grantee: { type: "user", id: bucketOwner }, permission }];

/** `undefined` where no list has that name. */
export function cannedAcl(name: string, on: "bucket" | "object", owners: Owners): readonly AclGrant[] | undefined {
  const more = findOwn(on === "bucket" ? ON_BUCKETS : ON_OBJECTS, name);
  return more && [fullControlOf(owners.owner), ...more(owners)];
}
