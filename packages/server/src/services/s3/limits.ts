/** The numbers of S3, each once. */

const KIB = 1024;
const MIB = 1024 * KIB;
const GIB = 1024 * MIB;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const KEY_BYTES_MAX = 1024;

/** User metadata of an object, names and values together. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export const USER_METADATA_BYTES_MAX = 2 * KIB;

/** One `PutObject` or `CopyObject`, and one part. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html */
export const BODY_BYTES_MAX = 5 * GIB;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PART_BYTES_MIN = 5 * MIB;
export const PART_NUMBER_MAX = 10_000;

/** Keys, uploads or parts in one page; also the keys of one `DeleteObjects`. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
export const PAGE_ITEMS_MAX = 1000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html */
export const BUCKETS_PER_PAGE_MAX = 10_000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
export const TAGS_PER_OBJECT_MAX = 10;
export const TAG_KEY_CHARACTERS_MAX = 128;
export const TAG_VALUE_CHARACTERS_MAX = 256;

/** In one access control list. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html (also S3's published schema) */
export const GRANTS_MAX = 100;

/** Default retention of object lock. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html#object-lock-retention-periods (100 years) */
export const RETENTION_DAYS_MAX = 36_500;
export const RETENTION_YEARS_MAX = 100;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAnnotation.html */
export const ANNOTATION_BYTES_MAX = MIB;
export const ANNOTATION_NAME_BYTES_MAX = 512;
export const ANNOTATIONS_PER_OBJECT_MAX = 1000;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/add-bucket-policy.html */
export const BUCKET_POLICY_BYTES_MAX = 20 * KIB;

/** A body up to here lies in its object's own row; a larger one apart from it, so that listings stay light. */
export const BODY_IN_ROW_BYTES_MAX = 1 * KIB;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html */
export const CORS_RULES_MAX = 100;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html */
export const CORS_DOCUMENT_BYTES_MAX = 64 * KIB;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketWebsite.html */
export const WEBSITE_DOCUMENT_BYTES_MAX = 128 * KIB;

/** Of a bucket, whomever they tell. Source: https://docs.aws.amazon.com/general/latest/gr/s3.html#limits_s3 (Event notifications) */
export const NOTIFICATION_RULES_MAX = 100;

/** Of a rule's name. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CORSRule.html */
export const RULE_ID_CHARACTERS_MAX = 255;

/** Of `x-amz-website-redirect-location`. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html (the 2 KB of a header's metadata) */
export const REDIRECT_LOCATION_BYTES_MAX = 2 * KIB;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html (up to 50 routing rules) */
export const ROUTING_RULES_MAX = 50;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html (ID element) */
export const LIFECYCLE_RULES_MAX = 1000;
export const LIFECYCLE_RULE_ID_CHARACTERS_MAX = 255;

/** Before objects go to a class of infrequent access, and as long as they stay there. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html */
export const LIFECYCLE_IA_DAYS_MIN = 30;

/** Without access, before an object is archived. Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_Tiering.html (Days) */
export const TIERING_ARCHIVE_DAYS_MIN = 90;
export const TIERING_DEEP_ARCHIVE_DAYS_MIN = 180;
export const TIERING_DAYS_MAX = 730;

/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_NoncurrentVersionExpiration.html */
export const NEWER_NONCURRENT_VERSIONS_MAX = 100;

/** How many rows are looked at for one page of those that a filter leaves. */
export const FILTERED_ROWS_MAX = 10_000;
