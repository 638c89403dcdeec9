/**
 * Instances of IAM Identity Center.
 * Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/identity-center-instances.html
 */
import type { InstanceMetadata } from "@aws-sdk/client-sso-admin";
import type { Context } from "../../../service/context.ts";
import { accessAttributes } from "../access-attribute-row.ts";
import { assignments } from "../assignment-row.ts";
import {
  dropInstance,
  instanceArn,
  instanceOfAccount,
  instanceOfOrganization,
  newHexId,
  putInstance,
  SSO_PRINCIPAL,
  standingOf,
  storeArn,
  type Instance,
} from "../instance-row.ts";
import { dropGroups } from "../group-row.ts";
import { permissionSetNames, permissionSets } from "../permission-set-row.ts";
import { dropSamlKey } from "../saml-key.ts";
import { dropUsers } from "../user-row.ts";
import { askInstance, requireInstance, requireSeen } from "./access.ts";
import {
  accessDenied,
  instanceExists,
  keyUnavailable,
  oneAtATime,
  permissionSetInUse,
  permissionSetsStay,
  regionNotFound,
} from "./errors.ts";
import { applicationAssignments, applications } from "./application-row.ts";
import { issuers } from "./trusted-token-issuer.ts";
import { requests } from "./request.ts";
import { operation } from "./kit.ts";
import { listOf } from "./paging.ts";
import { requestTags, withTags } from "./tags.ts";

/**
 * Differs: AWS makes an organization's instance in its console only and refuses the management account here. There
 * is no console, so the management account makes the organization's instance with this call; with it IAM Identity
 * Center gets trusted access to the organization, as from the console.
 */
export const createInstance = operation("CreateInstance", {
  authorize: ({ Tags }, { partition }) =>
    askInstance(
      "CreateInstance",
      { InstanceArn: `arn:${partition}:sso:::instance/*` },
      { requestTags: requestTags(Tags) },
    ),

  async handle({ Name: name, Tags, ClientToken: token }, context) {
    const { account, region, partition, tx } = context;
    const present = await instanceOfAccount(account, tx);
    if (present) {
      if (token === undefined || present.token !== token) throw instanceExists();
      return { InstanceArn: instanceArn(present) };
    }
    const standing = await context.directory.organizationOf(account, tx);
    const kind = standing?.managementAccount === account ? "organization" : "account";
    const id = `ssoins-${newHexId()}`;
    const instance: Instance = {
      id,
      storeId: `d-${newHexId(10)}`,
      kind,
      permissionSets: kind === "organization",
      account,
      region,
      partition,
      name,
      token,
      createdAtMs: context.now().getTime(),
      tags: withTags({}, Tags, id),
    };
    if (kind === "organization") await trust(context);
    putInstance(instance, tx);
    return { InstanceArn: instanceArn(instance) };
  },
});

async function trust(context: Context): Promise<void> {
  await context.call<typeof import("@aws-sdk/client-organizations"), "EnableAWSServiceAccess">({
    service: "organizations",
    operation: "EnableAWSServiceAccess",
    input: { ServicePrincipal: SSO_PRINCIPAL },
  });
}

export const describeInstance = operation("DescribeInstance", {
  authorize: (input) => askInstance("DescribeInstance", input),

  async handle(input, context) {
    const instance = await requireSeen(input, context);
    return {
      ...formatInstance(instance),
      EncryptionConfigurationDetails: ENCRYPTION,
      PermissionSetsEnabled: instance.permissionSets,
    };
  },
});

/** Its own and its organization's. */
export const listInstances = operation("ListInstances", {
  authorize: () => ({ action: "sso:ListInstances", resource: "*" }),

  async handle(paging, context) {
    const found = [await instanceOfOrganization(context), await instanceOfAccount(context.account, context.tx)];
    const visible: Instance[] = [];
    for (const instance of found) {
      if (!instance || visible.some(({ id }) => id === instance.id)) continue;
      if ((await standingOf(instance, context)) !== "none") visible.push(instance);
    }
    const { rows, rest } = listOf(visible, paging, ({ id }) => id);
    return { Instances: rows.map(formatInstance), ...rest };
  },
});

export const updateInstance = operation("UpdateInstance", {
  authorize: (input) => askInstance("UpdateInstance", input),

  async handle({ Name: name, EncryptionConfiguration: encryption, PermissionSetsEnabled: enabled, ...input }, context) {
    const instance = await requireInstance(input, context);
    if (instance.account !== context.account) throw accessDenied();
    if (enabled !== undefined && encryption !== undefined) throw oneAtATime();
    if (enabled === false) throw permissionSetsStay();
    if (encryption?.KeyType === "CUSTOMER_MANAGED_KEY") throw keyUnavailable();
    const permissionSetsToo = enabled === true || instance.permissionSets;
    putInstance({ ...instance, permissionSets: permissionSetsToo, ...(name !== undefined && { name }) }, context.tx);
    return {};
  },
});

/** Everything in it goes with it. The roles in accounts stay until their assignments are taken away, so these go first. */
export const deleteInstance = operation("DeleteInstance", {
  authorize: (input) => askInstance("DeleteInstance", input),

  async handle(input, context) {
    const { tx } = context;
    const instance = await requireInstance(input, context);
    if (instance.account !== context.account) throw accessDenied();
    const [assigned] = await tx.scan(assignments, { prefix: [instance.id], limit: 1 });
    if (assigned) throw permissionSetInUse();
    const all = { prefix: [instance.id], limit: ROWS_MAX };
    await tx.clear(permissionSets, all);
    await tx.clear(permissionSetNames, all);
    await tx.clear(applications, all);
    await tx.clear(applicationAssignments, all);
    await tx.clear(issuers, all);
    await tx.clear(requests, all);
    await dropUsers(instance.storeId, tx);
    await dropGroups(instance.storeId, tx);
    tx.delete(accessAttributes, instance.id);
    dropSamlKey(instance, context);
    dropInstance(instance, tx);
    return {};
  },
});

/** Differs: what is at rest lies under the cloud's own key; a customer's key cannot be chosen. */
const ENCRYPTION = { KeyType: "AWS_OWNED_KMS_KEY", EncryptionStatus: "ENABLED" } as const;

const ROWS_MAX = 100_000;

/** An instance is in the one region that it was made in. */
export const listRegions = operation("ListRegions", {
  authorize: (input) => askInstance("ListRegions", input),

  async handle(input, context) {
    return { Regions: [regionOf(await requireInstance(input, context))] };
  },
});

export const describeRegion = operation("DescribeRegion", {
  authorize: (input) => askInstance("DescribeRegion", input),

  async handle({ RegionName, ...input }, context) {
    const instance = await requireInstance(input, context);
    if (RegionName !== instance.region) throw regionNotFound(RegionName);
    return regionOf(instance);
  },
});

const regionOf = ({ region, createdAtMs }: Instance) =>
  ({ RegionName: region, Status: "ACTIVE", AddedDate: new Date(createdAtMs), IsPrimaryRegion: true }) as const;

const formatInstance = (instance: Instance): InstanceMetadata => ({
  InstanceArn: instanceArn(instance),
  IdentityStoreId: instance.storeId,
  IdentityStoreArn: storeArn(instance),
  PrimaryRegion: instance.region,
  OwnerAccountId: instance.account,
  ...(instance.name !== undefined && { Name: instance.name }),
  CreatedDate: new Date(instance.createdAtMs),
  Status: "ACTIVE",
});
