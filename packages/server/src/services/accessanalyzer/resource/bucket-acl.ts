/**
 * What access control lists of buckets let others do: those there are, and those that are proposed.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions
 */
import type { S3BucketConfiguration } from "@aws-sdk/client-accessanalyzer";
import type { ListedGrant } from "../../../service/policied.ts";
import type { ExternalAccess } from "../finding/row.ts";

const LISTING = ["s3:ListBucket", "s3:ListBucketMultipartUploads", "s3:ListBucketVersions"];
const WRITING = ["s3:DeleteObject", "s3:PutObject"];

const ACTIONS: Readonly<Record<ListedGrant["permission"], readonly string[]>> = {
  READ: LISTING,
  WRITE: WRITING,
  READ_ACP: ["s3:GetBucketAcl"],
  WRITE_ACP: ["s3:PutBucketAcl"],
  FULL_CONTROL: [...WRITING, "s3:GetBucketAcl", ...LISTING, "s3:PutBucketAcl"].toSorted((one, other) =>
    one < other ? -1 : 1,
  ),
};

const GROUPS = "http://acs.amazonaws.com/groups/global/";

/** One for each entry. */
export const listedAccess = (
  listed: readonly ListedGrant[],
  controls: ExternalAccess["controls"],
): readonly ExternalAccess[] =>
  listed.map(({ to, permission }) => ({
    kind: "external",
    principal: to === "anybody" ? { AWS: "*" } : { CanonicalUser: to.canonicalUser },
    actions: ACTIONS[permission],
    conditions: {},
    isPublic: to === "anybody",
    sources: ["BUCKET_ACL"],
    controls,
  }));

/** The list that is proposed; `undefined` where none is. */
export function proposedList(configuration: S3BucketConfiguration | undefined): readonly ListedGrant[] | undefined {
  const { bucketAclGrants, bucketPublicAccessBlock } = configuration ?? {};
  const ignoresPublic = bucketPublicAccessBlock?.ignorePublicAcls === true;
  return bucketAclGrants?.flatMap(({ permission, grantee }): readonly ListedGrant[] => {
    if (permission === undefined) return [];
    if (grantee?.uri?.startsWith(GROUPS)) return ignoresPublic ? [] : [{ to: "anybody", permission }];
    return grantee?.id === undefined ? [] : [{ to: { canonicalUser: grantee.id }, permission }];
  });
}
