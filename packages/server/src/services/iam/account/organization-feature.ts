/**
 * Root access of an organization's member accounts, managed from one place.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_EnableOrganizationsRootSessions.html
 */
import type { FeatureType } from "@aws-sdk/client-iam";
import type { OrganizationStanding } from "../../../identity/organization.ts";
import type { Context } from "../../../service/context.ts";
import { notAllFeatures, notManagementOrDelegate, organizationNotFound, serviceAccessNotEnabled } from "../errors.ts";
import { operation, type IamAction } from "../kit.ts";
import { enabledFeatures, IAM_PRINCIPAL, managesRoots, rootFeatures } from "./root-access.ts";

export const enableRootCredentialsManagement = operation("EnableOrganizationsRootCredentialsManagement", {
  authorize: () => onFeatures("EnableOrganizationsRootCredentialsManagement"),
  handle: (_, context) => enable("RootCredentialsManagement", context),
});

export const disableRootCredentialsManagement = operation("DisableOrganizationsRootCredentialsManagement", {
  authorize: () => onFeatures("DisableOrganizationsRootCredentialsManagement"),
  handle: (_, context) => disable("RootCredentialsManagement", context),
});

export const enableRootSessions = operation("EnableOrganizationsRootSessions", {
  authorize: () => onFeatures("EnableOrganizationsRootSessions"),
  handle: (_, context) => enable("RootSessions", context),
});

export const disableRootSessions = operation("DisableOrganizationsRootSessions", {
  authorize: () => onFeatures("DisableOrganizationsRootSessions"),
  handle: (_, context) => disable("RootSessions", context),
});

export const listOrganizationsFeatures = operation("ListOrganizationsFeatures", {
  authorize: () => onFeatures("ListOrganizationsFeatures"),

  async handle(_, context) {
    const standing = await requireManager(context);
    return shown(standing, await enabledFeatures(standing, context.tx));
  },
});

const onFeatures = (action: IamAction) => ({ action: `iam:${action}`, resource: "*" }) as const;

async function enable(feature: FeatureType, context: Context) {
  const standing = await requireManager(context);
  const enabled = await enabledFeatures(standing, context.tx);
  return put(standing, [...new Set([...enabled, feature])], context);
}

async function disable(feature: FeatureType, context: Context) {
  const standing = await requireManager(context);
  const enabled = await enabledFeatures(standing, context.tx);
  return put(
    standing,
    enabled.filter((one) => one !== feature),
    context,
  );
}

function put(standing: OrganizationStanding, enabled: readonly FeatureType[], { tx }: Context) {
  tx.put(rootFeatures, { organizationId: standing.organizationId, enabled });
  return shown(standing, enabled);
}

const shown = ({ organizationId }: OrganizationStanding, enabled: readonly FeatureType[]) => ({
  OrganizationId: organizationId,
  EnabledFeatures: [...enabled],
});

/** @throws {AwsError} where the account manages no organization, or IAM may not work across it */
async function requireManager({ directory, account, tx }: Context): Promise<OrganizationStanding> {
  const standing = await directory.organizationOf(account, tx);
  if (standing === undefined) throw organizationNotFound();
  if (!managesRoots(account, standing)) throw notManagementOrDelegate();
  if (!standing.allFeatures) throw notAllFeatures();
  if (!standing.trustedServices.includes(IAM_PRINCIPAL)) throw serviceAccessNotEnabled();
  return standing;
}
