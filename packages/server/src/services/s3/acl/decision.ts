/**
 * What access control lists allow, as grants that a decision weighs beside the policies.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#acl-access-policy-permission-mapping
 */
import type { Principal } from "../../../identity/principal.ts";
import type { AccountId } from "../../../kernel/arn.ts";
import type { Access } from "../../../service/access.ts";
import type { Bucket } from "../bucket/row.ts";
import { canonicalIdOf } from "./owner.ts";
import { isPublicGrant, type Acl, type AclGrant, type Permission } from "./grant.ts";

/** Nobody, who puts objects all the same: what they own is theirs. */
export const ANONYMOUS = "anonymous";

export type ObjectOwner = AccountId | typeof ANONYMOUS;

/** What of an object its access control rests on. */
export interface Owned {
  /** The bucket's owner where left out. */
  readonly owner?: ObjectOwner | undefined;
  readonly acl?: Acl | undefined;
}

/** What a row says of that. */
export const ownedAs = ({ owner, acl }: Owned): Owned => ({ ...(owner && { owner }), ...(acl && { acl }) });

type Grants = NonNullable<Access["grants"]>;

const NONE: Grants = [];

const ON_BUCKETS: ReadonlyMap<string, Permission> = new Map([
  ["s3:ListBucket", "READ"],
  ["s3:ListBucketVersions", "READ"],
  ["s3:ListBucketMultipartUploads", "READ"],
  ["s3:GetBucketAcl", "READ_ACP"],
  ["s3:PutBucketAcl", "WRITE_ACP"],
]);

/** Writing is a permission on the bucket, for those who own nothing in it as well. */
const IN_BUCKETS: ReadonlyMap<string, Permission> = new Map([["s3:PutObject", "WRITE"]]);

/** What the owner of an object says, not the bucket's. */
const ON_OBJECTS: ReadonlyMap<string, Permission> = new Map([
  ["s3:GetObject", "READ"],
  ["s3:GetObjectVersion", "READ"],
  ["s3:GetObjectTorrent", "READ"],
  ["s3:GetObjectAcl", "READ_ACP"],
  ["s3:GetObjectVersionAcl", "READ_ACP"],
  ["s3:PutObjectAcl", "WRITE_ACP"],
  ["s3:PutObjectVersionAcl", "WRITE_ACP"],
]);

/** Whether lists count in a bucket at all. */
export const listsCount = ({ ownership }: Pick<Bucket, "ownership">): boolean => ownership !== "BucketOwnerEnforced";

export interface AclAsker {
  readonly principal: Principal;
  /** Whether public grants count for nothing. */
  readonly ignoresPublic: boolean;
}

export function bucketGrants(action: string, bucket: Bucket, asker: AclAsker): Grants {
  if (bucket.acl === undefined || !listsCount(bucket)) return NONE;
  const permission = ON_BUCKETS.get(action) ?? IN_BUCKETS.get(action);
  if (permission === undefined) return NONE;
  return matching(bucket.acl, permission, { name: `ACL of bucket ${bucket.name}`, owner: bucket.owner, asker });
}

/** Whether the say on `action` is the object owner's. */
export const isOwnersAction = (action: string): boolean => ON_OBJECTS.has(action);

export function objectGrants(
  action: string,
  object: Owned & { readonly key: string },
  bucket: Bucket,
  asker: AclAsker,
): Grants {
  const permission = ON_OBJECTS.get(action);
  if (permission === undefined || !listsCount(bucket)) return NONE;
  const owner = ownerOfObject(object, bucket);
  if (owner === ANONYMOUS && asker.principal.type === "anonymous") return [{ layer: "acl", name: "ownership" }];
  if (object.acl === undefined) return NONE;
  return matching(object.acl, permission, { name: `ACL of object ${object.key}`, owner, asker });
}

/**
 * Who may put things into a bucket may delete there what is theirs.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions (WRITE)
 */
export function deletionGrants(object: Owned, bucket: Bucket, asker: AclAsker): Grants {
  const { principal } = asker;
  const mine = principal.type === "anonymous" ? ANONYMOUS : accountOf(principal);
  return mine !== undefined && ownerOfObject(object, bucket) === mine
    ? bucketGrants("s3:PutObject", bucket, asker)
    : NONE;
}

/** Where lists do not count, all objects are the bucket owner's. */
export const ownerOfObject = ({ owner }: Owned, bucket: Bucket): ObjectOwner =>
  owner === undefined || !listsCount(bucket) ? bucket.owner : owner;

interface AclPlace {
  readonly name: string;
  readonly owner: ObjectOwner;
  readonly asker: AclAsker;
}

function matching(acl: Acl, wanted: Permission, { name, owner, asker }: AclPlace): Grants {
  const found = acl.find(
    (grant) =>
      (grant.permission === wanted || grant.permission === "FULL_CONTROL") &&
      !(asker.ignoresPublic && isPublicGrant(grant)) &&
      reaches(grant, owner, asker.principal),
  );
  return found === undefined ? NONE : [{ layer: "acl", name: `${name} (${describe(found)})` }];
}

const describe = ({ grantee, permission }: AclGrant): string =>
  `${permission} for ${grantee.type === "group" ? grantee.group : grantee.id}`;

/** What is granted to an account is the account's to give its users: within the owner's own it says nothing. */
function reaches({ grantee }: AclGrant, owner: ObjectOwner, principal: Principal): boolean {
  const account = accountOf(principal);
  if (grantee.type === "user")
    return account !== undefined && account !== owner && canonicalIdOf(account) === grantee.id;
  switch (grantee.group) {
    case "AllUsers":
      return principal.type !== "service";
    case "AuthenticatedUsers":
      return account !== undefined;
    case "LogDelivery":
      return principal.type === "service" && principal.service === "logging.s3.amazonaws.com";
  }
}

export const accountOf = (principal: Principal): AccountId | undefined =>
  principal.type === "anonymous" || principal.type === "service" ? undefined : principal.account;
