/** What a retrieval takes of what the data retrieval policy leaves, for as long as its job is known. */
import { table } from "../../../kernel/table.ts";

export interface Retrieval {
  readonly startedAtMs: number;
  readonly jobId: string;
  readonly bytes: number;
}

export const retrievals = table<Retrieval>("glacier.retrieval", "region", ({ startedAtMs, jobId }) => [
  startedAtMs,
  jobId,
]);
