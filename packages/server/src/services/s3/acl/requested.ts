/**
 * The access control list that a request asks for: a canned one, grants in headers, or a list in its body.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketAcl.html
 */
import type { AccessControlPolicy, Grantee as WireGrantee } from "@aws-sdk/client-s3";
import type { Validated } from "../../../service/sdk.ts";
import {
  accessDenied,
  emailGranteeGone,
  invalidArgument,
  invalidRequest,
  malformedAcl,
  missingAcl,
  unexpectedContent,
} from "../errors.ts";
import { cannedAcl, type Owners } from "./canned.ts";
import { GRANTS_MAX } from "../limits.ts";
import { parseGroup, parsePermission, type Acl, type AclGrant, type Grantee, type Permission } from "./grant.ts";

/** The members by which an operation sets an access control list. */
export interface AclInput {
  readonly ACL?: string | undefined;
  readonly GrantFullControl?: string | undefined;
  readonly GrantRead?: string | undefined;
  readonly GrantReadACP?: string | undefined;
  readonly GrantWrite?: string | undefined;
  readonly GrantWriteACP?: string | undefined;
}

const GRANT_HEADERS: readonly (readonly [keyof AclInput, header: string, Permission])[] = [
  ["GrantFullControl", "x-amz-grant-full-control", "FULL_CONTROL"],
  ["GrantRead", "x-amz-grant-read", "READ"],
  ["GrantReadACP", "x-amz-grant-read-acp", "READ_ACP"],
  ["GrantWrite", "x-amz-grant-write", "WRITE"],
  ["GrantWriteACP", "x-amz-grant-write-acp", "WRITE_ACP"],
];

export const hasGrants = (input: AclInput): boolean => GRANT_HEADERS.some(([member]) => input[member] !== undefined);

export const asksForAcl = (input: AclInput): boolean => input.ACL !== undefined || hasGrants(input);

/** Where the list is to hang. */
export interface AclPlace extends Owners {
  readonly on: "bucket" | "object";
}

/**
 * What the headers of a request ask for; `undefined` where they ask for nothing.
 *
 * @throws {AwsError} `InvalidRequest`, `InvalidArgument`, `MethodNotAllowed`
 */
export function aclOfHeaders(input: AclInput, place: AclPlace): Acl | undefined {
  requireOneWay(input);
  const { ACL } = input;
  if (ACL === undefined) return hasGrants(input) ? headerGrants(input) : undefined;
  const canned = cannedAcl(ACL, place.on, place);
  if (canned === undefined) throw invalidArgument("", { name: "x-amz-acl", value: ACL });
  return canned;
}

function requireOneWay(input: AclInput): void {
  if (input.ACL !== undefined && hasGrants(input)) {
    throw invalidRequest("Specifying both Canned ACLs and Header Grants is not allowed");
  }
}

const headerGrants = (input: AclInput): Acl =>
  GRANT_HEADERS.flatMap(([member, header, permission]) =>
    parseGrantees(input[member] ?? "", header).map((grantee) => ({ grantee, permission })),
  );

/** `id="…", uri="…"`. */
function parseGrantees(text: string, header: string): readonly Grantee[] {
  if (text.trim() === "") return [];
  return text.split(",").map((entry) => {
    const [, kind = "", value = ""] = /^(\w+)\s*=\s*(?!\s)"?([^"]*)"?$/.exec(entry.trim()) ?? [];
    switch (kind.toLowerCase()) {
      case "id":
        return userOf(value, "id");
      case "uri":
        return groupOf(value, "uri");
      case "emailaddress":
        throw emailGranteeGone();
      default:
        throw invalidArgument("Argument format not recognized", { name: header, value: entry.trim() });
    }
  });
}

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/finding-canonical-user-id.html */
const CANONICAL_ID = /^[0-9a-f]{64}$/;

/** Differs: that an account has the id is not asked; ids are computed, and every account exists. */
function userOf(id: string, name: string): Grantee {
  if (!CANONICAL_ID.test(id)) throw invalidArgument("Invalid id", { name, value: id });
  return { type: "user", id };
}

function groupOf(uri: string, name: string): Grantee {
  const group = parseGroup(uri);
  if (group === undefined) throw invalidArgument("Invalid group uri", { name, value: uri });
  return { type: "group", group };
}

export interface FullAclInput extends AclInput {
  readonly AccessControlPolicy?: Validated<AccessControlPolicy> | undefined;
}

/**
 * The list that a call gives whose business it is to give one.
 *
 * @throws {AwsError} `UnexpectedContent`, `MissingSecurityHeader`, `MalformedACLError`; `AccessDenied` where it names
 * another owner
 */
export function requestedAcl(input: FullAclInput, place: AclPlace): Acl {
  const { AccessControlPolicy: policy } = input;
  requireOneWay(input);
  if (policy !== undefined && asksForAcl(input)) throw unexpectedContent();
  const ofHeaders = aclOfHeaders(input, place);
  if (ofHeaders !== undefined) return ofHeaders;
  if (policy === undefined) throw missingAcl();
  const { Owner, Grants } = policy;
  if (Owner?.ID === undefined || Grants === undefined || Grants.length > GRANTS_MAX) throw malformedAcl();
  userOf(Owner.ID, "CanonicalUser/ID");
  const grants = Grants.map(grantOf);
  if (Owner.ID !== place.owner) throw accessDenied();
  return grants;
}

function grantOf({
  Grantee: grantee,
  Permission: asked,
}: {
  readonly Grantee?: Validated<WireGrantee> | undefined;
  readonly Permission?: string | undefined;
}): AclGrant {
  const permission = parsePermission(asked);
  if (permission === undefined || grantee === undefined) throw malformedAcl();
  return { grantee: granteeOf(grantee), permission };
}

function granteeOf({ Type, ID, URI }: Validated<WireGrantee>): Grantee {
  switch (Type) {
    case "CanonicalUser":
      return userOf(ID ?? "", "CanonicalUser/ID");
    case "Group":
      return groupOf(URI ?? "", "Group/URI");
    case "AmazonCustomerByEmail":
      throw emailGranteeGone();
    default:
      throw malformedAcl();
  }
}
