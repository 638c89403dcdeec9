/**
 * The quotas of IAM, by the names that their errors give them.
 * Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const QUOTAS = {
  AccessKeysPerUser: 2,
  PoliciesPerGroup: 10,
  PoliciesPerRole: 10,
  PoliciesPerUser: 10,
  GroupsPerAccount: 300,
  GroupsPerUser: 10,
  InstanceProfiles: 1000,
  MFADevicesPerUser: 8,
  OpenIDConnectProviders: 100,
  Policies: 1500,
  Roles: 1000,
  SAMLProviders: 100,
  ServerCertificates: 20,
  SigningCertificatesPerUser: 2,
  SSHPublicKeysPerUser: 5,
  ServiceSpecificCredentialsPerUser: 2,
  Users: 5000,
  VersionsPerPolicy: 5,
} as const;

/** Non-whitespace characters of all inline policies of one entity together. Source: same page, "IAM and STS character limits". */
export const INLINE_POLICY_CHARACTERS_MAX = { user: 2048, group: 5120, role: 10_240 } as const;

/** Non-whitespace characters of one managed policy. Source: same page. */
export const MANAGED_POLICY_CHARACTERS_MAX = 6144;

export const TAGS_PER_ENTITY_MAX = 50;

/** Entries of a list that names no `MaxItems`. Source: https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html */
export const PAGE_ITEMS_USUAL = 100;
