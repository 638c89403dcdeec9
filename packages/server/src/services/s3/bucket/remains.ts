/** Rows that say something of a bucket beside its own: they go with it. */
import type { Table } from "../../../kernel/table.ts";
import type { Context } from "../../../service/context.ts";
import { corsRows } from "../cors/configuration.ts";
import { lifecycles } from "../lifecycle/rule.ts";
import { tierings } from "../lifecycle/tiering.ts";
import { clearConfiguration } from "../metadata-table/clearing.ts";
import { metadataConfigurations } from "../metadata-table/row.ts";
import { notifications } from "../notification/configuration.ts";
import { sequencers } from "../notification/notify.ts";
import { replications } from "../replication/row.ts";
import { analyses, analysisRuns } from "../report/analysis-run.ts";
import { inventories, inventoryRuns } from "../report/inventory-row.ts";
import { metrics } from "../report/metrics.ts";
import { websites } from "../website/configuration.ts";

/** All begin with the bucket's name. */
const TABLES: readonly Table<never>[] = [
  lifecycles,
  tierings,
  notifications,
  sequencers,
  analyses,
  analysisRuns,
  inventories,
  inventoryRuns,
  metrics,
  replications,
  corsRows,
  websites,
];

const ROWS_AT_ONCE = 1000;

export async function clearRemains(bucket: string, { tx }: Pick<Context, "tx">): Promise<void> {
  const watched = await tx.get(metadataConfigurations, bucket);
  if (watched !== undefined) await clearConfiguration(watched, { tx });
  for (const table of TABLES) {
    while ((await tx.clear(table, { prefix: [bucket], limit: ROWS_AT_ONCE })) === ROWS_AT_ONCE);
  }
}
