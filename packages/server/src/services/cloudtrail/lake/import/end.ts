/**
 * Imports are shown as long as the store is there that they filled.
 * Differs: how long AWS shows them is unknown.
 */
import type { Context } from "../../../../service/context.ts";
import type { Job } from "../../../../service/service.ts";
import { stores, type Store } from "../store/row.ts";
import { deleteImport, failures, imports } from "./row.ts";

const FORGET_IMPORTS = "forgetImports";

const IMPORTS_AT_ONCE = 100;
const FAILURES_AT_ONCE = 5000;

export const forgetImportsLater = ({ account, region }: Store, context: Context): void =>
  context.at(context.now().getTime(), FORGET_IMPORTS, `${account}/${region}`);

/** Takes away those of stores that are gone, so many at a time. The key is where, and behind which import. */
export const forgetImports: Job = async (context, key) => {
  const { tx } = context;
  const [account = "", region = "", start] = key.split("/");
  const after = start === undefined ? undefined : [account, region, start];
  const rows = await tx.scan(imports, { prefix: [account, region], after, limit: IMPORTS_AT_ONCE });
  for (const row of rows) {
    if ((await tx.get(stores, account, region, row.store)) !== undefined) continue;
    if ((await tx.clear(failures, { prefix: [row.id], limit: FAILURES_AT_ONCE })) === FAILURES_AT_ONCE)
      return context.at(context.now().getTime(), FORGET_IMPORTS, key);
    await deleteImport(row, tx);
  }
  const last = rows.at(-1);
  if (last === undefined || rows.length < IMPORTS_AT_ONCE) return;
  context.at(context.now().getTime(), FORGET_IMPORTS, `${account}/${region}/${last.id}`);
};
