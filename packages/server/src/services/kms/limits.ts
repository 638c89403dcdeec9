/**
 * Numbers of KMS.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html
 */
import { DAY_MS } from "../../kernel/duration.ts";

/** Of an account's own, in each region. */
export const KEYS_MAX = 100_000;
export const ALIASES_PER_KEY_MAX = 50;
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html#KMS-CreateGrant-request-Constraints */
export const CONSTRAINT_PAIRS_MAX = 8;
export const CONSTRAINT_VALUE_CHARACTERS_MAX = 384;
export const GRANTS_PER_KEY_MAX = 50_000;
export const POLICY_BYTES_MAX = 32_768;
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html */
export const ON_DEMAND_ROTATIONS_MAX = 25;

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html */
export const KEYS_PER_PAGE = { usual: 100, max: 1000 };
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html, likewise of grants and tags */
export const ROWS_PER_PAGE = { usual: 50, max: 100 };
/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html */
export const ROTATIONS_PER_PAGE = { usual: 100, max: 1000 };

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
export const DELETION_WINDOW_DAYS = { usual: 30, min: 7, max: 30 };

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
export const ROTATION_PERIOD_DAYS_USUAL = 365;

/** Source: https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html (AWS managed keys) */
export const MANAGED_ROTATION_DAYS = 365;

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html */
export const IMPORT_PARAMETERS_MS = DAY_MS;

/** Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html (ValidTo) */
export const IMPORT_VALID_DAYS_MAX = 365;
