/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/WhatIsCloudTrail-Limits.html */
export const TRAILS_PER_REGION_MAX = 5;
export const EVENT_SELECTORS_MAX = 5;
export const DATA_RESOURCES_MAX = 250;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator.html */
export const DELEGATED_ADMINISTRATORS_MAX = 3;
/** Of all fields of all advanced selectors of a trail. */
export const SELECTOR_CONDITIONS_MAX = 500;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
export const LOOKUP_DAYS_MAX = 90;
export const LOOKUP_EVENTS_PER_PAGE_MAX = 50;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html (Name, S3KeyPrefix) */
export const TRAIL_NAME_CHARACTERS_MIN = 3;
export const TRAIL_NAME_CHARACTERS_MAX = 128;
export const PREFIX_CHARACTERS_MAX = 200;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/how-cloudtrail-works.html ("within an average of about 5 minutes") */
export const DELIVERY_MINUTES = 5;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-find-log-files.html (redelivery for 30 days) */
export const REDELIVERY_DAYS_MAX = 30;
/** About as many as a file of AWS's has; what is more goes into another. */
export const EVENTS_PER_FILE_MAX = 10_000;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export const LOG_EVENTS_PER_CALL_MAX = 10_000;
export const LOG_BYTES_PER_CALL_MAX = 1_048_576;
export const LOG_EVENT_OVERHEAD_BYTES = 26;
/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-logs-additional-configuration.html#cloudtrail-event-size (events over it are left out) */
export const LOG_EVENT_BYTES_MAX = 262_144;

/** Source: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTags.html */
export const TAGGED_RESOURCES_PER_CALL_MAX = 20;
