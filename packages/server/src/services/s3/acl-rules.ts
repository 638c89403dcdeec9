/**
 * Who owns what is put into a bucket, and which access control lists that leaves room for. Only
 * buckets without such lists are built; the other settings are refused.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
import { aclNotSupported, invalidBucketAcl, invalidRequest, notImplemented } from "./errors.ts";
import { refuseUnbuilt } from "./unbuilt.ts";

/** `BucketOwnerEnforced`: lists are off, all objects are the bucket owner's. */
export type Ownership = "BucketOwnerEnforced";

/** @throws {AwsError} `NotImplemented` for a setting under which lists count. */
export function parseOwnership(setting: string): Ownership {
  if (setting !== "BucketOwnerEnforced") throw notImplemented("x-amz-object-ownership");
  return setting;
}

export const newBucketOwnership = ({ ObjectOwnership }: { readonly ObjectOwnership?: string | undefined }): Ownership =>
  parseOwnership(ObjectOwnership ?? "BucketOwnerEnforced");

/** The members by which an operation sets an access control list. */
export interface AclInput {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

const hasGrants = (input: AclInput): boolean =>
  [input.GrantFullControl, input.GrantRead, input.GrantReadACP, input.GrantWrite, input.GrantWriteACP].some(
    (grant) => grant !== undefined,
  );

/** @throws {AwsError} `InvalidRequest` */
function requireOneWay(input: AclInput): void {
  if (input.ACL === undefined || !hasGrants(input)) return;
  throw invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
}

/** A new bucket takes the list that it has anyway. */
export function refuseBucketAcl(input: AclInput): void {
  requireOneWay(input);
  if (hasGrants(input) || (input.ACL ?? "private") !== "private") throw invalidBucketAcl();
}

/**
 * An object put into a bucket with `ownership` takes the list it has anyway. Where nobody said who
 * owns objects, a foreign writer would.
 *
 * @throws {AwsError} `AccessControlListNotSupported`, `NotImplemented`
 */
export function refuseObjectAcl(
  input: AclInput,
  place: { readonly ownership?: Ownership; readonly foreign: boolean },
): void {
  requireOneWay(input);
  const { ownership, foreign } = place;
  if (ownership === undefined) {
    refuseUnbuilt({ "x-amz-acl": input.ACL, "x-amz-grant": hasGrants(input) || undefined });
    if (foreign) throw notImplemented("x-amz-object-ownership");
    return;
  }
  if (hasGrants(input) || (input.ACL ?? "bucket-owner-full-control") !== "bucket-owner-full-control") {
    throw aclNotSupported();
  }
}
