/** The numbers of S3 Control, each once. */

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_control_ListAccessPoints.html (MaxResults) */
export const PAGE_ITEMS_MAX = 1000;
