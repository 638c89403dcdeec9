import { DAY_MS } from "../../../kernel/duration.ts";

/** Numbers of IAM Identity Center. Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html */
export const LIMITS_PAGE = "https://docs.aws.amazon.com/singlesignon/latest/userguide/limits.html";

/** Source: https://github.com/getmoto/moto/blob/master/tests/test_ssoadmin/test_ssoadmin_policies.py (20 managed policies) */
export const MANAGED_POLICIES_MAX = 20;
export const REFERENCES_MAX = 20;
export const PERMISSION_SETS_MAX = 2000;
export const APPLICATIONS_MAX = 500;
export const ISSUERS_MAX = 10;

/** Source: https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_ListPermissionSets.html (MaxResults) */
export const PAGE_ROWS_MAX = 100;

/** Source: https://docs.aws.amazon.com/singlesignon/latest/userguide/howtosessionduration.html */
export const SESSION_SECONDS_MIN = 3600;
export const SESSION_SECONDS_MAX = 43_200;
export const SESSION_USUAL = "PT1H";

/** How long an assignment or a provisioning takes here: long enough to be seen under way. */
export const WORK_MS = 1000;

/** How long one can ask how an assignment or a provisioning ended. AWS does not say how long that is there. */
export const REQUEST_KEPT_MS = 30 * DAY_MS;
