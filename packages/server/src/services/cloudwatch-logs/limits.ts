/**
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html,
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
 */
export const BATCH_BYTES_MAX = 1_048_576;
/** What each event counts beside its message. */
export const EVENT_OVERHEAD_BYTES = 26;
export const BATCH_SPAN_HOURS_MAX = 24;
export const EVENT_AGE_DAYS_MAX = 14;
export const EVENT_AHEAD_HOURS_MAX = 2;
export const PAGE_MAX = 50;
export const LISTED_GROUPS_MAX = 1000;
export const EVENTS_PER_PAGE_MAX = 10_000;
export const PAGE_BYTES_MAX = 1_048_576;
export const METRIC_FILTERS_PER_GROUP_MAX = 100;
export const SUBSCRIPTION_FILTERS_PER_GROUP_MAX = 2;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntax.html#regex-expressions */
export const REGEX_FILTERS_PER_GROUP_MAX = 5;
export const METRIC_FILTER_DIMENSIONS_MAX = 3;
export const RESOURCE_POLICIES_MAX = 10;
export const POLICY_CHARACTERS_MAX = 5120;
export const QUERY_GROUPS_MAX = 50;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Limit.html */
export const QUERY_RESULTS_MAX = 100_000;
export const QUERY_RESULTS_USUAL = 10_000;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html */
export const RESULTS_PER_PAGE_MAX = 10_000;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Source.html */
export const SOURCE_PREFIXES_MAX = 5;
export const SOURCE_ACCOUNTS_MAX = 20;
export const SOURCE_GROUPS_MAX = 10_000;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Lookup.html */
export const LOOKUP_TABLES_MAX = 100;
export const LOOKUP_TABLE_BYTES_MAX = 10 * 1024 * 1024;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLookupTables.html */
export const LOOKUP_TABLES_PER_PAGE = 50;
export const QUERIES_KEPT_DAYS = 7;
export const QUERIES_PER_PAGE_MAX = 1000;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartLiveTail.html */
export const LIVE_TAIL_HOURS_MAX = 3;
export const LIVE_TAIL_EVENTS_PER_UPDATE_MAX = 500;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
export const RETENTION_DAYS: readonly number[] = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Transformation-Create.html */
export const PARSERS_MAX = 5;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_ListScheduledQueries.html */
export const SCHEDULED_PER_PAGE_MAX = 1000;
/** Where nobody says how far a scheduled query looks back. Differs: what AWS takes is unknown. */
export const SCHEDULED_LOOKBACK_SECONDS = 3600;
export const SCHEDULED_RUNS_KEPT_DAYS = 30;
/** What a transformer may add to an event. Differs: AWS's own limit is unknown. */
export const TRANSFORMED_CHARACTERS_MAX = 1_048_576;
/** Of one type, but for subscriptions. Source: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html */
export const ACCOUNT_POLICIES_MAX = 20;
