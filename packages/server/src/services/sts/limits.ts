/** The numbers of STS, each once. */

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const ROLE_SESSION_SECONDS_USUAL = 3_600;

/** Source: https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining */
export const CHAINED_SESSION_SECONDS_MAX = 3_600;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html, …/API_GetFederationToken.html */
export const USER_SESSION_SECONDS_USUAL = 43_200;
export const ROOT_SESSION_SECONDS_MAX = 3_600;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoot.html */
export const ASSUMED_ROOT_SECONDS_MAX = 900;

/** Characters of a session policy in line. Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html */
export const SESSION_POLICY_LENGTH_MAX = 2_048;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (PolicyArns) */
export const SESSION_POLICY_ARNS_MAX = 10;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html (MinimumSessionTokenSize) */
export const SESSION_TOKEN_BYTES_MAX = 4_096;

/** Source: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetWebIdentityToken.html */
export const WEB_IDENTITY_TOKEN_SECONDS_USUAL = 300;

/**
 * How much session tags may take. Nine tags of 252 characters were seen to take 498 %.
 * Source: https://github.com/aws-actions/configure-aws-credentials/issues/1898
 */
export const PACKED_TAGS_BYTES_MAX = 455;

/** Assumed: as much as the text of a session policy may have. */
export const PACKED_POLICY_BYTES_MAX = 2_048;
