/** What evaluations found, by rule and by resource. */
import type { ComplianceType } from "@aws-sdk/client-config-service";
import { everyRow } from "../../../kernel/every-row.ts";
import { table, type Transaction } from "../../../kernel/table.ts";

export interface Result {
  readonly rule: string;
  readonly type: string;
  readonly id: string;
  readonly compliance: ComplianceType;
  readonly annotation?: string;
  readonly orderedAtMs: number;
  readonly invokedAtMs: number;
  readonly recordedAtMs: number;
}

export const results = table<Result>("config.result", "region", ({ rule, type, id }) => [rule, type, id]);
export const resultsByResource = table<Result>("config.result-of", "region", ({ type, id, rule }) => [type, id, rule]);

export function putResultRow(result: Result, tx: Transaction): void {
  tx.put(results, result);
  tx.put(resultsByResource, result);
}

export function deleteResultRow({ rule, type, id }: Result, tx: Transaction): void {
  tx.delete(results, rule, type, id);
  tx.delete(resultsByResource, type, id, rule);
}

/** All results of a rule, in the order of resources. */
export const resultsOf = (rule: string, tx: Transaction): Promise<Result[]> =>
  Array.fromAsync(everyRow(tx, results, { prefix: [rule] }));

/** What there was. */
export async function clearResults(rule: string, tx: Transaction): Promise<readonly Result[]> {
  const all = await resultsOf(rule, tx);
  for (const result of all) deleteResultRow(result, tx);
  return all;
}
