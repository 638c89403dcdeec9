/** The numbers of Cognito user pools, each once, with unit and source. */

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html */
export const GROUPS_PER_POOL_MAX = 10_000;
export const GROUPS_PER_USER_MAX = 100;
export const CUSTOM_ATTRIBUTES_MAX = 50;
export const CLIENTS_PER_POOL_MAX = 1000;
export const RESOURCE_SERVERS_PER_POOL_MAX = 25;
export const PROVIDERS_PER_POOL_MAX = 300;
export const POOLS_PER_REGION_MAX = 1000;
export const IMPORT_JOBS_PER_POOL_MAX = 1000;

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (codes and their lives) */
export const SIGN_UP_CODE_HOURS = 24;
export const ATTRIBUTE_CODE_HOURS = 24;
export const RECOVERY_CODE_HOURS = 1;

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_CreateUserPoolClient.html */
export const TOKEN_SECONDS_USUAL = 3600;
export const REFRESH_TOKEN_DAYS_USUAL = 30;
export const AUTH_SESSION_MINUTES_USUAL = 3;
export const TOKEN_SECONDS_MIN = 300;
export const TOKEN_SECONDS_MAX = 86_400;
export const REFRESH_TOKEN_SECONDS_MIN = 3600;
export const REFRESH_TOKEN_SECONDS_MAX = 315_360_000;

/** Source: https://docs.aws.amazon.com/cognito-user-identity-pools/latest/APIReference/API_PasswordPolicyType.html */
export const TEMPORARY_PASSWORD_DAYS_USUAL = 7;

/**
 * Failed sign-ins before a user is locked out, for a second that doubles with each one more, up to about 15 minutes.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-flow-things-to-know.html
 */
export const FAILURES_UNLOCKED_MAX = 5;
export const LOCKOUT_SECONDS_MAX = 900;

/**
 * Wrong codes for one sign-up, recovery or attribute before more are refused, and for how long.
 * Source: https://docs.aws.amazon.com/cognito/latest/developerguide/quotas.html (between 5 and 20 an hour, by risk)
 */
export const CODE_ATTEMPTS_MAX = 5;
export const CODE_ATTEMPTS_MINUTES = 15;

/** Wrong answers to one challenge before its session ends. (assumed) */
export const CHALLENGE_ATTEMPTS_MAX = 5;

/** What one page holds where nothing is asked for. Source: the model, which allows no more */
export const PAGE_ROWS_MAX = 60;

/** What hashes of imported passwords may cost. Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-using-import-tool.html (supported password hashing algorithms) */
export const BCRYPT_COST_MAX = 12;
export const SCRYPT_COST_MAX = 65_536;
export const SCRYPT_BLOCK_MAX = 8;
export const SCRYPT_LANES_MAX = 1;
export const ARGON2_MEMORY_KIB_MAX = 19_456;
export const ARGON2_ITERATIONS_MAX = 2;
export const ARGON2_LANES_MAX = 1;
export const PBKDF2_ITERATIONS_MAX = 600_000;

/** Source: https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-working-with-lambda-triggers.html (important considerations) */
export const TRIGGER_SECONDS_MAX = 5;
export const TRIGGER_ATTEMPTS_MAX = 3;
