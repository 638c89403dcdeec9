/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
export const STORES_PER_REGION_MAX = 10;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateEventDataStore.html */
export const STORE_SELECTORS_MAX = 5;
export const RETENTION_DAYS = {
  EXTENDABLE_RETENTION_PRICING: { usual: 366, max: 3653 },
  FIXED_RETENTION_PRICING: { usual: 2557, max: 2557 },
} as const;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DeleteEventDataStore.html */
export const DELETION_DAYS = 7;
export const STORES_PER_PAGE_MAX = 1000;

/** Source: https://docs.aws.amazon.com/botocore/latest/reference/services/cloudtrail/client/exceptions/MaxConcurrentQueriesException.html */
export const CONCURRENT_QUERIES_MAX = 10;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListQueries.html */
export const QUERIES_KEPT_DAYS = 7;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetQueryResults.html */
export const RESULTS_PER_PAGE_MAX = 1000;
export const QUERIES_PER_PAGE_MAX = 1000;
export const IMPORTS_PER_PAGE_MAX = 1000;

/** How many rows a query may hold at a time, of groups, of joins, or to put in order; what is more is refused. */
export const HELD_ROWS_MAX = 250_000;
export const HELD_BYTES_MAX = 256 * 1024 * 1024;
/** How long a text, or an array, may become that functions make. */
export const VALUE_SIZE_MAX = 4_000_000;
/** How many tables a statement may be about, those of its inner queries counted each time. */
export const SOURCES_MAX = 200;
/** How much text of results a query may give. */
export const RESULT_BYTES_MAX = 64 * 1024 * 1024;
