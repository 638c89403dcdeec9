/** Data that gets coarser with age, and goes in the end. */
import type { Context } from "../../service/context.ts";
import { data, keepValues, KEPT, spans, type Resolution } from "./datum.ts";

/** Rows that one run of the job takes. */
const ROWS = 1440;

interface Aged {
  readonly id: string;
  readonly resolution: Resolution;
  readonly fromMs: number;
}

/** The job: sums the rows of a span up into those of the next resolution. */
export async function age(context: Context, key: string, payload: unknown): Promise<void> {
  const span = payload as Aged;
  const { id, resolution, fromMs } = span;
  const { spanMs, next } = KEPT[resolution];
  const range = { from: [id, resolution, fromMs], before: [id, resolution, fromMs + spanMs], limit: ROWS };
  const rows = await context.tx.scan(data, range);
  for (const row of rows) {
    context.tx.delete(data, id, resolution, row.atMs, row.unit);
    if (next !== undefined) await keepValues({ ...row, resolution: next }, context);
  }
  if (rows.length === ROWS) context.at(context.now().getTime(), "age", key, span);
  else context.tx.delete(spans, id, resolution, fromMs);
}
