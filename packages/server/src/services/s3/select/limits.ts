/** The numbers of queries. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html */

export const RECORD_CHARACTERS_MAX = 1024 * 1024;
/** Of a Parquet file, unpacked. */
export const ROW_GROUP_BYTES_MAX = 512 * 1024 * 1024;
/** About how much one event brings. */
export const EVENT_BYTES = 128 * 1024;
