/**
 * Source: https://docs.aws.amazon.com/general/latest/gr/sns.html,
 * https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export const TOPIC_NAME_CHARACTERS_MAX = 256;
export const DISPLAY_NAME_CHARACTERS_MAX = 100;
export const MESSAGE_BYTES_MAX = 262_144;
export const SMS_CHARACTERS_MAX = 1600;
export const SUBJECT_CHARACTERS_MAX = 100;
export const BATCH_ENTRIES_MAX = 10;
export const BATCH_ID_CHARACTERS_MAX = 80;
export const ATTRIBUTE_NAME_BYTES_MAX = 256;
export const GROUP_ID_CHARACTERS_MAX = 128;
export const DEDUPLICATION_MINUTES = 5;
export const LISTED_MAX = 100;
export const FIFO_SUBSCRIPTIONS_MAX = 100;
/** Source: https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html ("valid for two days") */
export const TOKEN_HOURS = 48;
/** Source: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
export const FILTER_COMBINATIONS_MAX = 150;
export const FILTER_KEYS_MAX = 5;
export const FILTER_BYTES_MAX = 262_144;
export const FILTERS_PER_TOPIC_MAX = 200;
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html */
export const RETRIES_MAX = 100;
export const RETRY_SECONDS_TOTAL_MAX = 3600;
/** Source: https://docs.aws.amazon.com/sns/latest/dg/message-archiving-and-replay-topic-owner.html */
export const ARCHIVE_DAYS_MAX = 365;
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox-verifying-phone-numbers.html */
export const SANDBOX_NUMBERS_MAX = 10;
/** Source: https://docs.aws.amazon.com/sns/latest/api/API_CreatePlatformEndpoint.html */
export const USER_DATA_BYTES_MAX = 2048;
export const APPLICATION_NAME_CHARACTERS_MAX = 256;
/** Source: https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html (data keys are reused) */
export const DATA_KEY_MINUTES = 5;
