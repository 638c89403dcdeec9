/** What goes with a function, a version or an alias that is taken away. */
import { everyRow } from "../../../kernel/every-row.ts";
import type { Table, Transaction } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { waitingEvents } from "../asynchronous/row.ts";
import { aliases, versions, type LambdaFunction } from "./row.ts";
import { policies } from "../policy/row.ts";
import { invokeConfigs } from "../asynchronous/invoke-config-row.ts";
import { provisions } from "../concurrency/provision-row.ts";
import { forgetUrls } from "../url/row.ts";

const ROWS = 500;

const homeOf = ({ account, region }: LambdaFunction, tx: Transaction): Transaction => tx.in({ account, region });

export async function forgetFunction(of: LambdaFunction, context: Context): Promise<void> {
  const tx = homeOf(of, context.tx);
  context.blobs.drop(of.latest.code.blob);
  for await (const { code } of everyRow(tx, versions, { prefix: [of.name] })) context.blobs.drop(code.blob);
  await forgetUrls(of.name, undefined, tx);
  for (const rows of [versions, aliases, policies, invokeConfigs, provisions, waitingEvents])
    await clear(rows, of.name, tx);
}

/** Of one version or alias. */
export async function forgetQualifier(of: LambdaFunction, qualifier: string, context: Context): Promise<void> {
  const tx = homeOf(of, context.tx);
  await forgetUrls(of.name, qualifier, tx);
  tx.delete(policies, of.name, qualifier);
  tx.delete(invokeConfigs, of.name, qualifier);
  tx.delete(provisions, of.name, qualifier);
}

async function clear(from: Table<never>, name: string, tx: Transaction): Promise<void> {
  while ((await tx.clear(from, { prefix: [name], limit: ROWS })) === ROWS);
}
