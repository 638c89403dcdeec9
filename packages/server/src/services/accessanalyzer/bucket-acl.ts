/**
 * What an access control list that is proposed for a bucket lets others do. Lists of buckets that are there name
 * nobody but the owner.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
import type { AclPermission, S3BucketConfiguration } from "@aws-sdk/client-accessanalyzer";
import type { ExternalAccess } from "./finding-row.ts";

const LISTING = ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"];
const WRITING = ["s3:DeleteObject", "s3:PutObject"];

const ACTIONS: Readonly<Record<AclPermission, readonly string[]>> = {
  READ: LISTING,
  WRITE: WRITING,
  READ_ACP: ["s3:GetBucketAcl"],
  WRITE_ACP: ["s3:PutBucketAcl"],
  FULL_CONTROL: [...WRITING, "s3:GetBucketAcl", ...LISTING, "s3:PutBucketAcl"].toSorted((one, other) =>
    one < other ? -1 : 1,
  ),
};

const GROUPS = "http://acs.amazonaws.com/groups/global/";

export function aclAccess(
  configuration: S3BucketConfiguration | undefined,
  controls: ExternalAccess["controls"],
): readonly ExternalAccess[] {
  const { bucketAclGrants = [], bucketPublicAccessBlock } = configuration ?? {};
  const ignoresPublic = bucketPublicAccessBlock?.ignorePublicAcls === true;
  return bucketAclGrants.flatMap(({ permission, grantee }) => {
    const isPublic = grantee?.uri?.startsWith(GROUPS) === true;
    const principal = isPublic ? { AWS: "*" } : { CanonicalUser: grantee?.id ?? "" };
    if (permission === undefined || (isPublic && ignoresPublic) || (!isPublic && grantee?.id === undefined)) return [];
    return {
      kind: "external" as const,
      principal,
      actions: ACTIONS[permission],
      conditions: {},
      isPublic,
      sources: ["BUCKET_ACL" as const],
      controls,
    };
  });
}
