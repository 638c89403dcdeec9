/** How much of everything an account has and may have. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
import type { SummaryKeyType } from "@aws-sdk/client-iam";
import type { Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { accessKeysOf } from "../credential/access-key.ts";
import { mfaDevicesOf } from "../credential/mfa-device.ts";
import { rootOf } from "../credential/owner.ts";
import { signingCertificatesOf } from "../credential/signing-certificate.ts";
import { operation } from "../kit.ts";
import {
  ACCOUNT_QUOTAS,
  INLINE_POLICY_CHARACTERS_MAX,
  MANAGED_POLICY_CHARACTERS_MAX,
  POLICY_VERSIONS_IN_USE_MAX,
  QUOTAS,
  TRUST_POLICY_CHARACTERS_MAX,
} from "../limits.ts";
import { policyVersions } from "../policy/version-row.ts";
import { countOf } from "./count.ts";
import { tokenVersion } from "./token-preference.ts";

type Summary = Partial<Record<SummaryKeyType, number>>;

const QUOTA_SUMMARY: Summary = {
  UsersQuota: ACCOUNT_QUOTAS.users.max,
  GroupsQuota: ACCOUNT_QUOTAS.groups.max,
  RolesQuota: ACCOUNT_QUOTAS.roles.max,
  PoliciesQuota: ACCOUNT_QUOTAS.policies.max,
  InstanceProfilesQuota: ACCOUNT_QUOTAS.instanceProfiles.max,
  ServerCertificatesQuota: ACCOUNT_QUOTAS.serverCertificates.max,
  UserPolicySizeQuota: INLINE_POLICY_CHARACTERS_MAX.user,
  GroupPolicySizeQuota: INLINE_POLICY_CHARACTERS_MAX.group,
  RolePolicySizeQuota: INLINE_POLICY_CHARACTERS_MAX.role,
  PolicySizeQuota: MANAGED_POLICY_CHARACTERS_MAX,
  AssumeRolePolicySizeQuota: TRUST_POLICY_CHARACTERS_MAX,
  GroupsPerUserQuota: QUOTAS.GroupsPerUser,
  SigningCertificatesPerUserQuota: QUOTAS.CertificatesPerUser,
  AccessKeysPerUserQuota: QUOTAS.AccessKeysPerUser,
  AttachedPoliciesPerGroupQuota: QUOTAS.PoliciesPerGroup,
  AttachedPoliciesPerRoleQuota: QUOTAS.PoliciesPerRole,
  AttachedPoliciesPerUserQuota: QUOTAS.PoliciesPerUser,
  VersionsPerPolicyQuota: QUOTAS.VersionsPerPolicy,
  PolicyVersionsInUseQuota: POLICY_VERSIONS_IN_USE_MAX,
};

export const getAccountSummary = operation("GetAccountSummary", {
  authorize: () => ({ action: "iam:GetAccountSummary", resource: "*" }),

  async handle(_input, context) {
    const { tx } = context;
    return {
      SummaryMap: {
        ...QUOTA_SUMMARY,
        ...(await countSummary(tx)),
        ...(await rootSummary(context)),
        GlobalEndpointTokenVersion: await tokenVersion(tx),
      },
    };
  },
});

async function countSummary(tx: Transaction): Promise<Summary> {
  const versions = await tx.scan(policyVersions, { limit: POLICY_VERSIONS_IN_USE_MAX });
  return {
    Users: await countOf(tx, "users"),
    Groups: await countOf(tx, "groups"),
    Roles: await countOf(tx, "roles"),
    Policies: await countOf(tx, "policies"),
    InstanceProfiles: await countOf(tx, "instanceProfiles"),
    ServerCertificates: await countOf(tx, "serverCertificates"),
    Providers: (await countOf(tx, "samlProviders")) + (await countOf(tx, "oidcProviders")),
    MFADevices: await countOf(tx, "mfaDevices"),
    MFADevicesInUse: await countOf(tx, "mfaDevicesInUse"),
    PolicyVersionsInUse: versions.length,
  };
}

/** The root user has no password here, and the key that it always has is none of IAM's. */
async function rootSummary(context: Context): Promise<Summary> {
  const root = rootOf(context);
  return {
    AccountAccessKeysPresent: present(await accessKeysOf(root, context.tx)),
    AccountMFAEnabled: present(await mfaDevicesOf(root, context.tx)),
    AccountPasswordPresent: 0,
    AccountSigningCertificatesPresent: present(await signingCertificatesOf(root, context.tx)),
  };
}

const present = (all: readonly unknown[]): 0 | 1 => (all.length > 0 ? 1 : 0);
