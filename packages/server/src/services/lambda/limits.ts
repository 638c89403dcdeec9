/**
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html,
 * https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
 */
export const FUNCTION_NAME_CHARACTERS_MAX = 64;
export const ZIPPED_BYTES_MAX = 52_428_800;
export const UNZIPPED_BYTES_MAX = 262_144_000;
export const CODE_STORED_BYTES_MAX = 80_530_636_800;
export const ENVIRONMENT_BYTES_MAX = 4096;
export const LAYERS_MAX = 5;
export const CONCURRENT_EXECUTIONS = 1000;
/** Of these so many are left to functions that have none of their own. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html */
export const UNRESERVED_EXECUTIONS_MIN = 100;
export const TIMEOUT_SECONDS_USUAL = 3;
/**
 * The model allows more, to functions on capacity providers alone.
 * Source: https://github.com/aws-cloudformation/cfn-lint/pull/4685 (held against AWS)
 */
export const TIMEOUT_SECONDS_MAX = 900;
export const MEMORY_MB_USUAL = 128;
/** The model allows more, to functions on capacity providers alone. Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
export const MEMORY_MB_MAX = 10_240;
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html (five, unless more are asked for) */
export const MAPPING_FILTERS_MAX = 5;
export const EPHEMERAL_MB_USUAL = 512;
export const POLICY_BYTES_MAX = 20_480;
export const PAGE_ROWS_MAX = 50;
/** Source: https://docs.aws.amazon.com/lambda/latest/api/API_ListAliases.html (10,000; 50 for the most) */
export const LONG_PAGE_ROWS_MAX = 10_000;
export const SYNCHRONOUS_BYTES_MAX = 6_291_456;
/** Source: https://aws.amazon.com/about-aws/whats-new/2025/10/aws-lambda-payload-size-256-kb-1-mb-invocations/ */
export const ASYNCHRONOUS_BYTES_MAX = 1_048_576;
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
export const EVENT_AGE_SECONDS_USUAL = 21_600;
export const RETRIES_USUAL = 2;
/** Before the second attempt and the third. */
export const RETRY_MINUTES = [1, 2] as const;
export const THROTTLED_WAIT_SECONDS_MAX = 300;
/** Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html (about 16 times) */
export const RECURSIONS_MAX = 16;
/** How long a link to code is good. Source: https://docs.aws.amazon.com/lambda/latest/api/API_FunctionCodeLocation.html */
export const CODE_LINK_MINUTES = 10;
