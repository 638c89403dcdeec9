/** Lists of grants as jobs name them, in S3's own form. */
import type { Grantee } from "@aws-sdk/client-s3";
import type { S3AccessControlPolicy, S3Grant } from "@aws-sdk/client-s3-control";
import type { Validated } from "../../../../service/sdk.ts";

export function aclInput(policy: S3AccessControlPolicy | undefined) {
  const { CannedAccessControlList: ACL, AccessControlList: list } = policy ?? {};
  if (list === undefined) return { ...(ACL && { ACL }) };
  const Grants = (list.Grants ?? []).map(({ Grantee: grantee, Permission }) => ({
    ...(grantee && { Grantee: granteeOf(grantee) }),
    ...(Permission && { Permission }),
  }));
  const Owner = { ...(list.Owner?.ID !== undefined && { ID: list.Owner.ID }) };
  return { AccessControlPolicy: { Owner, Grants } };
}

type JobGrantee = NonNullable<S3Grant["Grantee"]>;

function granteeOf({ TypeIdentifier, Identifier = "" }: JobGrantee): Validated<Grantee> {
  if (TypeIdentifier === "uri") return { Type: "Group", URI: Identifier };
  if (TypeIdentifier === "emailAddress") return { Type: "AmazonCustomerByEmail", EmailAddress: Identifier };
  return { Type: "CanonicalUser", ID: Identifier };
}

const MEMBERS = {
  FULL_CONTROL: "GrantFullControl",
  READ: "GrantRead",
  READ_ACP: "GrantReadACP",
  WRITE: "GrantWrite",
  WRITE_ACP: "GrantWriteACP",
} as const;

/** The same as headers have them: `id="…", uri="…"`. */
export function grantInput(grants: readonly S3Grant[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  for (const { Grantee: grantee, Permission } of grants) {
    if (grantee === undefined || Permission === undefined) continue;
    const member = MEMBERS[Permission];
    const entry = `${grantee.TypeIdentifier ?? "id"}="${grantee.Identifier ?? ""}"`;
    headers[member] = headers[member] === undefined ? entry : `${headers[member]}, ${entry}`;
  }
  return headers;
}
