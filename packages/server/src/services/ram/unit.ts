/** Whether an organization has a unit: RAM asks Organizations by the role that it has in the management account. */
import type { OrganizationStanding } from "../../identity/organization.ts";
import type { RoleSession } from "../../identity/principal.ts";
import { formatArn, type AccountId } from "../../kernel/arn.ts";
import { assert } from "../../kernel/assert.ts";
import { AwsError } from "../../kernel/aws-error.ts";
import { HOUR_MS } from "../../kernel/duration.ts";
import type { Context } from "../../service/context.ts";
import type { OrganizationsSdk } from "./kit.ts";
import { serviceRoleArn } from "./sharing-organization.ts";

export async function findsUnit(
  OrganizationalUnitId: string,
  { managementAccount: account }: OrganizationStanding,
  context: Context,
): Promise<boolean> {
  try {
    await context.call<OrganizationsSdk, "DescribeOrganizationalUnit">({
      service: "organizations",
      operation: "DescribeOrganizationalUnit",
      input: { OrganizationalUnitId },
      as: await serviceRole(account, context),
      account,
    });
    return true;
  } catch (error) {
    if (error instanceof AwsError && error.code === "OrganizationalUnitNotFoundException") return false;
    throw error;
  }
}

/** A session of RAM's own role in the management account, which may look at the organization. */
async function serviceRole(account: AccountId, context: Context): Promise<RoleSession> {
  const { directory, tx, partition } = context;
  const role = await directory.findRole(serviceRoleArn(partition, account), tx);
  assert(role !== undefined, "where sharing is enabled, RAM has its role");
  const sessionName = "ram";
  const issuedAtMs = context.now().getTime();
  return {
    type: "role-session",
    account,
    arn: formatArn({
      partition,
      service: "sts",
      region: "",
      account,
      resource: `assumed-role/${role.roleName}/${sessionName}`,
    }),
    userId: `${role.roleId}:${sessionName}`,
    roleArn: role.arn,
    roleId: role.roleId,
    roleName: role.roleName,
    sessionName,
    accessKeyId: context.newId("temporaryKey"),
    session: {
      issuedAtMs,
      expiresAtMs: issuedAtMs + HOUR_MS,
      tags: {},
      transitiveTagKeys: [],
      policies: [],
      policyArns: [],
      chained: false,
    },
  };
}
