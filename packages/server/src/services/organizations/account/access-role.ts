/** The roles that Organizations makes in accounts: IAM keeps them. */
import { formatArn, type AccountId } from "../../../kernel/arn.ts";
import type { Context } from "../../../service/context.ts";
import { linkedRoleDenied } from "../errors.ts";
import type { Organization } from "../organization/row.ts";

/** Where `RoleName` is left out. Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateAccount.html */
export const ACCESS_ROLE_USUAL = "OrganizationAccountAccessRole";

const iamArn = (partition: string, account: string, resource: string) =>
  formatArn({ partition, service: "iam", region: "", account, resource });

/** The role by which the management account administers an account that it made. */
export async function makeAccessRole(
  organization: Organization,
  { account, name }: { readonly account: AccountId; readonly name: string },
  context: Context,
): Promise<void> {
  const { partition, managementAccount } = organization;
  await context.directory.createRole(
    {
      kind: "own",
      account,
      name,
      trusts: { AWS: iamArn(partition, managementAccount, "root") },
      policyArn: iamArn(partition, "aws", "policy/AdministratorAccess"),
    },
    context,
  );
}

/**
 * The role by which Organizations lets other services make theirs, in every account of an
 * organization with all features.
 * Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_integrate_services-using_slrs.html
 */
export async function makeLinkedRole(account: AccountId, context: Context): Promise<void> {
  await context.directory.createRole({ kind: "service-linked", account, service: SERVICE }, context);
}

const SERVICE = "organizations.amazonaws.com";

/**
 * The same in the caller's own account, where the caller needs the right to it.
 * Source: https://docs.aws.amazon.com/organizations/latest/APIReference/API_CreateOrganization.html (Errors)
 *
 * @throws {AwsError} `AccessDeniedForDependencyException`
 */
export async function makeOwnLinkedRole(context: Context): Promise<void> {
  const { account, partition, tx } = context;
  const resource = iamArn(partition, account, `role/aws-service-role/${SERVICE}/AWSServiceRoleForOrganizations`);
  if (await context.directory.findRole(resource, tx)) return;
  const keys = { "iam:AWSServiceName": SERVICE };
  const { decision } = await context.decide({ action: "iam:CreateServiceLinkedRole", resource, keys });
  if (decision === "deny") throw linkedRoleDenied();
  await makeLinkedRole(account, context);
}
