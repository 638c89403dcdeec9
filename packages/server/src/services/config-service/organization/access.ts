/**
 * Who puts rules and packs into the accounts of an organization.
 * Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html
 */
import type { Account } from "@aws-sdk/client-organizations";
import type { RoleSession } from "../../../identity/principal.ts";
import { AwsError } from "../../../kernel/aws-error.ts";
import type { Context } from "../../../service/context.ts";
import { featuresMissing, organizationDenied, organizationMissing } from "../errors.ts";
import { allPages } from "../resource/kind.ts";
import { MULTI_ACCOUNT, provideRole } from "../service-linked.ts";

type OrganizationsSdk = typeof import("@aws-sdk/client-organizations");

/** @throws {AwsError} `OrganizationAccessDeniedException` */
export async function requireAdministrator({ directory, account, tx }: Context): Promise<void> {
  const standing = await directory.organizationOf(account, tx);
  const speaks =
    standing?.managementAccount === account || standing?.delegatedServices.includes(MULTI_ACCOUNT.service) === true;
  if (!speaks) throw organizationDenied();
}

/** What the first of them makes: trusted access, and the role. @throws {AwsError} where the account may not */
export async function provideAccess(context: Context): Promise<void> {
  const { directory, account, tx } = context;
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined) throw organizationMissing();
  await requireAdministrator(context);
  if (!standing.allFeatures) throw featuresMissing();
  if (!standing.trustedServices.includes(MULTI_ACCOUNT.service)) await enableAccess(context);
  await provideRole(MULTI_ACCOUNT, context);
}

async function enableAccess(context: Context): Promise<void> {
  try {
    await context.call<OrganizationsSdk, "EnableAWSServiceAccess">({
      service: "organizations",
      operation: "EnableAWSServiceAccess",
      input: { ServicePrincipal: MULTI_ACCOUNT.service },
    });
  } catch (error) {
    throw error instanceof AwsError ? organizationDenied() : error;
  }
}

/** All accounts of the organization that `as` may list. @throws {AwsError} where it may not */
export const accountsOf = (as: RoleSession, context: Context): Promise<Account[]> =>
  allPages(async (NextToken) => {
    const { Accounts: items = [], NextToken: next } = await context.call<OrganizationsSdk, "ListAccounts">({
      service: "organizations",
      operation: "ListAccounts",
      input: { NextToken },
      as,
    });
    return { items, next };
  });
