/**
 * Numbers of RAM.
 * Source: https://docs.aws.amazon.com/ram/latest/userguide/service-quotas.html
 * Differs: how many shares and associations a region may have is not counted.
 */
import { DAY_MS, HOUR_MS } from "../../kernel/duration.ts";

export const RESOURCES_PER_SHARE_MAX = 5000;
export const PRINCIPALS_PER_SHARE_MAX = 5000;
export const PERMISSIONS_PER_TYPE_MAX = 10;
export const PERMISSION_VERSIONS_MAX = 5;
/** Per account that shares. */
export const PENDING_INVITATIONS_MAX = 20;

/** Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_AssociateResourceShare.html (ResourceShareLimitExceededException) */
export const RESOURCES_PER_CALL_MAX = 100;

/** Source: https://docs.aws.amazon.com/ram/latest/APIReference/API_ListResources.html */
export const PAGE_ROWS_MAX = 500;

/** Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-shared-invitations.html */
export const INVITATION_MS = 12 * HOUR_MS;
/** Where a share has resources only of the types that are kept open so long. */
export const LONG_INVITATION_MS = 7 * DAY_MS;

/** How long what is over is shown. Source: https://docs.aws.amazon.com/ram/latest/userguide/working-with-sharing-delete.html */
export const GONE_SHOWN_MS = 2 * HOUR_MS;

/** More than the rows of one kind that a share, or an account in one region, may have. */
export const ALL_ROWS = 25_000;
