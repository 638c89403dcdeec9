/**
 * Grants of access control lists: who may do what to a bucket or an object.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html
 */
import type { Grant } from "@aws-sdk/client-s3";

const PERMISSIONS = ["READ", "WRITE", "READ_ACP", "WRITE_ACP", "FULL_CONTROL"] as const;
export type Permission = (typeof PERMISSIONS)[number];

const GROUP_URIS = {
  AllUsers: "http://acs.amazonaws.com/groups/global/AllUsers",
  AuthenticatedUsers: "http://acs.amazonaws.com/groups/global/AuthenticatedUsers",
  LogDelivery: "http://acs.amazonaws.com/groups/s3/LogDelivery",
} as const;
export type Group = keyof typeof GROUP_URIS;

export type Grantee =
  /** An account, by its canonical id. */
  { readonly type: "user"; readonly id: string } | { readonly type: "group"; readonly group: Group };

export interface AclGrant {
  readonly grantee: Grantee;
  readonly permission: Permission;
}

/** Left out of a row, it is the list that everything begins with: its owner may do all. */
export type Acl = readonly AclGrant[];

export const fullControlOf = (id: string): AclGrant => ({
  grantee: { type: "user", id },
  permission: "FULL_CONTROL",
});

export const toGroup = (group: Group, permission: Permission): AclGrant => ({
  grantee: { type: "group", group },
  permission,
});

export const parsePermission = (text: string | undefined): Permission | undefined =>
  PERMISSIONS.find((permission) => permission === text);

const GROUPS: readonly Group[] = ["AllUsers", "AuthenticatedUsers", "LogDelivery"];

export const parseGroup = (uri: string): Group | undefined => GROUPS.find((group) => GROUP_URIS[group] === uri);

/** Both groups count: an account is anybody's to have. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status */
export const isPublicGrant = ({ grantee }: AclGrant): boolean =>
  grantee.type === "group" && grantee.group !== "LogDelivery";

export const formatGrant = ({ grantee, permission }: AclGrant): Grant => ({
  Grantee:
    grantee.type === "user"
      ? { Type: "CanonicalUser", ID: grantee.id }
      : { Type: "Group", URI: GROUP_URIS[grantee.group] },
  Permission: permission,
});
