/** Numbers of Access Analyzer. Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-quotas.html */

/** Of one type, in an account and a region, for the account. */
export const ACCOUNT_ANALYZERS_MAX = 1;
/** Of one type, in an account and a region, for its organization. */
export const ORGANIZATION_ANALYZERS_MAX = 5;
export const ARCHIVE_RULES_MAX = 100;
export const PREVIEWS_PER_HOUR_MAX = 1000;
export const POLICY_GENERATIONS_AT_ONCE_MAX = 1;
export const POLICY_GENERATIONS_PER_DAY_MAX = 50;
export const POLICY_GENERATION_RANGE_DAYS_MAX = 90;

/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_UnusedAccessConfiguration.html */
export const UNUSED_ACCESS_AGE_DAYS = { min: 1, max: 365, usual: 90 } as const;
/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_AnalysisRuleCriteria.html */
export const EXCLUDED_ACCOUNTS_MAX = 2000;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-findings-remediate.html */
export const RESOLVED_KEPT_DAYS = 90;
/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-preview-access-apis.html */
export const PREVIEW_KEPT_HOURS = 24;
/** Previews of the last hour are listed. */
export const PREVIEW_LISTED_HOURS = 1;
/** Source: https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListPolicyGenerations.html */
export const POLICY_GENERATION_LISTED_DAYS = 7;

/** The largest page. */
export const PAGE_ROWS_MAX = 1000;
/** A page of findings about which nothing is said. */
export const PAGE_ROWS_USUAL = 100;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html#reference_iam-quotas-entity-length */
export const IDENTITY_POLICY_CHARACTERS_MAX = 6144;
export const TRUST_POLICY_CHARACTERS_MAX = 2048;
/** Source: https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html */
export const CONTROL_POLICY_CHARACTERS_MAX = 5120;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/example-bucket-policies.html */
export const RESOURCE_POLICY_CHARACTERS_MAX = 20_480;
