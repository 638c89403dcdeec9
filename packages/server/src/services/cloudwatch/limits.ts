/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html */
export const DATA_PER_CALL_MAX = 1000;
export const VALUES_PER_DATUM_MAX = 150;
export const DATUM_AGE_DAYS_MAX = 14;
export const DATUM_AHEAD_HOURS_MAX = 2;
/** Values lie between -2^360 and 2^360. */
export const VALUE_MAX = 2 ** 360;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListMetrics.html */
export const METRICS_PER_PAGE_MAX = 500;
export const LISTED_DAYS = 14;
export const RECENTLY_ACTIVE_HOURS = 3;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html */
export const DATAPOINTS_PER_CALL_MAX = 1440;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html */
export const QUERIES_MAX = 500;
export const QUERIED_DATAPOINTS_MAX = 100_800;
/** Of one call, by functions that have a value for every period. Differs: AWS's own number is unknown. */
export const MADE_DATAPOINTS_MAX = 2_000_000;
/** A SEARCH finds no more. Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html */
export const SEARCHED_METRICS_MAX = 500;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html */
export const ALARM_DAYS_MAX = 1;
export const ALARM_DAYS_LONG_MAX = 7;
export const ALARM_METRICS_MAX = 10;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
export const ALARMS_PER_PAGE_MAX = 100;
export const ALARMS_PER_PAGE = 50;
export const HISTORY_PER_PAGE_MAX = 100;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarmHistory.html */
export const HISTORY_DAYS = 30;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html */
export const RULE_ALARMS_MAX = 100;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_ListDashboards.html */
export const DASHBOARDS_PER_PAGE = 1000;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html, API_Schedule.html, API_ListAlarmMuteRules.html */
export const MUTED_ALARMS_MAX = 100;
export const MUTED_DAYS_MAX = 15;
export const MUTE_RULES_PER_PAGE = 50;
/** Of an account in a region. Differs: AWS's own number is unknown. */
export const MUTE_RULES_MAX = 1000;

/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ContributorInsights-RuleSyntax.html */
export const INSIGHT_KEYS_MAX = 4;
export const INSIGHT_FILTERS_MAX = 4;
export const INSIGHT_FILTER_VALUES_MAX = 10;
export const INSIGHT_GROUPS_MAX = 50;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html */
export const INSIGHT_RULES_MAX = 100;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeInsightRules.html */
export const INSIGHT_RULES_PER_PAGE = 500;
/** Periods of one report. Differs: AWS's own number is unknown. */
export const REPORT_PERIODS_MAX = 100_800;
/** Events that a report looks at. Differs: AWS counts them as they come, without such a number. */
export const REPORT_EVENTS_MAX = 250_000;
/** How often a rule can be switched on before the first time is forgotten. */
export const INSIGHT_SPANS_MAX = 50;
/** Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetInsightRuleReport.html */
export const CONTRIBUTORS_MAX = 100;
export const CONTRIBUTORS_USUAL = 10;
/** Of the contributors of an alarm. Differs: AWS's own number is unknown. */
export const CONTRIBUTORS_PER_PAGE = 100;
