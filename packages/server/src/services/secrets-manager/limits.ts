/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
export const VERSIONS_MAX = 100;
export const STAGES_PER_VERSION_MAX = 20;
export const POLICY_CHARACTERS_MAX = 20_480;
/** Younger versions without a label stay. Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/getting-started.html#term_version */
export const DEPRECATED_HOURS_MIN = 24;

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DeleteSecret.html */
export const RECOVERY_DAYS = { usual: 30, min: 7, max: 30 } as const;

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html */
export const SECRETS_PER_PAGE = { usual: 100, max: 100 } as const;
/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_BatchGetSecretValue.html */
export const VALUES_PER_PAGE = { usual: 20, max: 20 } as const;

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetRandomPassword.html */
export const PASSWORD_CHARACTERS_USUAL = 32;

/** Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotationRulesType.html */
export const ROTATION_DAYS_MAX = 1000;
/** Source: https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_schedule.html */
export const ROTATION_HOURS_MIN = 4;
export const RATE_DAYS_MAX = 999;
/** A rotation that fails is tried again so often before the next window. Assumed: AWS says "several times". */
export const ROTATION_ATTEMPTS_MAX = 5;
