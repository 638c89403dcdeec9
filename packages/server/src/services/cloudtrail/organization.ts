/**
 * Trails of whole organizations.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
 */
import type { OrganizationStanding } from "../../identity/organization.ts";
import { formatArn, type AccountId } from "../../kernel/arn.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import type { Transaction } from "../../kernel/table.ts";
import type { Context } from "../../service/context.ts";
import {
  accessNotEnabled,
  dependencyDenied,
  featuresMissing,
  notInOrganization,
  notManagementAccount,
} from "./errors.ts";
import { PRINCIPAL } from "./kit.ts";
import { organizationTrails, type Listener, type Trail } from "./trail-row.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/using-service-linked-roles.html */
const ROLE_NAME = "AWSServiceRoleForCloudTrail";

/** The id of the organization that the trail or the store is to be for. @throws {AwsError} where the account may not have such a one */
export async function organizationFor(
  before: Pick<Listener, "organization">,
  wanted: boolean | undefined,
  context: Context,
): Promise<string | undefined> {
  if (wanted === undefined) return before.organization;
  if (!wanted) return undefined;
  const standing = await context.directory.organizationOf(context.account, context.tx);
  if (standing === undefined) throw notInOrganization();
  if (!speaksForOrganization(standing, context.account)) throw notManagementAccount();
  requireTrusted(standing);
  await provideRole(context);
  return standing.organizationId;
}

/** @throws {AwsError} where CloudTrail may not work across the organization */
export function requireTrusted(standing: OrganizationStanding): void {
  if (!standing.allFeatures) throw featuresMissing();
  if (!standing.trustedServices.includes(PRINCIPAL.service)) throw accessNotEnabled();
}

/** The management account does, and whom it delegated to. */
const speaksForOrganization = (standing: OrganizationStanding, account: AccountId): boolean =>
  standing.managementAccount === account || standing.delegatedServices.includes(PRINCIPAL.service);

/**
 * The account that trails belong to which this one makes and changes for the whole organization: a delegated
 * administrator's are the management account's.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html
 */
export async function ownerFor(context: Context): Promise<AccountId> {
  const standing = await context.directory.organizationOf(context.account, context.tx);
  return standing !== undefined && standing.delegatedServices.includes(PRINCIPAL.service)
    ? standing.managementAccount
    : context.account;
}

/** The caller needs the right to have the service-linked role made. */
export async function provideRole(context: Context): Promise<void> {
  const { partition, account, directory, tx } = context;
  const resource = `role/aws-service-role/${PRINCIPAL.service}/${ROLE_NAME}`;
  if (await directory.findRole(formatArn({ partition, service: "iam", region: "", account, resource }), tx)) return;
  try {
    await context.call<IamSdk, "CreateServiceLinkedRole">({
      service: "iam",
      operation: "CreateServiceLinkedRole",
      input: { AWSServiceName: PRINCIPAL.service },
    });
  } catch (error) {
    throw error instanceof AwsError && error.code === "AccessDenied" ? dependencyDenied(error.message) : error;
  }
}

export function leaveOrganization({ organization, account, region, name }: Trail, tx: Transaction): void {
  if (organization !== undefined) tx.delete(organizationTrails, organization, account, region, name);
}
