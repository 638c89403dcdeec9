/** Data that gets coarser with age, and goes in the end. */
import { assert } from "../../kernel/assert.ts";
import type { Context } from "../../service/context.ts";
import { AGE_JOB, data, keepValues, KEPT, RESOLUTIONS, spans } from "./datum.ts";

/** Rows that one run of the job takes. */
const ROWS = 1440;

/** The job: sums the rows of a span up into those of the next resolution. The key is the metric, the resolution and the time. */
export async function age(context: Context, key: string): Promise<void> {
  const [id = "", seconds, from] = key.split("/");
  const resolution = RESOLUTIONS.find((each) => each === Number(seconds));
  assert(resolution !== undefined, "data is of a known resolution");
  const fromMs = Number(from);
  const { spanMs, next } = KEPT[resolution];
  const range = { from: [id, resolution, fromMs], before: [id, resolution, fromMs + spanMs], limit: ROWS };
  const rows = await context.tx.scan(data, range);
  for (const row of rows) {
    context.tx.delete(data, id, resolution, row.atMs, row.unit);
    if (next !== undefined) await keepValues({ ...row, resolution: next }, context);
  }
  if (rows.length === ROWS) context.at(context.now().getTime(), AGE_JOB, key);
  else context.tx.delete(spans, id, resolution, fromMs);
}
