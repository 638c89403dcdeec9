/**
 * Grants, and what they are good for: credentials for the part of the data that was granted.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-grant.html
 */
import type { CreateAccessGrantRequest, ListAccessGrantsRequest } from "@aws-sdk/client-s3-control";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import type { Validated } from "../../../../service/sdk.ts";
import { ask, type AccountInput } from "../access.ts";
import { badGrant, grantExists, identityCenterNotBuilt, invalidNextToken, tooManyGrants } from "../errors.ts";
import { filteredPage } from "../../listing/filtered-page.ts";
import { operation } from "../kit.ts";
import { GRANTS_MAX } from "../limits.ts";
import { requestTagsOf, toTags } from "../tag.ts";
import { addGrant, dropGrant, GRANTEE, grantedScopes, headOf, keyOfGrantee, requireOrdered } from "./granted.ts";
import { askOfInstance } from "./granter.ts";
import {
  accessGrants,
  grantArn,
  locationArn,
  locations,
  requireGrant,
  requireInstance,
  requireLocation,
  type AccessGrant,
  type Location,
} from "./row.ts";
import { joinScope, partsOf } from "./scope.ts";

type CreateInput = Validated<CreateAccessGrantRequest>;

export const createAccessGrant = operation("CreateAccessGrant", {
  async authorize(input, context) {
    const { Tags = [], AccessGrantsLocationId: id } = input;
    const { account, region, tx } = context;
    const location = await tx.get(locations, account, region, id);
    return ask(
      input,
      {
        action: "s3:CreateAccessGrant",
        resource: locationArn({ account, region, id }, context),
        resourceTags: location?.tags,
        keys: { "s3:AccessGrantScope": location && scopeOf(input, location) },
        ...(Tags.length > 0 && { requestTags: requestTagsOf(Tags) }),
      },
      context,
    );
  },

  async handle(input, context) {
    const { account, region, tx } = context;
    const { held } = await requireOrdered(context);
    const location = await requireLocation(input.AccessGrantsLocationId, context);
    const scope = scopeOf(input, location);
    requireNarrowed(scope, location);
    requireType(input, scope);
    const grantee = requireGrantee(input);
    const begunAlike = { prefix: [...keyOfGrantee(context, grantee), headOf(scope)], limit: Number.MAX_SAFE_INTEGER };
    const near = await tx.scan(grantedScopes, begunAlike);
    if (near.some((one) => one.scope === scope && one.permission === input.Permission)) throw grantExists();
    if (held.grants >= GRANTS_MAX) throw tooManyGrants(GRANTS_MAX);
    const grant: AccessGrant = {
      account,
      region,
      id: context.newId(),
      location: location.id,
      subPrefix: input.AccessGrantsLocationConfiguration?.S3SubPrefix,
      scope,
      grantee,
      permission: input.Permission,
      createdAtMs: context.now().getTime(),
      tags: toTags(input.Tags ?? []),
    };
    await addGrant(grant, context);
    return formatGrant(grant, context);
  },
});

const scopeOf = ({ AccessGrantsLocationConfiguration: narrowed }: CreateInput, { scope }: Location): string =>
  joinScope(scope, narrowed?.S3SubPrefix);

/**
 * Nobody is granted all the data of a region.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_AccessGrantsLocationConfiguration.html
 */
function requireNarrowed(scope: string, location: Location): void {
  if (location.scope === "s3://" && !/^[\w.-]+$/.test(partsOf(scope).bucket)) throw badGrant();
}

/** One object is named as such, a prefix ends in a star. */
function requireType({ S3PrefixType }: CreateInput, scope: string): void {
  const isPrefix = scope.endsWith("*") || scope.endsWith("/");
  if (isPrefix === (S3PrefixType === "Object")) throw badGrant();
}

function requireGrantee({ Grantee, ApplicationArn }: CreateInput): string {
  const { GranteeType, GranteeIdentifier } = Grantee;
  if (GranteeType !== "IAM" || ApplicationArn !== undefined) throw identityCenterNotBuilt();
  if (GranteeIdentifier === undefined || !GRANTEE.test(GranteeIdentifier)) throw badGrant();
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
  const keys = { "s3:AccessGrantScope": grant?.scope };
  return ask(input, { action, resource, resourceTags: grant?.tags, keys }, context);
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
    await dropGrant(await requireGrant(AccessGrantId, context), context);
    return {};
  },
});

type ListInput = Validated<ListAccessGrantsRequest>;

export const listAccessGrants = operation("ListAccessGrants", {
  authorize: (input, context) => askOfInstance("s3:ListAccessGrants", input, { context }),

  async handle(input, context) {
    await requireInstance(context);
    const { rows, next } = await (input.GranteeIdentifier === undefined
      ? pageOfAll(input, context)
      : pageOfGrantee(input.GranteeIdentifier, input, context));
    return { AccessGrantsList: rows.map((grant) => formatGrant(grant, context)), NextToken: next };
  },
});

const pageOfAll = (input: ListInput, { tx, account, region }: Context) =>
  filteredPage(tx, accessGrants, {
    prefix: [account, region],
    fits: (grant) => fits(grant, input),
    token: input.NextToken,
    limit: input.MaxResults,
    invalidToken: invalidNextToken,
  });

async function pageOfGrantee(grantee: string, input: ListInput, context: Context) {
  // nobody has a name like that
  if (!GRANTEE.test(grantee)) return { rows: [] };
  await requireOrdered(context);
  const { rows, next } = await filteredPage(context.tx, grantedScopes, {
    prefix: keyOfGrantee(context, grantee),
    startsWith: headOf(input.GrantScope ?? ""),
    fits: (grant) => fits(grant, input),
    token: input.NextToken,
    limit: input.MaxResults,
    invalidToken: invalidNextToken,
  });
  return { rows: await Promise.all(rows.map(({ id }) => requireGrant(id, context))), next };
}

/** Nobody of a directory, and no application, has a grant here. */
function fits({ permission, scope }: Pick<AccessGrant, "permission" | "scope">, asked: ListInput): boolean {
  const { GranteeType = "IAM", Permission = permission, GrantScope = scope } = asked;
  const isOfIam = GranteeType === "IAM" && asked.ApplicationArn === undefined;
  return isOfIam && Permission === permission && GrantScope === scope;
}
