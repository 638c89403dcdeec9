/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_RecordExpiration.html */
export const RECORD_DAYS_MIN = 7;

/** Records that one step writes. */
export const JOURNAL_RECORDS_PER_FILE = 5000;
/** Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_InventoryTableConfigurationResult.html (within one hour) */
export const INVENTORY_MINUTES = 60;
export const INVENTORY_ROWS_PER_FILE = 2000;
