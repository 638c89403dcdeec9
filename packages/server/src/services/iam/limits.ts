/**
 * The quotas of IAM, by the names that their errors give them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const QUOTAS = {
  AccessKeysPerUser: 2,
  GroupsPerUser: 10,
  MFADevicesPerUser: 8,
  PoliciesPerGroup: 10,
  PoliciesPerRole: 10,
  PoliciesPerUser: 10,
  CertificatesPerUser: 2,
  SSHPublicKeysPerUser: 5,
  ServiceSpecificCredentialsPerUser: 2,
  VersionsPerPolicy: 5,
} as const;

/** What an account has a number of: each with the name its error gives the quota. Source: same page. */
export const ACCOUNT_QUOTAS = {
  users: { quota: "UsersPerAccount", max: 5000 },
  groups: { quota: "GroupsPerAccount", max: 300 },
  roles: { quota: "RolesPerAccount", max: 1000 },
  policies: { quota: "PoliciesPerAccount", max: 1500 },
  instanceProfiles: { quota: "InstanceProfilesPerAccount", max: 1000 },
  serverCertificates: { quota: "ServerCertificatesPerAccount", max: 20 },
  samlProviders: { quota: "SAMLProvidersPerAccount", max: 100 },
  oidcProviders: { quota: "OpenIdConnectProvidersPerAccount", max: 100 },
  mfaDevices: { quota: "VirtualMFADevicesPerAccount", max: 5000 },
  mfaDevicesInUse: { quota: "MFADevicesInUsePerAccount", max: 5000 * 8 },
} as const;

export type Counted = keyof typeof ACCOUNT_QUOTAS;

/** Non-whitespace characters of all inline policies of one entity together. Source: same page, "IAM and STS character limits". */
export const INLINE_POLICY_CHARACTERS_MAX = { user: 2048, group: 5120, role: 10_240 } as const;

/** Non-whitespace characters of one managed policy. Source: same page. */
export const MANAGED_POLICY_CHARACTERS_MAX = 6144;

export const TAGS_PER_ENTITY_MAX = 50;

/** Entries of a list that names no `MaxItems`. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export const PAGE_ITEMS_USUAL = 100;

/** Non-whitespace characters of one trust policy: the quota that can be raised, unraised. Source: same page. */
export const TRUST_POLICY_CHARACTERS_MAX = 2048;

/** Source: same page, "IAM object quotas": client ids and thumbprints of one OpenID Connect provider. */
export const OIDC_CLIENT_IDS_MAX = 100;
export const OIDC_THUMBPRINTS_MAX = 5;

/** Versions of all customer managed policies of an account together. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountSummary.html */
export const POLICY_VERSIONS_IN_USE_MAX = 10_000;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml.html */
export const SAML_PRIVATE_KEYS_MAX = 2;

/** How far back uses count, and how long a report of them is kept. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_last-accessed.html */
export const LAST_ACCESSED_TRACKED_DAYS = 400;
export const LAST_ACCESSED_JOB_DAYS = 7;
