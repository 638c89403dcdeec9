/**
 * Grants, and what they are good for: credentials for the part of the data that was granted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant.html
 */
import type { CreateAccessGrantRequest, ListAccessGrantsRequest } from "@aws-sdk/client-s3-control";
import { page } from "../../../../kernel/page.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import type { Validated } from "../../../../service/sdk.ts";
import { ask, type AccountInput } from "../access.ts";
import { badGrant, grantExists, identityCenterNotBuilt, invalidNextToken } from "../errors.ts";
import { operation } from "../kit.ts";
import { PAGE_ITEMS_MAX } from "../limits.ts";
import { requestTagsOf, toTags } from "../tag.ts";
import {
  accessGrants,
  grantArn,
  instanceArn,
  locationArn,
  requireGrant,
  requireInstance,
  requireLocation,
  type AccessGrant,
} from "./row.ts";
import { joinScope } from "./scope.ts";

type CreateInput = Validated<CreateAccessGrantRequest>;

export const createAccessGrant = operation("CreateAccessGrant", {
  authorize(input, context) {
    const { Tags = [], AccessGrantsLocationId: id } = input;
    const { account, region } = context;
    return ask(
      input,
      {
        action: "s3:CreateAccessGrant",
        resource: locationArn({ account, region, id }, context),
        ...(Tags.length > 0 && { requestTags: requestTagsOf(Tags) }),
      },
      context,
    );
  },

  async handle(input, context) {
    const { account, region, tx } = context;
    await requireInstance(context);
    const location = await requireLocation(input.AccessGrantsLocationId, context);
    const subPrefix = input.AccessGrantsLocationConfiguration?.S3SubPrefix;
    if (location.scope === "s3://" && subPrefix === undefined)
      throw badGrant("S3SubPrefix is required for the default location.");
    const scope = joinScope(location.scope, subPrefix);
    requireType(input, scope);
    const grantee = requireGrantee(input);
    const all = await tx.scan(accessGrants, { prefix: [account, region], limit: Number.MAX_SAFE_INTEGER });
    if (all.some((one) => one.scope === scope && one.grantee === grantee && one.permission === input.Permission)) {
      throw grantExists();
    }
    const grant: AccessGrant = {
      account,
      region,
      id: context.newId(),
      location: location.id,
      subPrefix,
      scope,
      grantee,
      permission: input.Permission,
      createdAtMs: context.now().getTime(),
      tags: toTags(input.Tags ?? []),
    };
    tx.put(accessGrants, grant);
    return formatGrant(grant, context);
  },
});

/** One object is named as such, a prefix ends in a star. */
function requireType({ S3PrefixType }: CreateInput, scope: string): void {
  const isPrefix = scope.endsWith("*") || scope.endsWith("/");
  if (isPrefix === (S3PrefixType === "Object")) {
    throw badGrant("S3PrefixType has to be Object for one object, and for one object alone.");
  }
}

function requireGrantee({ Grantee, ApplicationArn }: CreateInput): string {
  const { GranteeType, GranteeIdentifier } = Grantee;
  if (GranteeType !== "IAM" || ApplicationArn !== undefined) throw identityCenterNotBuilt();
  if (GranteeIdentifier === undefined || !/^arn:[^:]+:iam::\d{12}:(user|role)\//.test(GranteeIdentifier)) {
    throw badGrant("The grantee has to be the ARN of an IAM user or role.");
  }
  return GranteeIdentifier;
}

const formatGrant = (grant: AccessGrant, context: Context) => ({
  CreatedAt: new Date(grant.createdAtMs),
  AccessGrantId: grant.id,
  AccessGrantArn: grantArn(grant, context),
  Grantee: { GranteeType: "IAM" as const, GranteeIdentifier: grant.grantee },
  AccessGrantsLocationId: grant.location,
  ...(grant.subPrefix !== undefined && { AccessGrantsLocationConfiguration: { S3SubPrefix: grant.subPrefix } }),
  Permission: grant.permission,
  GrantScope: grant.scope,
});

interface GrantInput extends AccountInput {
  readonly AccessGrantId: string;
}

async function askAboutGrant(action: string, input: GrantInput, context: Context): Promise<Access> {
  const { account, region, tx } = context;
  const id = input.AccessGrantId;
  const grant = await tx.get(accessGrants, account, region, id);
  const resource = grantArn({ account, region, id }, context);
  return ask(input, { action, resource, resourceTags: grant?.tags }, context);
}

export const getAccessGrant = operation("GetAccessGrant", {
  authorize: (input, context) => askAboutGrant("s3:GetAccessGrant", input, context),

  async handle({ AccessGrantId }, context) {
    return formatGrant(await requireGrant(AccessGrantId, context), context);
  },
});

export const deleteAccessGrant = operation("DeleteAccessGrant", {
  authorize: (input, context) => askAboutGrant("s3:DeleteAccessGrant", input, context),

  async handle({ AccessGrantId }, context) {
    const { account, region, id } = await requireGrant(AccessGrantId, context);
    context.tx.delete(accessGrants, account, region, id);
    return {};
  },
});

export const listAccessGrants = operation("ListAccessGrants", {
  authorize: (input, context) =>
    ask(input, { action: "s3:ListAccessGrants", resource: instanceArn(context, context) }, context),

  async handle(input, context) {
    await requireInstance(context);
    const { NextToken: token, MaxResults: limit } = input;
    const { rows, next } = await page(context.tx, accessGrants, {
      prefix: [context.account, context.region],
      token,
      limit: limit || undefined,
      max: PAGE_ITEMS_MAX,
      invalidToken: invalidNextToken,
    });
    const wanted = rows.filter((grant) => fits(grant, input));
    return { AccessGrantsList: wanted.map((grant) => formatGrant(grant, context)), NextToken: next };
  },
});

/** Nobody of a directory, and no application, has a grant here. */
function fits({ grantee, permission, scope }: AccessGrant, asked: Validated<ListAccessGrantsRequest>): boolean {
  const { GranteeType = "IAM", GranteeIdentifier = grantee, Permission = permission, GrantScope = scope } = asked;
  const isOfIam = GranteeType === "IAM" && asked.ApplicationArn === undefined;
  return isOfIam && GranteeIdentifier === grantee && Permission === permission && GrantScope === scope;
}
