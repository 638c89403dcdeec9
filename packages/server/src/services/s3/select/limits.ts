/** The numbers of queries. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/selecting-content-from-objects.html */

export const RECORD_CHARACTERS_MAX = 1024 * 1024;
/** Of a Parquet file, unpacked. */
export const ROW_GROUP_BYTES_MAX = 512 * 1024 * 1024;
/** Differs: how many rows are in one of a Parquet file's parts; AWS says nothing of it. */
export const ROW_GROUP_ROWS_MAX = 16 * 1024 * 1024;
/** Differs: how many values such a part has, each as often as it is deep; AWS says nothing of it. */
export const ROW_GROUP_VALUES_MAX = 64 * 1024 * 1024;
/** Differs: what a Parquet file says of itself in one place; AWS says nothing of it. */
export const HEADER_BYTES_MAX = 16 * 1024 * 1024;
/** Three bytes stand for 64 at the most. Source: https://github.com/google/snappy/blob/main/format_description.txt (2.2.2) */
export const SNAPPY_RATIO_MAX = 22;
/** Differs: how deep values may be nested; AWS says nothing of it. */
export const JSON_DEPTH_MAX = 1000;
/** About how much one event brings. */
export const EVENT_BYTES = 128 * 1024;
