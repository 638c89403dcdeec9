/** The questions that RAM asks of its callers. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsresourceaccessmanagerram.html */
import type { Arn } from "../../kernel/arn.ts";
import type { Tags } from "../../kernel/tags.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import { invitationArn, requireInvitation } from "./invitation-row.ts";
import type { RamAction } from "./kit.ts";
import { findPermission, permissionArn } from "./permission-row.ts";
import { typeOfResource } from "./resource-type.ts";
import { findShare, parseShareArn, shareArn, type Share } from "./share-row.ts";

type More = Omit<Access, "action" | "resource">;

export const ask = (action: RamAction, more: More = {}): Access => ({
  ...more,
  action: `ram:${action}`,
  resource: "*",
});

/** @throws {AwsError} `MalformedArnException` */
export async function onShare(action: RamAction, arn: string, context: Context, more: More = {}): Promise<Access> {
  const share = await findShare(arn, context);
  const resource = share ? shareArn(share) : arnOfNothing(arn);
  return { ...more, action: `ram:${action}`, resource, ...(share && factsOf(share, more)) };
}

/** An ARN that nothing has is asked about as it was sent. */
function arnOfNothing(text: string): Arn {
  const { partition, region, account, id } = parseShareArn(text);
  return shareArn({ partition, region, account, id });
}

const factsOf = (share: Share, { keys }: More): More => ({
  resourceTags: share.tags,
  keys: {
    ...keys,
    ...ownTagKeys(share.tags),
    "ram:ResourceShareName": share.name,
    "ram:AllowsExternalPrincipals": String(share.allowsExternal),
    "ram:RetainSharingOnAccountLeaveOrganization": String(share.isRetained),
  },
});

const ownTagKeys = (tags: Tags): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [`ram:ResourceTag/${key}`, value]));

interface Requested {
  readonly resourceArns?: readonly string[] | undefined;
  readonly principals?: readonly string[] | undefined;
}

/** One question for each pair of a resource and a principal: each of them has to be allowed. */
export function forEach(access: Access, { resourceArns = [], principals = [] }: Requested): readonly Access[] {
  const resources = resourceArns.length > 0 ? resourceArns : [undefined];
  const others = principals.length > 0 ? principals : [undefined];
  return resources.flatMap((arn) =>
    others.map((principal) => ({
      ...access,
      keys: {
        ...access.keys,
        "ram:Principal": principal,
        "ram:ResourceArn": arn,
        "ram:RequestedResourceType": arn === undefined ? undefined : typeOfResource(arn)?.name,
      },
    })),
  );
}

/** @throws {AwsError} `MalformedArnException` */
export async function onPermission(action: RamAction, arn: string, context: Context, more: More = {}): Promise<Access> {
  const permission = await findPermission(arn, context);
  if (permission === undefined) return ask(action, more);
  const tags = permission.kind === "customer" ? permission.tags : undefined;
  return {
    ...more,
    action: `ram:${action}`,
    resource: permissionArn(permission),
    resourceTags: tags,
    keys: permissionKeys(arn, permission),
  };
}

const permissionKeys = (arn: string, { resourceType }: { readonly resourceType: string }) => ({
  "ram:PermissionArn": arn,
  "ram:PermissionResourceType": resourceType,
});

/** @throws {AwsError} `MalformedArnException`, `ResourceShareInvitationArnNotFoundException` */
export async function onInvitation(action: RamAction, arn: string, context: Context): Promise<Access> {
  const invitation = await requireInvitation(arn, context);
  const keys = {
    "ram:ResourceShareName": invitation.shareName,
    "ram:ShareOwnerAccountId": invitation.account,
  };
  return { action: `ram:${action}`, resource: invitationArn(invitation), keys };
}
