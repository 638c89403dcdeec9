/**
 * Member accounts that look after an organization's trails.
 * Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_RegisterOrganizationDelegatedAdmin.html
 */
import { AwsError } from "../../kernel/aws-error.ts";
import type { Context } from "../../service/context.ts";
import {
  accountNotFound,
  accountNotRegistered,
  accountRegistered,
  cannotDelegateManagement,
  dependencyDenied,
  notInOrganization,
  notManagementAccount,
  tooManyAdministrators,
} from "./errors.ts";
import { operation, PRINCIPAL } from "./kit.ts";
import { DELEGATED_ADMINISTRATORS_MAX } from "./limits.ts";
import { provideRole, requireTrusted } from "./organization.ts";
import { onAll } from "./trail-name.ts";

type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");

const ServicePrincipal = PRINCIPAL.service;

export const registerOrganizationDelegatedAdmin = operation("RegisterOrganizationDelegatedAdmin", {
  authorize: () => onAll("RegisterOrganizationDelegatedAdmin"),

  async handle({ MemberAccountId: AccountId }, context) {
    const standing = await requireManagement(context);
    if (AccountId === standing.managementAccount) throw cannotDelegateManagement();
    requireTrusted(standing);
    await provideRole(context);
    if ((await administrators(context)) >= DELEGATED_ADMINISTRATORS_MAX) throw tooManyAdministrators();
    await asOrganizations(() =>
      context.call<OrganizationsSdk, "RegisterDelegatedAdministrator">({
        service: "organizations",
        operation: "RegisterDelegatedAdministrator",
        input: { AccountId, ServicePrincipal },
      }),
    );
    return {};
  },
});

export const deregisterOrganizationDelegatedAdmin = operation("DeregisterOrganizationDelegatedAdmin", {
  authorize: () => onAll("DeregisterOrganizationDelegatedAdmin"),

  async handle({ DelegatedAdminAccountId: AccountId }, context) {
    await requireManagement(context);
    await asOrganizations(() =>
      context.call<OrganizationsSdk, "DeregisterDelegatedAdministrator">({
        service: "organizations",
        operation: "DeregisterDelegatedAdministrator",
        input: { AccountId, ServicePrincipal },
      }),
    );
    return {};
  },
});

async function requireManagement({ directory, account, tx }: Context) {
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined) throw notInOrganization();
  if (standing.managementAccount !== account) throw notManagementAccount();
  return standing;
}

async function administrators(context: Context): Promise<number> {
  const { DelegatedAdministrators = [] } = await asOrganizations(() =>
    context.call<OrganizationsSdk, "ListDelegatedAdministrators">({
      service: "organizations",
      operation: "ListDelegatedAdministrators",
      input: { ServicePrincipal },
    }),
  );
  return DelegatedAdministrators.length;
}

/** What Organizations refuses, in CloudTrail's words. */
async function asOrganizations<Output>(work: () => Promise<Output>): Promise<Output> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof AwsError ? refusalOf(error) : error;
  }
}

function refusalOf(error: AwsError): AwsError {
  switch (error.code) {
    case "AccountNotFoundException":
      return accountNotFound();
    case "AccountAlreadyRegisteredException":
      return accountRegistered();
    case "AccountNotRegisteredException":
    case "InvalidInputException":
      return accountNotRegistered();
    case "AccessDeniedException":
      return dependencyDenied(error.message);
    default:
      return error;
  }
}
