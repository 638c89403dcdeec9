/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html */
export const RECORD_DAYS_MIN = 7;

/** Records that one step writes. */
export const JOURNAL_RECORDS_PER_FILE = 5000;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html (within one hour) */
export const LISTING_MINUTES = 60;
export const LISTING_ROWS_PER_FILE = 2000;
/** Rows with long texts are in several files. */
export const LISTING_CHARACTERS_PER_FILE = 8 * 1024 * 1024;
