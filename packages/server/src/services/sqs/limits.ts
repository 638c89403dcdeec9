/**
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html,
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
 */
export const QUEUE_NAME_CHARACTERS_MAX = 80;
export const BATCH_ENTRIES_MAX = 10;
export const BATCH_BYTES_MAX = 1_048_576;
export const BATCH_ID_CHARACTERS_MAX = 80;
export const MESSAGE_ATTRIBUTES_MAX = 10;
export const ATTRIBUTE_NAME_CHARACTERS_MAX = 256;
export const ATTRIBUTE_TYPE_CHARACTERS_MAX = 256;
export const GROUP_ID_CHARACTERS_MAX = 128;
export const DELAY_SECONDS_MAX = 900;
export const VISIBILITY_SECONDS_MAX = 43_200;
export const WAIT_SECONDS_MAX = 20;
export const MESSAGES_PER_RECEIVE_MAX = 10;
/** Of queues of both kinds. Source: https://aws.amazon.com/about-aws/whats-new/2024/11/amazon-sqs-increases-in-flight-limit-fifo-queues/ */
export const IN_FLIGHT_MAX = 120_000;
export const DEDUPLICATION_MINUTES = 5;
export const PURGE_INTERVAL_SECONDS = 60;
export const NAME_KEPT_SECONDS = 60;
export const QUEUES_PER_PAGE_MAX = 1000;
export const LABEL_CHARACTERS_MAX = 80;
export const PERMISSION_ACTIONS_MAX = 7;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-policies.html */
export const POLICY_STATEMENTS_MAX = 20;
export const POLICY_BYTES_MAX = 8192;
/** Of a statement. */
export const POLICY_PRINCIPALS_MAX = 50;
export const POLICY_CONDITIONS_MAX = 10;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ListMessageMoveTasks.html */
export const LISTED_TASKS_MAX = 10;
export const MOVED_PER_SECOND_MAX = 500;
/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html */
export const RECEIVE_COUNT_MAX = 1000;
export const REDRIVE_SOURCES_MAX = 10;
