/** Changes of objects that are not in the journal's table yet. */
import { table } from "../../../kernel/table.ts";
import type { ObjectRow } from "./object-row.ts";

/** Times in milliseconds. */
export interface JournalRecord extends ObjectRow {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly sequence_number: string;
  readonly record_type: "CREATE" | "UPDATE_METADATA" | "DELETE";
  readonly record_timestamp: number;
  readonly requester?: string;
  readonly source_ip_address?: string;
  readonly request_id?: string;
}

export const journalRecords = table<JournalRecord>("s3.journal-record", "global", ({ bucket, id }) => [bucket, id]);
