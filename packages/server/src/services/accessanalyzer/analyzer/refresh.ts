/**
 * Brings the findings of an analyzer up to date: when somebody reads them.
 * Differs: AWS looks at a resource within about half an hour after it changed, and at all of them each day. What came
 * and went between two readings has left no finding here.
 */
import type { Context } from "../../../service/context.ts";
import type { Analyzer } from "./row.ts";
import { scanAll } from "../external/scan.ts";
import { scanUnused } from "../unused/scan.ts";
import { zoneOf } from "./zone.ts";

/** Does nothing where the analyzer is not active. */
export async function refresh(analyzer: Analyzer, context: Context): Promise<void> {
  const zone = await zoneOf(analyzer, context);
  if (zone === undefined) return;
  if (analyzer.kind === "external") await scanAll(analyzer, zone, context);
  else await scanUnused(analyzer, zone, context);
}
