/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-quota.html */
export const BUSES_MAX = 100;
export const TARGETS_PER_RULE_MAX = 5;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_DeactivateEventSource.html */
export const PENDING_DAYS_MAX = 14;
export const POLICY_CHARACTERS_MAX = 10_240;
export const ACTIVE_REPLAYS_MAX = 10;
/** How long replays are shown. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html */
export const REPLAY_DAYS = 90;
export const PAGE_MAX = 100;
/** Of what is put at once. Source: https://www.bitslovers.com/serverless-1mb-payload-lambda-sqs-eventbridge/ (since January 2026) */
export const ENTRIES_BYTES_MAX = 1024 * 1024;
/** What a time counts for in an entry's size. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html */
export const TIME_BYTES = 14;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html */
export const RETRIES_USUAL = 185;
export const AGE_SECONDS_USUAL = 86_400;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
export const INVOCATIONS_PER_SECOND_USUAL = 300;
/** The longest that a destination is waited for. Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html */
export const REQUEST_SECONDS_MAX = 5;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutTargets.html (InputTransformer) */
export const INPUT_PATHS_MAX = 100;
export const TOKEN_BYTES_MAX = 65_536;
export const TOKEN_SECONDS_USUAL = 3600;
/** So much of a destination's answer is read. */
export const ANSWER_BYTES_MAX = 1_048_576;
/** Source: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html */
export const DETAIL_TYPE_CHARACTERS_MAX = 128;
