/** Putting resources into a share. */
import type { Arn } from "../../kernel/arn.ts";
import { parseArn } from "../../kernel/arn.ts";
import type { Context } from "../../service/context.ts";
import { associations, isPresent, putAssociation, type ResourceAssociation } from "./association-row.ts";
import { malformedResourceArn, notShareable, shareLimitExceeded, unknownSharedResource } from "./errors.ts";
import { RESOURCES_PER_CALL_MAX } from "./limits.ts";
import { defaultPermissionOf, defaultVersionOf, permissionArn, templateOf } from "./permission-row.ts";
import { scopeOf, typeOfResource, type ResourceType } from "./resource-type.ts";
import { putShare, shareArn, type Share } from "./share-row.ts";

/** Global resources are shared from there. Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-regional-vs-global.html */
const HOME_REGION = "us-east-1";

/** @throws {AwsError} where one of them cannot be shared, or not by the caller. */
export async function addResources(share: Share, arns: readonly string[], context: Context) {
  if (arns.length > RESOURCES_PER_CALL_MAX) throw shareLimitExceeded("resources per call", RESOURCES_PER_CALL_MAX);
  const added: ResourceAssociation[] = [];
  let current = share;
  for (const text of new Set(arns)) {
    const { arn, type } = await requireResource(text, context);
    current = withPermissionFor(current, type, context);
    added.push(await associate(current, { arn, type }, context));
  }
  return { share: current, added };
}

interface Found {
  readonly arn: Arn;
  readonly type: ResourceType;
}

/** @throws {AwsError} `MalformedArnException`, `UnknownResourceException` */
async function requireResource(text: string, { sharing, tx, account, region }: Context): Promise<Found> {
  const parts = parseArn(text);
  if (!isArn(text) || parts === undefined) throw malformedResourceArn(text);
  const type = typeOfResource(text);
  if (type === undefined) throw notShareable();
  if (parts.account !== account || !isHere(type, parts.region, region)) throw unknownSharedResource(text);
  if (!(await sharing.isShareable({ arn: text, type: type.name }, tx))) throw unknownSharedResource(text);
  return { arn: text, type };
}

/** The ARNs of some regional resources name no region. */
const isHere = (type: ResourceType, named: string, region: string): boolean =>
  scopeOf(type) === "GLOBAL" ? region === HOME_REGION : named === region || named === "";

const isArn = (text: string): text is Arn => parseArn(text) !== undefined;

/**
 * A type that the share has no permission for gets the default one.
 *
 * @throws {AwsError} `NotImplemented` where nobody here knows what that allows.
 */
function withPermissionFor(share: Share, { name }: ResourceType, context: Context): Share {
  if (share.permissions.some(({ resourceType }) => resourceType === name)) return share;
  const permission = defaultPermissionOf(name, share.partition);
  if (permission === undefined) throw notShareable();
  const version = defaultVersionOf(permission);
  templateOf(permission, version);
  const held = { arn: permissionArn(permission), version, resourceType: name, updatedAtMs: context.now().getTime() };
  return putShare({ ...share, permissions: [...share.permissions, held] }, context);
}

async function associate(share: Share, { arn, type }: Found, context: Context): Promise<ResourceAssociation> {
  const { tx } = context;
  const nowMs = context.now().getTime();
  const present = await tx.get(associations, shareArn(share), "RESOURCE", arn);
  if (present?.kind === "RESOURCE" && isPresent(present)) return present;
  const row: ResourceAssociation = {
    kind: "RESOURCE",
    shareArn: shareArn(share),
    entity: arn,
    resourceType: type.name,
    status: "ASSOCIATED",
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  putAssociation(row, tx);
  return row;
}
