/**
 * The access control list of an object as an inventory has it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/objectacl.html
 */
import { formatGrant, fullControlOf } from "../acl/grant.ts";
import type { Owned } from "../acl/decision.ts";
import type { Bucket } from "../bucket/row.ts";
import { canonicalIdOfOwner } from "../acl/owner.ts";

export function formatAclColumn({ owner, acl }: Owned, bucket: Pick<Bucket, "owner">): string {
  const list = acl ?? [fullControlOf(canonicalIdOfOwner(owner ?? bucket.owner))];
  const grants = list.map((grant) => {
    const { Grantee, Permission } = formatGrant(grant);
    const grantee = Grantee?.URI === undefined ? { canonicalId: Grantee?.ID } : { uri: Grantee.URI };
    return { ...grantee, type: Grantee?.Type, permission: Permission };
  });
  return Buffer.from(JSON.stringify({ version: "2022-11-10", status: "AVAILABLE", grants })).toString("base64");
}
