/** Archive rules as rows. */
import { table, type Transaction } from "../../../kernel/table.ts";
import type { Filter } from "../filter.ts";
import { ARCHIVE_RULES_MAX } from "../limits.ts";

export interface ArchiveRule {
  readonly analyzer: string;
  readonly name: string;
  readonly filter: Filter;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  /** Of the call that made it. */
  readonly clientToken?: string | undefined;
}

export const archiveRules = table<ArchiveRule>("accessanalyzer.archive-rule", "region", ({ analyzer, name }) => [
  analyzer,
  name,
]);

export const rulesOf = (analyzer: string, tx: Transaction): Promise<ArchiveRule[]> =>
  tx.scan(archiveRules, { prefix: [analyzer], limit: ARCHIVE_RULES_MAX });
