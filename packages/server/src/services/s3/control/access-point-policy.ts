/**
 * Policies of access points.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_PutAccessPointPolicy.html
 */
import { callerName } from "../../../service/caller.ts";
import { accessPointArn, accessPoints, type AccessPoint } from "../access-point/row.ts";
import { requireValidPolicy } from "../policy/rules.ts";
import { isShutFor } from "../public-access/block.ts";
import { isPublicPolicy } from "../policy/public.ts";
import { askAbout, requireAccessPoint } from "./access-point.ts";
import { malformedPolicy, noSuchAccessPointPolicy, publicPolicyBlocked } from "./errors.ts";
import { operation } from "./kit.ts";

export const putAccessPointPolicy = operation("PutAccessPointPolicy", {
  authorize: (input, context) => askAbout("s3:PutAccessPointPolicy", input, { context }),

  async handle(input, context) {
    const point = await requireAccessPoint(input, context);
    const resource = accessPointArn(point, context);
    await requireValidPolicy(input.Policy, { itself: resource, objects: `${resource}/object/` });
    if (isShutFor("BlockPublicPolicy", point) && isPublic(point, input.Policy)) {
      throw publicPolicyBlocked({ caller: callerName(context.principal), resource });
    }
    const policy = await context.directory.pinPrincipals(input.Policy, context);
    if (policy.kind === "unknown") throw malformedPolicy("Invalid principal in policy");
    context.tx.put(accessPoints, { ...point, policy });
    return {};
  },
});

/** Nobody is the public in a VPC. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-points-bpa-settings.html */
const isPublic = ({ vpcId }: AccessPoint, document: string): boolean => vpcId === undefined && isPublicPolicy(document);

export const getAccessPointPolicy = operation("GetAccessPointPolicy", {
  authorize: (input, context) => askAbout("s3:GetAccessPointPolicy", input, { context }),

  async handle(input, context) {
    const { policy, name } = await requireAccessPoint(input, context);
    if (policy === undefined) throw noSuchAccessPointPolicy(name);
    return { Policy: await context.directory.showPrincipals(policy, context) };
  },
});

export const getAccessPointPolicyStatus = operation("GetAccessPointPolicyStatus", {
  authorize: (input, context) => askAbout("s3:GetAccessPointPolicyStatus", input, { context }),

  async handle(input, context) {
    const point = await requireAccessPoint(input, context);
    if (point.policy === undefined) throw noSuchAccessPointPolicy(point.name);
    return { PolicyStatus: { IsPublic: isPublic(point, point.policy.document) } };
  },
});

export const deleteAccessPointPolicy = operation("DeleteAccessPointPolicy", {
  authorize: (input, context) => askAbout("s3:DeleteAccessPointPolicy", input, { context }),

  async handle(input, context) {
    const { policy: _gone, ...point } = await requireAccessPoint(input, context);
    context.tx.put(accessPoints, point);
    return {};
  },
});
