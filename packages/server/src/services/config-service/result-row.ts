/** What evaluations found, by rule and by resource. */
import type { ComplianceType } from "@aws-sdk/client-config-service";
import { table, type Transaction } from "../../kernel/table.ts";

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

const ROWS = 500;

/** All results of a rule, in the order of resources. */
export async function* resultsOf(rule: string, tx: Transaction): AsyncGenerator<Result> {
  for (let after: readonly string[] | undefined; ;) {
    const rows = await tx.scan(results, { prefix: [rule], after, limit: ROWS });
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined) return;
    after = [last.rule, last.type, last.id];
  }
}

/** What there was. */
export async function clearResults(rule: string, tx: Transaction): Promise<readonly Result[]> {
  const all: Result[] = [];
  for await (const result of resultsOf(rule, tx)) all.push(result);
  for (const result of all) deleteResultRow(result, tx);
  return all;
}
