/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-regions-quotas.html */
export const TABLE_BUCKETS_MAX = 10;
/** Of a table bucket. */
export const NAMESPACES_MAX = 10_000;
/** Of a table bucket. */
export const TABLES_MAX = 10_000;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_s3Buckets_ListTables.html (maxTables) */
export const PAGE_ROWS_MAX = 1000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-considerations.html */
export const TARGET_FILE_MEGABYTES_MIN = 64;
export const TARGET_FILE_MEGABYTES_MAX = 512;
export const SNAPSHOTS_KEPT_USUAL = 1;
export const SNAPSHOT_HOURS_USUAL = 120;
export const UNREFERENCED_DAYS_USUAL = 3;
export const NONCURRENT_DAYS_USUAL = 10;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-tables-integrating-open-source.html (considerations) */
export const METADATA_BYTES_MAX = 52_428_800;
