/**
 * What of an account's concurrency is taken, at any time: in use by functions that have none of their own, or set apart.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html#claimed-account-concurrency
 */
import { MINUTE_MS } from "../../../kernel/duration.ts";
import type { Context } from "../../../service/context.ts";
import type { FindGauge } from "../../../service/measure.ts";
import { reservedSum } from "./row.ts";
import { functions } from "../function/row.ts";
import { provisions } from "./provision-row.ts";
import { sharedBy } from "../invocation/run.ts";

export const gauge: FindGauge = ({ name, dimensions }, context) => {
  if (name !== "ClaimedAccountConcurrency" || Object.keys(dimensions).length > 0) return undefined;
  return { unit: "Count", everyMs: MINUTE_MS, read: () => claimed(context) };
};

async function claimed(context: Context): Promise<number> {
  const inUse = context.functions.running(sharedBy(context));
  return inUse + (await reservedSum(context.tx)) + (await provisionedApart(context));
}

const ROWS_AT_ONCE = 1000;

/** Of functions with reserved concurrency it is a part of that. */
async function provisionedApart({ tx }: Context): Promise<number> {
  let sum = 0;
  let after: readonly [string, string] | undefined;
  for (;;) {
    const rows = await tx.scan(provisions, { after, limit: ROWS_AT_ONCE });
    for (const { name, qualifier, requested } of rows) {
      const of = await tx.get(functions, name);
      if (of?.reservedConcurrency === undefined) sum += requested;
      after = [name, qualifier];
    }
    if (rows.length < ROWS_AT_ONCE) return sum;
  }
}
