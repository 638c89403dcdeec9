/** Source: https://docs.aws.amazon.com/config/latest/developerguide/configlimits.html */
export const RULES_MAX = 1000;
export const AGGREGATORS_MAX = 50;
/** The usual sizes of pages are assumed; the largest are the model's. */
export const PAGE = { usual: 25, max: 100 } as const;
export const HISTORY_PAGE = { usual: 10, max: 100 } as const;
export const AGGREGATOR_PAGE = { usual: 100, max: 100 } as const;
/** Of compliance counts. Source: https://docs.aws.amazon.com/config/latest/APIReference/API_ComplianceContributorCount.html */
export const COUNT_CAP = 25;
export const SUMMARY_CAP = 100;
/** Source: https://docs.aws.amazon.com/config/latest/developerguide/delete-config-data-with-retention-period.html */
export const RETENTION_DAYS_USUAL = 2557;
/** Source: https://docs.aws.amazon.com/config/latest/developerguide/view-delivery-channel.html (history files) */
export const HISTORY_HOURS = 6;
export const PACKS_MAX = 50;
export const PACK_RULES_MAX = 130;
/** Source: https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html (TemplateS3Uri) */
export const TEMPLATE_BYTES_MAX = 300 * 1024;
export const PACK_PAGE = { usual: 20, max: 20 } as const;
export const PACK_RULE_PAGE = 1000;
export const ORGANIZATION_PACKS_MAX = 50;
export const ORGANIZATION_RULES_MAX = 1000;
/** Source: https://docs.aws.amazon.com/config/latest/developerguide/config-rule-multi-account-deployment.html (accounts that come later) */
export const SPREAD_HOURS = 7;
export const EXCEPTION_PAGE = { usual: 25, max: 25 } as const;
/** What a call takes as a body. */
export const TEMPLATE_CHARACTERS_MAX = 51_200;
