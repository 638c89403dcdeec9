/**
 * Locations: parts of the data that are registered with the roles that reach them.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-grants-location.html
 */
import { formatArn, parseAccountId, parseArn } from "../../../../kernel/arn.ts";
import type { Access } from "../../../../service/access.ts";
import type { Context } from "../../../../service/context.ts";
import { findOrdinaryBucket } from "../../bucket/row.ts";
import { ask, type AccountInput } from "../access.ts";
import {
  badLocation,
  invalidNextToken,
  invalidRole,
  locationExists,
  locationNotEmpty,
  tooManyLocations,
} from "../errors.ts";
import { filteredPage } from "../../listing/filtered-page.ts";
import { operation } from "../kit.ts";
import { GRANT_LOCATIONS_MAX } from "../limits.ts";
import { requestTagsOf, toTags } from "../tag.ts";
import { requireOrdered } from "./granted.ts";
import { askOfInstance } from "./granter.ts";
import { grantsInstances, locationArn, locations, requireInstance, requireLocation, type Location } from "./row.ts";
import { partsOf } from "./scope.ts";

interface LocationInput extends AccountInput {
  readonly AccessGrantsLocationId: string;
}

async function askAboutLocation(action: string, input: LocationInput, context: Context): Promise<Access> {
  const { account, region, tx } = context;
  const id = input.AccessGrantsLocationId;
  const location = await tx.get(locations, account, region, id);
  const resource = locationArn({ account, region, id }, context);
  const keys = { "s3:AccessGrantsLocationScope": location?.scope };
  return ask(input, { action, resource, resourceTags: location?.tags, keys }, context);
}

/** Who registers a role lends it out. */
function passRole(roleArn: string): Access {
  const parts = parseArn(roleArn);
  const owner = parseAccountId(parts?.account ?? "");
  if (parts?.service !== "iam" || owner === undefined) throw invalidRole();
  const keys = { "iam:PassedToService": "access-grants.s3.amazonaws.com" };
  return { action: "iam:PassRole", resource: formatArn(parts), owner, keys };
}

export const createAccessGrantsLocation = operation("CreateAccessGrantsLocation", {
  authorize(input, context) {
    const { Tags = [], LocationScope, IAMRoleArn } = input;
    const create = ask(
      input,
      {
        action: "s3:CreateAccessGrantsLocation",
        // Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html (accessgrantslocation)
        resource: locationArn({ account: context.account, region: context.region, id: "*" }, context),
        keys: { "s3:AccessGrantsLocationScope": LocationScope },
        ...(Tags.length > 0 && { requestTags: requestTagsOf(Tags) }),
      },
      context,
    );
    return [create, passRole(IAMRoleArn)];
  },

  async handle({ LocationScope: scope, IAMRoleArn: roleArn, Tags = [] }, context) {
    const { account, region, tx } = context;
    const { held, ...instance } = await requireOrdered(context);
    await requireScope(scope, context);
    await requireRole(roleArn, context);
    const all = await tx.scan(locations, { prefix: [account, region], limit: Number.MAX_SAFE_INTEGER });
    if (all.some((location) => location.scope === scope)) throw locationExists();
    if (held.locations >= GRANT_LOCATIONS_MAX) throw tooManyLocations(GRANT_LOCATIONS_MAX);
    const id = scope === "s3://" ? "default" : context.newId();
    const createdAtMs = context.now().getTime();
    const location = { account, region, id, scope, roleArn, createdAtMs, tags: toTags(Tags), grants: 0 };
    tx.put(locations, location);
    tx.put(grantsInstances, { ...instance, held: { ...held, locations: held.locations + 1 } });
    return formatLocation(location, context);
  },
});

/** @throws {AwsError} `InvalidAccessGrantsLocation` where it names no bucket of the account and region. */
async function requireScope(scope: string, { tx, account, region }: Context): Promise<void> {
  if (scope === "s3://") return;
  const { bucket: name } = partsOf(scope);
  const bucket = scope.startsWith("s3://") ? await findOrdinaryBucket(name, { tx }) : undefined;
  if (bucket?.owner !== account || bucket.region !== region) throw badLocation();
}

/** @throws {AwsError} `InvalidIamRole` */
async function requireRole(roleArn: string, { directory, tx, account }: Context): Promise<void> {
  const role = await directory.findRole(roleArn, tx);
  if (role?.account !== account) throw invalidRole();
}

const formatLocation = (location: Location, context: Context) => ({
  CreatedAt: new Date(location.createdAtMs),
  AccessGrantsLocationId: location.id,
  AccessGrantsLocationArn: locationArn(location, context),
  LocationScope: location.scope,
  IAMRoleArn: location.roleArn,
});

export const getAccessGrantsLocation = operation("GetAccessGrantsLocation", {
  authorize: (input, context) => askAboutLocation("s3:GetAccessGrantsLocation", input, context),

  async handle({ AccessGrantsLocationId }, context) {
    return formatLocation(await requireLocation(AccessGrantsLocationId, context), context);
  },
});

export const updateAccessGrantsLocation = operation("UpdateAccessGrantsLocation", {
  authorize: async (input, context) => [
    await askAboutLocation("s3:UpdateAccessGrantsLocation", input, context),
    passRole(input.IAMRoleArn),
  ],

  async handle({ AccessGrantsLocationId, IAMRoleArn: roleArn }, context) {
    const location = { ...(await requireLocation(AccessGrantsLocationId, context)), roleArn };
    await requireRole(roleArn, context);
    context.tx.put(locations, location);
    return formatLocation(location, context);
  },
});

export const listAccessGrantsLocations = operation("ListAccessGrantsLocations", {
  authorize: (input, context) => askOfInstance("s3:ListAccessGrantsLocations", input, { context }),

  async handle({ NextToken: token, MaxResults: limit, LocationScope: only }, context) {
    await requireInstance(context);
    const { rows, next } = await filteredPage(context.tx, locations, {
      prefix: [context.account, context.region],
      fits: ({ scope }) => only === undefined || scope === only,
      token,
      limit,
      invalidToken: invalidNextToken,
    });
    return { AccessGrantsLocationsList: rows.map((location) => formatLocation(location, context)), NextToken: next };
  },
});

export const deleteAccessGrantsLocation = operation("DeleteAccessGrantsLocation", {
  authorize: (input, context) => askAboutLocation("s3:DeleteAccessGrantsLocation", input, context),

  async handle({ AccessGrantsLocationId }, context) {
    await requireLocation(AccessGrantsLocationId, context);
    const { held, ...instance } = await requireOrdered(context);
    const { account, region, id, grants = 0 } = await requireLocation(AccessGrantsLocationId, context);
    if (grants > 0) throw locationNotEmpty();
    context.tx.delete(locations, account, region, id);
    context.tx.put(grantsInstances, { ...instance, held: { ...held, locations: held.locations - 1 } });
    return {};
  },
});
