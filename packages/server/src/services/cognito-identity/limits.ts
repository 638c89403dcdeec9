/**
 * Numbers of Cognito identity pools.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html#limits-hard
 */

export const POOLS_MAX = 1000;

/** Logins that one identity can have. Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_MergeDeveloperIdentities.html */
export const LOGINS_MAX = 20;

/** The most that a page of any list has: the model's bound of `MaxResults`. */
export const PAGE_ROWS_MAX = 60;

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdToken.html */
export const TOKEN_SECONDS = 600;

/** Source: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_GetOpenIdTokenForDeveloperIdentity.html (TokenDuration) */
export const DEVELOPER_TOKEN_SECONDS_USUAL = 900;
