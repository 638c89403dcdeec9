/** Turning on sharing within an organization. Source: https://docs.aws.amazon.com/ram/latest/userguide/getting-started-sharing.html#getting-started-sharing-orgs */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import { ask } from "./access.ts";
import { cannotEnableSharing } from "./errors.ts";
import { operation, type IamSdk, type OrganizationsSdk } from "./kit.ts";
import { RAM_PRINCIPAL, serviceRoleArn } from "./sharing-organization.ts";

/** What the caller may not do in Organizations and IAM, it may not do this way. */
export const enableSharingWithAwsOrganization = operation("EnableSharingWithAwsOrganization", {
  authorize: () => ask("EnableSharingWithAwsOrganization"),

  async handle(_, context) {
    await requireManagement(context);
    await trust(context);
    const { directory, tx, partition, account } = context;
    if ((await directory.findRole(serviceRoleArn(partition, account), tx)) === undefined) {
      await context.call<IamSdk, "CreateServiceLinkedRole">({
        service: "iam",
        operation: "CreateServiceLinkedRole",
        input: { AWSServiceName: RAM_PRINCIPAL },
      });
    }
    return { returnValue: true };
  },
});

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ram/test_ram.py (the words) */
async function requireManagement({ directory, account, tx }: Context): Promise<void> {
  const standing = await directory.organizationOf(account, tx);
  if (standing?.managementAccount !== account) {
    throw cannotEnableSharing("AccessDeniedException", "You don't have permissions to access this resource.");
  }
}

async function trust(context: Context): Promise<void> {
  try {
    await context.call<OrganizationsSdk, "EnableAWSServiceAccess">({
      service: "organizations",
      operation: "EnableAWSServiceAccess",
      input: { ServicePrincipal: RAM_PRINCIPAL },
    });
  } catch (error) {
    if (error instanceof AwsError) throw cannotEnableSharing(error.code, error.message);
    throw error;
  }
}
