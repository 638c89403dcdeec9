/**
 * Questions about what is reached through an access point: it has to let the call through, and the bucket as well.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-policies.html
 */
import type { Principal } from "../../../identity/principal.ts";
import type { Access, ResourcePolicy } from "../../../service/access.ts";
import type { Context } from "../../../service/context.ts";
import { isShutFor } from "../public-access/block.ts";
import { isPublicPolicy } from "../policy/public.ts";
import { tagKeys } from "../tagging/keys.ts";
import { accessPointOf } from "./passage.ts";
import { accessPointArn, networkOriginOf, type AccessPoint } from "./row.ts";

/** `key`: of the object that is asked for, `undefined` where the bucket itself is. */
export function throughAccessPoint(access: Access, key: string | undefined, context: Context): Access {
  const point = accessPointOf(context);
  if (point === undefined) return access;
  const arn = accessPointArn(point, context);
  const keys = {
    ...access.keys,
    ...tagKeys("s3:AccessPointTag/", point.tags),
    "s3:DataAccessPointArn": arn,
    "s3:DataAccessPointAccount": point.account,
    "s3:AccessPointNetworkOrigin": networkOriginOf(point),
  };
  return {
    action: access.action,
    resource: key === undefined ? arn : accessPointArn({ ...point, name: `${point.name}/object/${key}` }, context),
    owner: point.account,
    resourcePolicy: policyOf(point, context.principal),
    canonicalUser: access.canonicalUser,
    resourceTags: point.tags,
    keys,
    also: { ...access, keys },
  };
}

function policyOf(point: AccessPoint, principal: Principal): ResourcePolicy | undefined {
  const { policy, name, account } = point;
  if (policy === undefined) return undefined;
  const insider = principal.type === "service" || (principal.type !== "anonymous" && principal.account === account);
  if (insider || !isShutFor("RestrictPublicBuckets", point) || !isPublicAccessPointPolicy(point)) {
    return { name: `policy of access point ${name}`, document: policy.document };
  }
  return {
    name: `block public access of access point ${name} (RestrictPublicBuckets)`,
    document: NOTHING_FOR_OUTSIDERS,
  };
}

/** Nobody is the public in a VPC. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html */
const isPublicAccessPointPolicy = ({ policy, vpcId }: AccessPoint): boolean =>
  policy !== undefined && vpcId === undefined && isPublicPolicy(policy.document);

const NOTHING_FOR_OUTSIDERS = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Sid: "RestrictPublicBuckets", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: "*" }],
});
