/**
 * Trails of whole organizations.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/creating-an-organizational-trail-prepare.html
 */
import { formatArn } from "../../kernel/arn.ts";
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
import { organizationTrails, type Trail } from "./trail-row.ts";

type IamSdk = typeof import("@aws-sdk/client-iam");

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/using-service-linked-roles.html */
const ROLE_NAME = "AWSServiceRoleForCloudTrail";

/** The id of the organization that the trail is to be for. @throws {AwsError} where the account may not have such a trail */
export async function organizationFor(
  before: Trail,
  wanted: boolean | undefined,
  context: Context,
): Promise<string | undefined> {
  if (wanted === undefined) return before.organization;
  if (!wanted) return undefined;
  const standing = await context.directory.organizationOf(context.account, context.tx);
  if (standing === undefined) throw notInOrganization();
  if (standing.managementAccount !== context.account) throw notManagementAccount();
  if (!standing.allFeatures) throw featuresMissing();
  if (!standing.trustedServices.includes(PRINCIPAL.service)) throw accessNotEnabled();
  await provideRole(context);
  return standing.organizationId;
}

/** The caller needs the right to have the service-linked role made. */
async function provideRole(context: Context): Promise<void> {
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
