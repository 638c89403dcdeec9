/** Numbers of EventBridge Pipes. */
import { MINUTE_MS, SECOND_MS } from "../../kernel/duration.ts";

/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html#eb-pipes-quotas */
export const PIPES_MAX = 1000;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_ListPipes.html (Limit) */
export const PIPES_PER_PAGE_MAX = 100;

/** Source: https://docs.aws.amazon.com/eventbridge/latest/pipes-reference/API_PipeSourceSqsQueueParameters.html */
export const USUAL_BATCH_SIZE = 10;
/** Of one receive, and of one call that sends. */
export const MESSAGES_PER_CALL = 10;
/** How long a receive waits for messages. */
export const WAIT_SECONDS = 20;

/** After a role or a source that cannot be used, until it is looked at again. */
export const LOOK_AGAIN_MS = MINUTE_MS;
/** How long a session of the role is used before another is asked for. */
export const SESSION_USED_MS = 30 * MINUTE_MS;
/** After a batch of which nothing arrived, until the next; doubled with each more. Differs: AWS says that it slows down, not how. */
export const PAUSE_AFTER_FAILURE_MS = SECOND_MS;
export const PAUSE_MS_MAX = 30 * SECOND_MS;

/** Rows of a log group in one call. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export const LOG_EVENTS_PER_CALL = 10_000;
