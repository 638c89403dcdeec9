/** Numbers of EventBridge Scheduler. */
import { MINUTE_MS } from "../../kernel/duration.ts";

/** Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html */
export const GROUPS_MAX = 500;
/** Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_ListSchedules.html (MaxResults) */
export const ROWS_PER_PAGE_MAX = 100;
/** Rows that are looked at for a page that only takes some of them. */
export const ROWS_SEEN_PER_PAGE_MAX = 1000;
/** Schedules of a group that is deleted which go in one transaction. */
export const DELETED_AT_ONCE = 200;

/** How far back a start may lie. Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html, and the error's own words */
export const START_AGE_MS_MAX = 5 * MINUTE_MS;

/** Where a target has no retry policy. Source: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
export const USUAL_RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 } as const;
/** Differs: AWS says that the time between attempts grows, but not from what to what. */
export const RETRY_AFTER_MS = 1000;
export const RETRY_AFTER_MS_MAX = 8 * MINUTE_MS;

/** Of a message in a dead-letter queue; a longer request is cut. Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
export const DEAD_LETTER_BYTES_MAX = 256 * 1024;
