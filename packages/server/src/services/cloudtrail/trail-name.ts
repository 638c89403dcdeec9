/**
 * Names of trails, and the trails that names and ARNs mean.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (Name)
 */
import { parseArn, type Arn } from "../../kernel/arn.ts";
import type { Access } from "../../service/access.ts";
import type { Context } from "../../service/context.ts";
import type { OperationName } from "../../service/sdk.ts";
import {
  arnInvalid,
  nameAddress,
  nameAdjacent,
  nameCharacters,
  nameEnd,
  nameStart,
  nameTooLong,
  nameTooShort,
  notHomeRegion,
  notManagementAccount,
  trailNotFound,
} from "./errors.ts";
import { trailArn, type CloudtrailSdk } from "./kit.ts";
import { TRAIL_NAME_CHARACTERS_MAX, TRAIL_NAME_CHARACTERS_MIN } from "./limits.ts";
import { ownerFor } from "./organization.ts";
import { trails, type Trail } from "./trail-row.ts";

/** @throws {AwsError} `InvalidTrailNameException` */
export function requireName(name: string): void {
  if (name.length < TRAIL_NAME_CHARACTERS_MIN) throw nameTooShort(name.length);
  if (name.length > TRAIL_NAME_CHARACTERS_MAX) throw nameTooLong(name.length);
  if (!/^[a-z\d]/i.test(name)) throw nameStart();
  if (!/[a-z\d]$/i.test(name)) throw nameEnd();
  if (!/^[\w.-]+$/.test(name)) throw nameCharacters();
  if (/[._-]{2}/.test(name)) throw nameAdjacent();
  if (/^\d+(?:\.\d+){3}$/.test(name)) throw nameAddress();
}

/** Whose trail is meant, and where. */
export interface Meant {
  readonly account: string;
  readonly region: string;
  readonly name: string;
  readonly arn: Arn;
}

/** @throws {AwsError} `InvalidTrailNameException`, `CloudTrailARNInvalidException` */
export function meantBy(nameOrArn: string, context: Context): Meant {
  if (!nameOrArn.startsWith("arn:")) {
    requireName(nameOrArn);
    const { account, region } = context;
    return { account, region, name: nameOrArn, arn: trailArn(placeOf(context), nameOrArn) };
  }
  const parts = parseArn(nameOrArn);
  const [, name] = /^trail\/(.+)$/.exec(parts?.resource ?? "") ?? [];
  if (parts === undefined || name === undefined || parts.service !== "cloudtrail") throw arnInvalid(nameOrArn);
  requireName(name);
  const { account, region } = parts;
  return { account, region, name, arn: trailArn(parts, name) };
}

export const placeOf = ({ partition, account, region }: Context) => ({ partition, account, region });

/** Of the caller's account, or of its organization. */
export async function findTrail({ account, region, name }: Meant, context: Context): Promise<Trail | undefined> {
  const trail = await context.tx.get(trails, account, region, name);
  if (trail === undefined || trail.account === context.account) return trail;
  const standing = await context.directory.organizationOf(context.account, context.tx);
  return standing !== undefined && standing.organizationId === trail.organization ? trail : undefined;
}

/** To look at: also one that was made elsewhere, where its ARN is given. @throws {AwsError} `TrailNotFoundException` */
export async function requireTrail(nameOrArn: string, context: Context): Promise<Trail> {
  const meant = meantBy(nameOrArn, context);
  const trail = await findTrail(meant, context);
  if (trail === undefined) throw trailNotFound(meant.arn, context.account);
  return trail;
}

/** To change: where it was made, by the account that made it or may speak for the organization. @throws {AwsError} `TrailNotFoundException`, `NotOrganizationMasterAccountException`, `InvalidHomeRegionException` */
export async function requireOwnTrail(nameOrArn: string, context: Context): Promise<Trail> {
  const trail = await requireTrail(nameOrArn, context);
  if (trail.account !== context.account && trail.account !== (await ownerFor(context))) throw notManagementAccount();
  if (trail.region !== context.region) throw notHomeRegion(trail.region);
  return trail;
}

/** The question about a trail, with its tags where it is there. */
export async function onTrail(
  action: OperationName<CloudtrailSdk>,
  nameOrArn: string,
  context: Context,
): Promise<Access> {
  const meant = meantBy(nameOrArn, context);
  const trail = await findTrail(meant, context);
  return {
    action: `cloudtrail:${action}`,
    resource: meant.arn,
    ...(trail !== undefined && { resourceTags: trail.tags }),
  };
}

export const onAll = (action: OperationName<CloudtrailSdk>): Access => ({
  action: `cloudtrail:${action}`,
  resource: "*",
});
