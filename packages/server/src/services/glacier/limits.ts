/**
 * Numbers of Glacier.
 * Source: https://docs.aws.amazon.com/general/latest/gr/glacier-service.html
 */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../kernel/duration.ts";

export const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** In one region of one account. */
export const VAULTS_MAX = 1000;
export const VAULT_NAME_CHARACTERS_MAX = 255;
export const DESCRIPTION_CHARACTERS_MAX = 1024;

/** Of an archive that is uploaded in one piece, and of a part. */
export const UPLOAD_BYTES_MAX = 4 * GIB;
export const PART_BYTES_MAX = 4 * GIB;
export const PARTS_MAX = 10_000;
/** Without activity. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/uploading-archive-mpu.html */
export const UPLOAD_IDLE_MS = DAY_MS;

/** Each archive counts with what Glacier keeps about it. Source: https://aws.amazon.com/s3/glacier/pricing/ (32 KB for index and metadata) */
export const ARCHIVE_OVERHEAD_BYTES = 32 * 1024;

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/vault-inventory.html */
export const INVENTORY_EVERY_MS = DAY_MS;
/** An inventory that names an archive may be retrieved for a day after its deletion, which takes hours, and be kept for a day. */
export const DELETED_NAMED_MS = 3 * DAY_MS;

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-job-output-get.html */
export const JOB_OUTPUT_KEPT_MS = DAY_MS;

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-InitiateVaultLock.html */
export const LOCK_MS = DAY_MS;
/** Of an access policy, and of a lock's. Source: same page */
export const POLICY_BYTES_MAX = 20 * 1024;

/**
 * How long each kind of retrieval takes, at the longest that AWS says it usually does.
 * Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/downloading-an-archive-two-steps.html
 */
export const RETRIEVAL_MS = { Expedited: 5 * MINUTE_MS, Standard: 5 * HOUR_MS, Bulk: 12 * HOUR_MS } as const;

/** Ten gigabytes a month, by the day. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/data-retrieval-policy.html */
export const FREE_BYTES_PER_DAY = Math.floor((10 * GIB) / 30);

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-PurchaseProvisionedCapacity.html */
export const CAPACITY_UNITS_MAX = 2;

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-vaults-get.html */
export const VAULTS_PER_PAGE = 10;
/** Of jobs, uploads and parts. Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/api-jobs-get.html */
export const ROWS_PER_PAGE = 50;

/** Source: https://docs.aws.amazon.com/amazonglacier/latest/dev/tagging.html */
export const TAG_KEY_CHARACTERS_MAX = 128;
export const TAG_VALUE_CHARACTERS_MAX = 255;
