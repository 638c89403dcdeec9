/**
 * Source: https://docs.aws.amazon.com/general/latest/gr/ssm.html#limits_ssm (Parameter Store),
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html
 */
export const STANDARD_CHARACTERS_MAX = 4096;
export const ADVANCED_CHARACTERS_MAX = 8192;
export const STANDARD_PARAMETERS_MAX = 10_000;
export const ADVANCED_PARAMETERS_MAX = 100_000;
export const VERSIONS_MAX = 100;
export const LABELS_PER_VERSION_MAX = 10;
export const POLICIES_MAX = 10;
/** Source: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html */
export const NAME_CHARACTERS_MAX = 1011;
export const LEVELS_MAX = 15;

/** Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParametersByPath.html */
export const BY_PATH_PER_PAGE = { usual: 10, max: 10 } as const;
/** The usual one is assumed. Source: https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_DescribeParameters.html */
export const DESCRIBED_PER_PAGE = { usual: 10, max: 50 } as const;
export const HISTORY_PER_PAGE = { usual: 50, max: 50 } as const;
