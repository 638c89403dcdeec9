/**
 * Who owns what is put into a bucket, and which access control lists that leaves room for.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
import type { Principal } from "../../../identity/principal.ts";
import { callerName } from "../../../service/caller.ts";
import type { Context } from "../../../service/context.ts";
import { ANONYMOUS, listsCount, ownerOfObject, type ObjectOwner, type Owned } from "./decision.ts";
import { isPublicGrant, type Acl } from "./grant.ts";
import { aclOfHeaders, asksForAcl, hasGrants, type AclInput, type AclPlace } from "./requested.ts";
import type { Bucket } from "../bucket/row.ts";
import {
  aclNotSupported,
  invalidBucketAcl,
  invalidOwnership,
  malformedXml,
  publicAclBlocked,
  publicAclWithBlock,
} from "../errors.ts";
import { arn } from "../kit.ts";
import { canonicalIdOf, canonicalIdOfOwner } from "./owner.ts";
import { isShut } from "../public-access/block.ts";

export type { AclInput } from "./requested.ts";

const OWNERSHIPS = ["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"] as const;

/**
 * `BucketOwnerEnforced`: lists are off, all objects are the bucket owner's. `BucketOwnerPreferred`: those are that come
 * with `bucket-owner-full-control`. `ObjectWriter`, and where nothing is said: an object is its writer's.
 */
export type Ownership = (typeof OWNERSHIPS)[number];

const findOwnership = (setting: string | undefined): Ownership | undefined =>
  OWNERSHIPS.find((ownership) => ownership === setting);

/** @throws {AwsError} `MalformedXML` */
export function parseOwnership(setting: string): Ownership {
  const found = findOwnership(setting);
  if (found === undefined) throw malformedXml();
  return found;
}

interface NewBucketInput extends AclInput {
  readonly ObjectOwnership?: string | undefined;
}

/**
 * What a new bucket has of ownership and lists; public ones it cannot have, since it begins with a block of them.
 *
 * @throws {AwsError} `InvalidArgument`, `InvalidBucketAclWithObjectOwnership`, `InvalidBucketAclWithBlockPublicAccessError`
 */
export function newBucketAccess(input: NewBucketInput, { account }: Pick<Context, "account">) {
  // who asks for the usual list has lists. Source: https://github.com/versity/versitygw/issues/1869 (seen on S3)
  const usual = input.ACL === "private" ? "BucketOwnerPreferred" : "BucketOwnerEnforced";
  const { ObjectOwnership = usual } = input;
  const ownership = findOwnership(ObjectOwnership);
  if (ownership === undefined) throw invalidOwnership(ObjectOwnership);
  const owner = canonicalIdOf(account);
  // Source: https://github.com/versity/versitygw/blob/main/tests/test_rest_create_bucket.sh (before grants are looked at)
  if (ownership === "BucketOwnerEnforced" && hasGrants(input)) throw invalidBucketAcl();
  const asked = aclOfHeaders(input, { on: "bucket", owner, bucketOwner: owner });
  const acl = asked && beyondOwner(asked, owner);
  if (acl === undefined) return { ownership };
  if (ownership === "BucketOwnerEnforced") throw invalidBucketAcl();
  if (acl.some(isPublicGrant)) throw publicAclWithBlock();
  return { ownership, acl };
}

/** The list, where it is another than the one that everything begins with. */
export function beyondOwner(acl: Acl, owner: string): Acl | undefined {
  const [only, ...others] = acl;
  const isUsual =
    others.length === 0 &&
    only?.permission === "FULL_CONTROL" &&
    only.grantee.type === "user" &&
    only.grantee.id === owner;
  return isUsual ? undefined : acl;
}

/** Whose an object becomes that `principal` puts into `bucket`. */
export function newOwner({ ACL }: AclInput, bucket: Bucket, principal: Principal): ObjectOwner {
  if (!listsCount(bucket) || principal.type === "service") return bucket.owner;
  if (bucket.ownership === "BucketOwnerPreferred" && ACL === "bucket-owner-full-control") return bucket.owner;
  return principal.type === "anonymous" ? ANONYMOUS : principal.account;
}

/**
 * The owner and the list of a new object, as far as they are not the usual ones.
 *
 * @throws {AwsError} `AccessControlListNotSupported`; `AccessDenied` where the list is public and such lists are blocked
 */
export function newObjectAccess(input: AclInput & { readonly Key: string }, bucket: Bucket, context: Context): Owned {
  if (!listsCount(bucket)) {
    refuseList(input, bucket);
    return {};
  }
  const owner = newOwner(input, bucket, context.principal);
  if (owner === bucket.owner && !asksForAcl(input)) return {};
  const place = placeOfObject({ owner }, bucket);
  const asked = aclOfHeaders(input, place);
  if (asked) requireUnblocked(asked, { action: "s3:PutObject", bucket, key: input.Key }, context);
  const acl = asked && beyondOwner(asked, place.owner);
  return { ...(owner !== bucket.owner && { owner }), ...(acl && { acl }) };
}

function refuseList(input: AclInput, bucket: Bucket): void {
  if (!asksForAcl(input)) return;
  aclOfHeaders(input, placeOfObject({}, bucket));
  if (input.ACL !== "bucket-owner-full-control") throw aclNotSupported();
}

interface Guarded {
  readonly action: string;
  readonly bucket: Bucket;
  readonly key?: string;
}

/** @throws {AwsError} `AccessDenied` where `acl` is public and public lists are blocked. */
export function requireUnblocked(acl: Acl, { action, bucket, key }: Guarded, context: Context): void {
  if (!acl.some(isPublicGrant) || !isShut("BlockPublicAcls", bucket, context)) return;
  const resource = arn(context, key === undefined ? bucket.name : `${bucket.name}/${key}`);
  throw publicAclBlocked({ caller: callerName(context.principal), action, resource });
}

/** Where the list of an object hangs. */
export const placeOfObject = (object: Owned, bucket: Bucket): AclPlace => ({
  on: "object",
  owner: canonicalIdOfOwner(ownerOfObject(object, bucket)),
  bucketOwner: canonicalIdOf(bucket.owner),
});
